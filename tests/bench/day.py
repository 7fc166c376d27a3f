"""`make day`: a simulated day of visitors, to see what share of requests the page cache and a CDN can serve.

The visitors are invented, with the assumptions below. Every request goes through the real WSGI application, in one process, and
the cache's clock is the simulated one.
"""

import os
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import quote_plus
from wsgiref.util import setup_testing_defaults

os.environ["DJANGO_SETTINGS_MODULE"] = "producerguide.settings"

VISITORS = int(os.environ.get("VISITORS", "1000"))
DAY = 24 * 60 * 60
# The shares of visitors who arrive somewhere, or do something.
FROM_SEARCH, FROM_A_FRIEND = 0.45, 0.25  # the rest come to the home page
STARTS, GOES_ON = 0.45, 0.96  # the quiz; after each question
READS_ON, TELLS_FRIENDS = 0.55, 0.3
SEARCHES = 0.05
TRIES = 0.2  # who has a result goes on to all three auditions
KINDS = ("from memory", "rendered", "written")
ADDED = {"of these, searches": r"^/search/", "auditions, and results with them": r"^/try/|tried="}
A_BROWSER = "gzip, deflate, br, zstd"
HTMX = 0.97


@dataclass
class Edge:
    """A CDN in one place, which keeps responses by address and HX-Request for as long as s-maxage says."""

    kept: dict[tuple[str, bool], float] = field(default_factory=dict)
    answered: int = 0

    def ask(self, key: tuple[str, bool], now: float) -> None:
        self.answered += self.kept.get(key, 0) > now


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"STATIC_ROOT": f"{folder}/static", "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("collectstatic", "--no-input", verbosity=0)
        call_command("migrate", verbosity=0)
        replay()


def replay() -> None:
    from producerguide import wsgi
    from producerguide.caching import lifetime
    from quiz.catalogue import catalogue

    cache, edge, what, spent = wsgi.cache, Edge(), Counter(), Counter()
    now = warmed = 0.0
    paths = [*catalogue().pages, "/quiz.json"]
    cache.clock = lambda: now
    cache.app = wsgi.django_application  # in this thread, the time of which is taken
    cache.log = lambda *words, **more: None
    cache.pages.clear()
    cache.warm(paths, "127.0.0.1")
    for now, method, path, htmx in sorted(requests(random.Random(20261125), catalogue())):
        if now > warmed + wsgi.WARM_SECONDS:
            warmed = now
            cache.warm(paths, "127.0.0.1")
        key, before = (path, htmx), cache.hits
        if method == "GET":
            edge.ask(key, now)
        started = time.thread_time()
        status, headers = answer(cache, method, path, htmx)
        seconds = time.thread_time() - started
        how = "from memory" if cache.hits > before else "rendered" if method == "GET" else "written"
        for kind in (how, *(name for name, address in ADDED.items() if re.search(address, path))):
            what[kind] += 1
            spent[kind] += seconds
        what["not 200, 302 or 303"] += status[:3] not in ("200", "302", "303")
        if method == "GET" and (seconds := lifetime(status, headers)):
            edge.kept[key] = max(edge.kept.get(key, 0), now + seconds)
    total = sum(what[kind] for kind in KINDS)
    print(f"{VISITORS:,} visitors, {total:,} requests without static files, {total / VISITORS:.1f} each\n")
    print("| requests | share | CPU µs each |\n|---|--:|--:|")
    for kind in (*KINDS, *ADDED):
        print(f"| {kind} | {100 * what[kind] / total:.1f} % | {1e6 * spent[kind] / what[kind]:,.0f} |")
    print(f"| served by a CDN in one place | {100 * edge.answered / total:.1f} % | |")
    print(f"| neither 200 nor a redirect | {what['not 200, 302 or 303']} | |")


def requests(draw: random.Random, content: object) -> Iterator[tuple[float, str, str, bool]]:
    from tests.bench.codes import code
    from tests.test_finding import PHRASES

    pages = [path for path in content.pages if path != "/"]  # type: ignore[attr-defined]
    popular = [1 / (rank + 1) for rank in range(len(pages))]  # the second page half as often as the first, and so on
    shared: list[str] = [code(draw) for _ in range(3)]
    for arrived in sorted(arrival(draw) for _ in range(VISITORS)):
        now, where = arrived, draw.random()
        if where < FROM_SEARCH:
            yield now, "GET", draw.choices(pages, popular)[0], False
        elif where < FROM_SEARCH + FROM_A_FRIEND:
            yield now, "GET", f"/result/{draw.choice(shared[-50:])}/", False
        else:
            yield now, "GET", "/", False
        while draw.random() < READS_ON:
            now += draw.expovariate(1 / 60)
            yield now, "GET", draw.choices(pages, popular)[0], False
        if draw.random() < SEARCHES:
            phrase = draw.choice([*PHRASES])
            for typed in sorted(draw.sample(range(2, len(phrase) + 1), 3)):
                now += 1
                yield now, "GET", f"/search/?q={quote_plus(phrase[:typed])}", True
        if draw.random() < STARTS:
            yield from quiz(draw, now, code(draw), shared)


def quiz(draw: random.Random, now: float, answers: str, shared: list[str]) -> Iterator[tuple[float, str, str, bool]]:
    """Questions until the visitor leaves or finishes; then the result, which may be shared."""
    htmx = draw.random() < HTMX
    yield now, "GET", "/quiz/", False
    for number in range(1, len(answers) - 2):
        if draw.random() > GOES_ON:
            return
        now += draw.expovariate(1 / 12)
        yield now, "GET", f"/quiz/?a={answers[:number]}&pick={answers[number]}", htmx
        if not htmx:
            yield now, "GET", f"/quiz/?a={answers[: number + 1]}", False
    now += 6
    yield now, "POST", f"/quiz/finish/?a={answers[:-1]}", htmx
    yield now, "GET", f"/result/{answers}/", False
    if draw.random() < TELLS_FRIENDS:
        shared.append(answers)
        yield now + 60, "GET", f"/result/{answers}/card.png", False
    if draw.random() < TRIES:
        yield from auditions(draw, now + 60, answers)


def auditions(draw: random.Random, now: float, code: str) -> Iterator[tuple[float, str, str, bool]]:
    """One after the other, and back to the result."""
    from quiz import tried as tries
    from quiz.catalogue import catalogue

    tried: tries.Tried = {}
    for role in tries.ROOMS:
        said = tries.build(tried, tries.ROOMS)
        asked = f"?r={code}&tried={said}" if said else f"?r={code}"
        address = f"/try/{catalogue().roles[role].slug}/"
        yield now, "GET", f"/try/{asked}", False
        yield now + 5, "GET", address + asked, False
        now += 95
        told = tries.Told(draw.randint(1, 4), draw.randrange(3))
        said = f"&liked={told.liked}&evening={told.evening}&take={draw.randbytes(8).hex()}"
        yield now, "POST", f"{address}done/{asked}{said}", False
        tried[role] = told
    yield now, "GET", f"/result/{code}/?tried={tries.build(tried, tries.ROOMS)}", False


def arrival(draw: random.Random) -> float:
    """Most in the evening, few at night."""
    return draw.triangular(0, DAY, 0.8 * DAY)


def answer(cache: object, method: str, path: str, htmx: bool) -> tuple[str, list[tuple[str, str]]]:
    address, _, query = path.partition("?")
    body = query.encode() if method == "POST" else b""
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": address,
        "QUERY_STRING": "" if method == "POST" else query,
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_ACCEPT_ENCODING": A_BROWSER,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        **({"HTTP_HX_REQUEST": "true"} if htmx else {}),
    }
    setup_testing_defaults(environ)
    responses: list[tuple[str, list[tuple[str, str]]]] = []
    chunks = cache(environ, lambda status, headers, error=None: responses.append((status, headers)))  # type: ignore[operator]
    b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    return responses[0]


if __name__ == "__main__":
    main()
