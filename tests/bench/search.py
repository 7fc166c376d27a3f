"""How long a search takes, beside building its index: 5 ms of work is the most it may take. Part of `make bench`."""

import time

import django

MOST = 5  # ms


def main() -> None:
    django.setup()
    from producerguide.finding import index
    from tests.test_finding import PHRASES

    begun = time.thread_time()
    found = index()
    found.find("warm")
    built = 1000 * (time.thread_time() - begun)
    taken = []
    for query in PHRASES:
        begun = time.thread_time()
        found.find(query)
        taken.append(1000 * (time.thread_time() - begun))
    mean = sum(taken) / len(taken)
    print(
        f"A search: {mean:.1f} ms on average, {max(taken):.1f} at most; at most {MOST} on average. The index: {built:.0f} ms."
    )
    if mean > MOST:
        raise SystemExit("The search is too slow.")


if __name__ == "__main__":
    main()
