"""One JSON line a request and one a message. A request's line holds nothing of its visitor: no address, no query, no code."""

import itertools
import json
import logging
import os
from collections.abc import Callable
from contextvars import ContextVar
from threading import Event
from time import gmtime, perf_counter, strftime, time
from typing import Any, BinaryIO

from django.http import HttpRequest, HttpResponse

FLUSH_SECONDS = 1.0

# Process and count: enough to find the messages of a request, and nothing that follows a visitor.
_process = f"{os.getpid():x}-{int(time()):x}"
_count = itertools.count(1)
request_id: ContextVar[str] = ContextVar("request_id", default="")


def new_request_id() -> str:
    return f"{_process}-{next(_count):x}"


def identify(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that leaves the id and the route of a request for its line."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.META["producerguide.id"] = new_request_id()
        request_id.set(request.META["producerguide.id"])
        response = get_response(request)
        if request.resolver_match:
            request.META["producerguide.route"] = request.resolver_match.view_name
        return response

    return middleware


class RequestLog:
    """Lines are written together once a second: one `write` a request would cost as much as sending a kept page does."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._second = (0, "")

    def __call__(self, environ: dict[str, Any], status: int, started: float, cache: str, route: str = "") -> None:
        """`started` is what `time.perf_counter` gave when the request came; Django has left route and id in `environ`."""
        now = time()
        second, stamp = self._second
        if int(now) != second:
            second, stamp = self._second = int(now), strftime("%Y-%m-%dT%H:%M:%S", gmtime(now))
        id_ = environ.get("producerguide.id") or new_request_id()
        route = route or environ.get("producerguide.route", "none")
        self._stream.write(
            f'{{"time": "{stamp}.{int(now % 1 * 1000):03}Z", "id": "{id_}", "route": "{route}", "status": {status}, '
            f'"ms": {(perf_counter() - started) * 1000:.1f}, "cache": "{cache}"}}\n'.encode()
        )

    def flush_for_ever(self, stopped: Event) -> None:
        while not stopped.wait(FLUSH_SECONDS):
            self._stream.flush()


class JsonFormatter(logging.Formatter):
    """A message as one JSON line, with the id of the request that it belongs to. JSON escapes what could end a line."""

    def format(self, record: logging.LogRecord) -> str:
        stamp = strftime("%Y-%m-%dT%H:%M:%S", gmtime(record.created))
        line = {
            "time": f"{stamp}.{int(record.msecs):03}Z",
            "id": request_id.get(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)
