"""Finished answers kept in memory, ahead of everything else; this layer knows nothing of Django.

A public GET is a pure function of its path, the query parameters that its page reads and whether htmx asks. So it is rendered
once, however many ask at the same time, kept with its compressed forms and a strong ETag for as long as its `s-maxage` says,
and the least recently used answers make room for new ones. A new release is a new process: nothing goes stale.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Set
from contextlib import suppress
from threading import Event, Lock
from time import monotonic, perf_counter
from typing import Any
from wsgiref.util import setup_testing_defaults

from producerguide.environ import PAGES, ROUTE, Environ
from producerguide.forms import LEVELS, Form, Headers, Key, Page, canonical, lifetime, make, page_of, preferred

App = Callable[[Environ, Any], Iterable[bytes]]

SAFE = ("GET", "HEAD")
PATIENCE_SECONDS = 10.0
LONGEST_KEY = 2048  # no page of ours has an address this long


class PageCache:
    """`parameters` gives the query parameters that the page at a path reads, or None where there is no such page."""

    def __init__(
        self,
        app: App,
        *,
        parameters: Callable[[str], Set[str] | None],
        log: Callable[..., None],
        most_bytes: int,
        https: bool = False,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.app, self.parameters, self.log, self.most_bytes, self.https, self.clock = (
            app, parameters, log, most_bytes, https, clock,
        )  # fmt: skip
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.bytes = self.hits = self.misses = 0
        self._rendering: dict[Key, Event] = {}
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        started = perf_counter()
        if environ["REQUEST_METHOD"] not in SAFE or self._insecure(environ):
            return self._pass(environ, start_response, started)
        key = (environ["PATH_INFO"], environ.get("QUERY_STRING", ""), environ.get("HTTP_HX_REQUEST") == "true")
        if len(key[0]) + len(key[1]) > LONGEST_KEY:
            return self._pass(environ, start_response, started)
        if page := self._find(key):
            return self._hit(page, environ, start_response, started)
        parameters = self.parameters(key[0])
        if parameters is None:
            return self._pass(environ, start_response, started)
        key = (key[0], canonical(key[1], parameters), key[2])
        environ["QUERY_STRING"] = key[1]
        if page := self._find(key):
            return self._hit(page, environ, start_response, started)
        return self._render_once(key, environ, start_response, started)

    def warm(self, paths: Iterable[str], host: str) -> None:
        """Render these pages and make their best forms, so that nobody waits for them."""
        for path in paths:
            environ: Environ = {"PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": host, "REMOTE_ADDR": "127.0.0.1"}
            environ["HTTP_X_FORWARDED_PROTO"] = "https"
            setup_testing_defaults(environ)
            page, _, _, chunks = self._render((path, "", False), environ, best=True)
            close(chunks)
            if page and page is not self.pages.get(page.key):
                for encoding in ("identity", *LEVELS) if page.compressible else ("identity",):
                    page.forms[encoding] = make(page, encoding)
                self._keep(page)

    def _insecure(self, environ: Environ) -> bool:
        """Whether this request must be sent on to HTTPS, which Django does."""
        return self.https and environ.get("HTTP_X_FORWARDED_PROTO") != "https"

    def _find(self, key: Key) -> Page | None:
        page = self.pages.get(key)
        if page is None and key[2]:
            page = self.pages.get((key[0], key[1], False))
            page = None if page is None or page.varies else page
        return page if page is not None and page.expires > self.clock() else None

    def _hit(self, page: Page, environ: Environ, start_response: Any, started: float) -> Iterable[bytes]:
        self.hits += 1
        with suppress(KeyError):  # another thread has just made room with it
            self.pages.move_to_end(page.key)
        return self._send(page, environ, start_response, started, "hit")

    def _send(self, page: Page, environ: Environ, start_response: Any, started: float, cache: str) -> Iterable[bytes]:
        encoding = preferred(environ.get("HTTP_ACCEPT_ENCODING", "")) if page.compressible else "identity"
        form = page.forms.get(encoding) or self._make(page, encoding)
        given = environ.get("HTTP_IF_NONE_MATCH")
        if given and (form.etag in given or given == "*"):
            start_response("304 Not Modified", form.unchanged)
            self.log(environ, 304, started, cache, page.route)
            return []
        start_response("200 OK", form.headers)
        self.log(environ, 200, started, cache, page.route)
        return form.body if environ["REQUEST_METHOD"] == "GET" else []

    def _make(self, page: Page, encoding: str) -> Form:
        form = make(page, encoding)
        with self._lock:
            before = page.size
            page.forms[encoding] = form
            if self.pages.get(page.key) is page:
                self.bytes += page.size - before
                self._make_room()
        return form

    def _render_once(self, key: Key, environ: Environ, start_response: Any, started: float) -> Iterable[bytes]:
        with self._lock:
            under_way = self._rendering.get(key)
            if under_way is None:
                done = self._rendering[key] = Event()
        if under_way is not None:
            under_way.wait(PATIENCE_SECONDS)
            if page := self._find(key):
                return self._hit(page, environ, start_response, started)
            return self._pass(environ, start_response, started)  # it was none to keep
        self.misses += 1
        try:
            page, status, headers, chunks = self._render(key, environ | {"REQUEST_METHOD": "GET"})
            if page:
                self._keep(page)
        finally:
            with self._lock:
                del self._rendering[key]
            done.set()
        if page:
            return self._send(page, environ, start_response, started, "miss")
        start_response(status, headers)
        self.log(environ, int(status[:3]), started, "none")
        if environ["REQUEST_METHOD"] == "HEAD":
            close(chunks)
            return []
        return chunks

    def _render(
        self, key: Key, environ: Environ, *, best: bool = False
    ) -> tuple[Page | None, str, Headers, Iterable[bytes]]:
        """The page, if it is one to keep, and what the application answered; a kept page has used up the chunks."""
        environ[PAGES] = self
        status, headers = "", []

        def capture(status_: str, headers_: Headers, exc_info: Any = None) -> None:
            nonlocal status, headers
            status, headers = status_, headers_

        chunks = self.app(environ, capture)
        seconds = lifetime(status, headers)
        if not seconds:
            return None, status, headers, chunks
        body = b"".join(chunks)
        close(chunks)
        if best and (old := self.pages.get(key)) and old.best and old.body == body:
            old.expires = self.clock() + seconds  # the page that is kept lives on, and nothing is compressed again
            return old, status, headers, []
        page = page_of(key, environ.get(ROUTE, "none"), headers, body, self.clock() + seconds, best=best)
        return page, status, headers, []

    def _keep(self, page: Page) -> None:
        with self._lock:
            old = self.pages.pop(page.key, None)
            self.pages[page.key] = page
            self.bytes += page.size - (old.size if old else 0)
            self._make_room()

    def _make_room(self) -> None:
        while self.bytes > self.most_bytes and self.pages:
            _, page = self.pages.popitem(last=False)
            self.bytes -= page.size

    def _pass(self, environ: Environ, start_response: Any, started: float) -> Iterable[bytes]:
        """What is never kept goes straight through."""
        environ[PAGES] = self

        def log_and_start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            self.log(environ, int(status[:3]), started, "none")
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return self.app(environ, log_and_start)


def close(chunks: Iterable[bytes]) -> None:
    if hasattr(chunks, "close"):
        chunks.close()
