"""Keeps rendered pages in memory, ahead of everything else; this layer does not import Django.

A public GET is a pure function of its path, the query parameters that its view reads and whether htmx asks. So it is rendered
once, however many ask at the same time, and kept with its compressed bodies and a strong ETag for as long as its `s-maxage`
says. The oldest pages make room for new ones, unless they were asked for since it was last their turn. A new release is a new
process, so no page goes stale.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Set
from threading import Event, Lock
from time import perf_counter
from typing import Any
from wsgiref.util import setup_testing_defaults

from producerguide.caching import (
    ENCODINGS,
    SAFE,
    Encoded,
    Headers,
    Key,
    Page,
    canonical,
    encode,
    lifetime,
    page_of,
    preferred,
)
from producerguide.environ import PAGES, REQUEST_ID, ROUTE, App, Environ
from producerguide.logs import ending

PATIENCE_SECONDS = 10.0
LONGEST_KEY = 2048  # no page of ours has an address this long


class PageCache:
    """`parameters(path)` names the query parameters that the page there reads, or is None where no page may be kept. `log` is called with
    how a request's line ends, when it arrived by the `clock`, and its id if it has one.
    """

    def __init__(
        self,
        app: App,
        *,
        parameters: Callable[[str], Set[str] | None],
        log: Callable[..., None],
        most_bytes: int,
        https: bool = False,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self.app, self.parameters, self.log = app, parameters, log
        self.most_bytes, self.https, self.clock = most_bytes, https, clock
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.size = self.hits = self.misses = 0
        self._rendering: dict[Key, Event] = {}
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        started = self.clock()
        if environ["REQUEST_METHOD"] not in SAFE or (self.https and environ.get("HTTP_X_FORWARDED_PROTO") != "https"):
            return self._pass(environ, start_response, started)  # Django redirects to HTTPS
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        key = (path, query, environ.get("HTTP_HX_REQUEST") == "true")
        page = self.pages.get(key)
        if page is None or page.expires <= started:
            return self._find_or_render(key, environ, start_response, started)
        return self._send(page, environ, start_response, started)

    def warm(self, paths: Iterable[str], host: str) -> None:
        """Render these pages with the best compression before anybody asks for them."""
        for path in paths:
            environ: Environ = {"PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": host, "REMOTE_ADDR": "127.0.0.1"}
            environ["HTTP_X_FORWARDED_PROTO"] = "https"
            setup_testing_defaults(environ)
            page, _, _, chunks = self._render((path, "", False), environ, best=True)
            close(chunks)
            if page and page is not self.pages.get(page.key):
                for encoding in ("identity", *ENCODINGS) if page.compressible else ("identity",):
                    page.encoded[encoding] = encode(page, encoding)
                self._keep(page)

    def _find_or_render(self, key: Key, environ: Environ, start_response: Any, started: float) -> Iterable[bytes]:
        path, query, htmx = key
        parameters = self.parameters(path)
        if parameters is None:
            return self._pass(environ, start_response, started)
        environ["QUERY_STRING"] = query = canonical(query, parameters)
        if len(path) + len(query) > LONGEST_KEY:
            return self._pass(environ, start_response, started)
        if page := self._find((path, query, htmx)):
            return self._send(page, environ, start_response, started)
        return self._render_once((path, query, htmx), environ, start_response, started)

    def _find(self, key: Key) -> Page | None:
        page = self.pages.get(key)
        if page is None and key[2]:
            page = self.pages.get((key[0], key[1], False))
            page = None if page is None or page.varies else page
        return page if page is not None and page.expires > self.clock() else None

    def _send(
        self, page: Page, environ: Environ, start_response: Any, started: float, *, hit: bool = True
    ) -> Iterable[bytes]:
        if hit:
            self.hits += 1
            page.used = True
        encoding = preferred(environ.get("HTTP_ACCEPT_ENCODING", "")) if page.compressible else "identity"
        encoded = page.encoded.get(encoding) or self._encode(page, encoding)
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and (encoded.etag in known or known == "*"):
            start_response("304 Not Modified", encoded.unchanged)
            self._log(environ, 304, started, "hit" if hit else "miss", page.route)
            return []
        start_response("200 OK", encoded.headers)
        if hit:
            self.log(page.hit, started)
        else:
            self._log(environ, 200, started, "miss", page.route)
        return encoded.body if environ["REQUEST_METHOD"] == "GET" else []

    def _encode(self, page: Page, encoding: str) -> Encoded:
        encoded = encode(page, encoding)
        with self._lock:
            before = page.size
            page.encoded[encoding] = encoded
            if self.pages.get(page.key) is page:
                self.size += page.size - before
                self._make_room()
        return encoded

    def _render_once(self, key: Key, environ: Environ, start_response: Any, started: float) -> Iterable[bytes]:
        """Render the page, or wait for the thread that is rendering it already."""
        with self._lock:
            other = self._rendering.get(key)
            if other is None:
                done = self._rendering[key] = Event()
        if other is not None:
            other.wait(PATIENCE_SECONDS)
            if page := self._find(key):
                return self._send(page, environ, start_response, started)
            return self._pass(environ, start_response, started)  # it took too long, or may not be kept
        self.misses += 1
        method, environ["REQUEST_METHOD"] = environ["REQUEST_METHOD"], "GET"
        try:
            page, status, headers, chunks = self._render(key, environ)
            if page:
                self._keep(page)
        finally:
            environ["REQUEST_METHOD"] = method
            with self._lock:
                del self._rendering[key]
            done.set()
        if page:
            return self._send(page, environ, start_response, started, hit=False)
        start_response(status, headers)
        self._log(environ, int(status[:3]), started, "none")
        if method == "HEAD":
            close(chunks)
            return []
        return chunks

    def _render(
        self, key: Key, environ: Environ, *, best: bool = False
    ) -> tuple[Page | None, str, Headers, Iterable[bytes]]:
        """The application's response, and the page made of it if it may be kept; then the chunks are used up."""
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
        expires = self.clock() + seconds
        if best and (old := self.pages.get(key)) and old.best and old.body == body:
            old.expires = expires  # unchanged, so there is nothing to compress again
            return old, status, headers, []
        return page_of(key, environ.get(ROUTE, "none"), headers, body, expires, best=best), status, headers, []

    def _keep(self, page: Page) -> None:
        with self._lock:
            old = self.pages.pop(page.key, None)
            self.pages[page.key] = page
            self.size += page.size - (old.size if old else 0)
            self._make_room()

    def _make_room(self) -> None:
        while self.size > self.most_bytes and self.pages:
            _, page = self.pages.popitem(last=False)
            if page.used:
                page.used = False
                self.pages[page.key] = page
            else:
                self.size -= page.size

    def _pass(self, environ: Environ, start_response: Any, started: float) -> Iterable[bytes]:
        """Hand a request on whose response is never kept."""
        environ[PAGES] = self

        def log_and_start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            self._log(environ, int(status[:3]), started, "none")
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return self.app(environ, log_and_start)

    def _log(self, environ: Environ, status: int, started: float, cache: str, route: str = "") -> None:
        self.log(ending(route or environ.get(ROUTE, "none"), status, cache), started, environ.get(REQUEST_ID, ""))


def close(chunks: Iterable[bytes]) -> None:
    if hasattr(chunks, "close"):
        chunks.close()
