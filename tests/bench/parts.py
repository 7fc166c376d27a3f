"""How long a search and a plan take, in milliseconds of work. Part of `make bench`."""

import time
from collections.abc import Callable, Iterable
from typing import Any

import django

MOST_SEARCH, MOST_PLAN = 5, 0.5


def main() -> None:
    django.setup()
    from producerguide.finding import index
    from quiz import plan
    from quiz.catalogue import catalogue
    from tests.test_finding import PHRASES

    content = catalogue()
    routes = [(role,) for role in content.roles] + [("bedroom", "studio"), ("bedroom", "mix")]
    accents = {role: (None, *content.roles[role].accents) for role in content.roles}
    asked = [(route, accent, hours) for route in routes for accent in accents[route[-1]] for hours in (2, 5, 10, 20)]
    built = each(lambda _: index().find("warm"), [""])
    searched = each(lambda phrase: index().find(phrase), PHRASES)
    first, kept = (each(lambda given: plan.build(*given, content), asked) for _ in range(2))
    print(f"A search: {mean(searched):.1f} ms on average (at most {MOST_SEARCH}), {max(searched):.1f} at most.")
    print(f"The index of the search: {mean(built):.0f} ms, once.")
    print(f"A plan: {mean(first):.1f} ms the first time, then {mean(kept):.3f} ms (at most {MOST_PLAN}).")
    if mean(searched) > MOST_SEARCH or mean(kept) > MOST_PLAN:
        raise SystemExit("That is too slow.")


def each(work: Callable[[Any], object], asked: Iterable[Any]) -> list[float]:
    taken = []
    for given in asked:
        begun = time.thread_time()
        work(given)
        taken.append(1000 * (time.thread_time() - begun))
    return taken


def mean(taken: list[float]) -> float:
    return sum(taken) / len(taken)


if __name__ == "__main__":
    main()
