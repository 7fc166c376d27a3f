"""The bodies of requests, read before they can hold a thread that pages need.

A client may send half a body and wait as long as it likes, and the server reads a body in the thread of its request. So there are many
threads, and all but those that pages need may wait for a body. Where none of them is free the body is left unread, and a page says so.
The application is in a few threads of its own, which answer in the order of arrival: the deep stack of a render would stay in memory for
each thread that ever had one.
"""

from collections.abc import Iterable
from io import BytesIO
from queue import SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import Any

from producerguide.caching import SAFE, Headers
from producerguide.environ import App, Environ, content_length

RETRY_SECONDS = 10

Answer = tuple[Iterable[bytes], BaseException | None]  # chunks, or what the application raised


class Bodies:
    """`waiting` is how many threads may wait for a body, `answering` how many the application has; a longer body than
    `most_bytes` is left for the application to refuse. `busy` is the page for whom there is no thread, `headers` its headers."""

    def __init__(
        self, app: App, *, waiting: int, answering: int, most_bytes: int, busy: bytes, headers: Headers
    ) -> None:
        self._app, self._most_bytes, self._busy, self._headers = app, most_bytes, busy, headers
        self._waiting, self._asked = BoundedSemaphore(waiting), SimpleQueue[tuple[Environ, Any, SimpleQueue[Answer]]]()
        for _ in range(answering):
            Thread(target=self._answer_for_ever, daemon=True).start()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in SAFE:  # nobody reads it, and others may wait for the page
            environ["CONTENT_LENGTH"] = ""
        length = content_length(environ)
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
        answer = SimpleQueue[Answer]()
        self._asked.put((environ, start_response, answer))
        chunks, fault = answer.get()
        if fault:
            raise fault
        return chunks

    def _answer_for_ever(self) -> None:
        while True:
            environ, start_response, answer = self._asked.get()
            try:
                answer.put((whole(self._app(environ, start_response)), None))
            except BaseException as fault:
                answer.put(([], fault))


def whole(chunks: Any) -> Iterable[bytes]:
    """A response of Django, closed here: the thread that made it has its database connection. A stream goes on as it is."""
    if getattr(chunks, "streaming", True):
        return chunks  # type: ignore[no-any-return]
    body = list(chunks)
    chunks.close()
    return body
