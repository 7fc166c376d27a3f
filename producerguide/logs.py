"""One JSON line for each request and each message. A request's line has nothing about its visitor: no address, query or code."""

import itertools
import json
import logging
import os
import re
from collections import deque
from contextlib import suppress
from contextvars import ContextVar
from threading import Event, Lock
from time import gmtime, perf_counter, strftime, time
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from django.http import HttpRequest

# A batch is small enough to stay in the processor's cache, where the next one takes its place.
FLUSH_SECONDS, FLUSH_LINES = 1.0, 256
MOST_LINES = 100_000  # some 15 MB, where they cannot be written
LEAST_REMOVED = 8  # characters; shorter parts of an address are words such as "result"
UTC = "%Y-%m-%dT%H:%M:%SZ"

# The process and a count: enough to find the messages of a request, not enough to follow a visitor.
_process = f"{os.getpid():x}-{int(time()):x}"
_count = itertools.count(1)
request_id: ContextVar[str] = ContextVar("request_id", default="")


def new_request_id() -> str:
    return f"{_process}-{next(_count):x}"


def ending(route: str, status: int, cache: str) -> str:
    """What all lines of a kind end with, but for their milliseconds."""
    return f'", "route": "{route}", "status": {status}, "cache": "{cache}", "ms": '


class RequestLog:
    """Collects lines and writes them together: a `write` for each request costs as much as sending a kept page."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lines: deque[str] = deque(maxlen=MOST_LINES)
        self._full, self._writing = Event(), Lock()
        self._start, self._next_second = "", 0.0

    def add(self, end: str, started: float, id_: str = "") -> None:
        """`end` is an `ending`, `started` the `perf_counter` of the request's arrival. Django gives its requests an id; others get one here."""
        now = perf_counter()
        if now >= self._next_second:
            wall = time()
            self._start, self._next_second = f'{{"time": "{strftime(UTC, gmtime(wall))}", "id": "', now + 1 - wall % 1
        seconds = now - started
        # To format a number takes as long as to find a kept page, for which it is nearly always the same.
        ms = "0.0" if seconds < 0.00005 else f"{1000 * seconds:.1f}"
        self._lines.append(f"{self._start}{id_ or new_request_id()}{end}{ms}}}\n")
        if not len(self._lines) % FLUSH_LINES:
            self._full.set()

    def flush(self) -> None:
        self._full.clear()
        with self._writing:
            self._stream.write("".join([self._lines.popleft() for _ in range(len(self._lines))]).encode())
            self._stream.flush()

    def flush_for_ever(self, stopped: Event) -> None:
        while not stopped.is_set():
            self._full.wait(FLUSH_SECONDS)
            # Such as a full disk: what could not be written is lost, and the next lines are tried again.
            with suppress(OSError):
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


def _without_address(line: str, request: "HttpRequest | None") -> str:
    """The line of a fault without the address, the query and the form of its request, which may hold a visitor's answers."""
    if request is None:
        return line
    query = request.META.get("QUERY_STRING", "")
    form: Any = request.__dict__.get("_post") or {}  # where it was read; to read it now might fail
    parts = [*request.path.split("/"), *re.findall(r"=([^&]+)", query), *(value for _, value in parse_qsl(query))]
    for part in [*parts, *(value for name in form for value in form.getlist(name))]:
        if len(part) >= LEAST_REMOVED:
            line = line.replace(json.dumps(part)[1:-1], "…")
    return line
