"""The bodies of requests, read before they can hold a thread that pages need.

A client may send half a body and wait as long as it likes, and the server reads a body in the thread of its request. So there are many
threads, and all but those that pages need may wait for a body. Where none of them is free the body is left unread, and a page says so.
The application is in a few threads of its own, which answer in the order of arrival: the deep stack of a render would stay in memory for
each thread that ever had one.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

from producerguide.caching import Headers
from producerguide.environ import App, Environ

RETRY_SECONDS = 10


class Bodies:
    """`waiting` is how many threads may wait for a body, `answering` how many the application has; a longer body than
    `most_bytes` is left for the application to refuse. `busy` is the page for whom there is no thread, `headers` its headers."""

    def __init__(
        self, app: App, *, waiting: int, answering: int, most_bytes: int, busy: bytes, headers: Headers
    ) -> None:
        self._app, self._most_bytes, self._busy, self._headers = app, most_bytes, busy, headers
        self._waiting, self._answering = BoundedSemaphore(waiting), ThreadPoolExecutor(answering)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if 0 < length <= self._most_bytes:
            if not self._waiting.acquire(blocking=False):
                start_response("503 Service Unavailable", [*self._headers, ("Retry-After", str(RETRY_SECONDS))])
                return [self._busy]
            try:
                body = environ["wsgi.input"].read(length)
            finally:
                self._waiting.release()
            if len(body) < length:  # the client went away, or its connection broke
                start_response("400 Bad Request", [*self._headers])
                return [b""]
            environ["wsgi.input"] = BytesIO(body)
        return self._answering.submit(self._app, environ, start_response).result()
