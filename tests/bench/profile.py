"""`make profile PAGE=/result/CODE/`: where the time of a render goes. CODE is replaced by another code in each render."""

import cProfile
import pstats
import random
import sys
import time
from wsgiref.util import setup_testing_defaults

from django.core.wsgi import get_wsgi_application

RENDERS, SHOWN = 200, 40


def main(page: str) -> None:
    from tests.bench.codes import code

    application, draw = get_wsgi_application(), random.Random(1)
    addresses = [page.replace("CODE", code(draw)) for _ in range(RENDERS)]
    for address in addresses:  # fill the caches
        render(application, address)
    started = time.process_time()
    sizes = [render(application, address) for address in addresses]
    spent = time.process_time() - started
    print(f"{page}: {1000 * spent / RENDERS:.2f} ms of CPU and {sum(sizes) / RENDERS:,.0f} bytes a render; profiled:")
    with cProfile.Profile() as profile:
        for address in addresses:
            render(application, address)
    pstats.Stats(profile).strip_dirs().sort_stats("cumulative").print_stats(SHOWN)


def render(application, address: str) -> int:
    path, _, query = address.partition("?")
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "127.0.0.1"}
    setup_testing_defaults(environ)
    answer = application(environ, lambda status, headers: check(status, address))
    size = sum(map(len, answer))
    answer.close()
    return size


def check(status: str, address: str) -> None:
    if not status.startswith("200"):
        sys.exit(f"{address} answers {status}")


if __name__ == "__main__":
    main(sys.argv[1])
