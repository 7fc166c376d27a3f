"""One JSON line for each request and each message. A request's line has nothing about its visitor: no address, query or code."""

import itertools
import json
import logging
import os
import re
from collections import deque
from contextvars import ContextVar
from threading import Event
from time import gmtime, perf_counter, strftime, time
from typing import BinaryIO

from django.http import HttpRequest

from producerguide.environ import REQUEST_ID, ROUTE, Environ

FLUSH_SECONDS = 1.0
LEAST_REMOVED = 8  # characters; shorter parts of an address are words such as "result"
UTC = "%Y-%m-%dT%H:%M:%SZ"

# The process and a count: enough to find the messages of a request, not enough to follow a visitor.
_process = f"{os.getpid():x}-{int(time()):x}"
_count = itertools.count(1)
request_id: ContextVar[str] = ContextVar("request_id", default="")


def new_request_id() -> str:
    return f"{_process}-{next(_count):x}"


class RequestLog:
    """Collects lines and writes them once a second: a `write` for each request costs as much as sending a kept page."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lines: deque[str] = deque()
        self._stamp, self._next_second = "", 0.0

    def __call__(self, environ: Environ, status: int, started: float, cache: str, route: str = "") -> None:
        """`started` is the `perf_counter` of the request's arrival. A kept page gives its route; Django leaves route and id in `environ`."""
        now = perf_counter()
        if now >= self._next_second:
            wall = time()
            self._stamp, self._next_second = strftime(UTC, gmtime(wall)), now + 1 - wall % 1
        id_ = environ.get(REQUEST_ID) or new_request_id()
        route = route or environ.get(ROUTE, "none")
        self._lines.append(
            f'{{"time": "{self._stamp}", "id": "{id_}", "route": "{route}", "status": {status}, '
            f'"ms": {(now - started) * 1000:.1f}, "cache": "{cache}"}}\n'
        )

    def flush(self) -> None:
        self._stream.write("".join([self._lines.popleft() for _ in range(len(self._lines))]).encode())
        self._stream.flush()

    def flush_for_ever(self, stopped: Event) -> None:
        while not stopped.wait(FLUSH_SECONDS):
            self.flush()


class JsonFormatter(logging.Formatter):
    """A message as one JSON line, with the id of its request. JSON escapes line breaks."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": strftime(UTC, gmtime(record.created)),
            "id": request_id.get(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return _without_address(json.dumps(line), getattr(record, "request", None))


def _without_address(line: str, request: HttpRequest | None) -> str:
    """The line of a fault without the address and the query of its request, which may hold a visitor's answers."""
    parts = (
        [*request.path.split("/"), *re.findall(r"=([^&]+)", request.META.get("QUERY_STRING", ""))] if request else []
    )
    for part in parts:
        if len(part) >= LEAST_REMOVED:
            line = line.replace(json.dumps(part)[1:-1], "…")
    return line
