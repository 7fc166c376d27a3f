"""HTTP's rules for a cache: which responses to keep, for how long, under which key, and in which encodings to send them."""

import gzip
import hashlib
import re
from collections.abc import Set
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

import brotli

from producerguide.logs import ending

Headers = list[tuple[str, str]]
Key = tuple[str, str, bool]  # path, query, whether htmx asks

SAFE = ("GET", "HEAD")
SHARED_VARY = {"", "accept-encoding", "hx-request"}  # what a kept page may vary by
SET_BY_US = {"content-length", "etag", "vary"}
OF_THE_BODY = {"content-type", "content-encoding", "content-length"}
COMPRESSIBLE = re.compile(r"text/|image/svg|application/(json|xml|manifest)")
OVERHEAD_BYTES = 4096  # headers and keys of a page, measured
ENCODINGS = ("br", "gzip")  # the smaller one first
SMALL_BYTES = 32_000  # compressed in any way this fits into what a connection sends first, so only the time counts


@dataclass(slots=True, frozen=True)
class Encoded:
    """A page in one encoding, ready to send."""

    etag: str
    headers: Headers
    body: list[bytes]

    @property
    def unchanged(self) -> Headers:
        """The headers of a 304."""
        return [pair for pair in self.headers if pair[0].lower() not in OF_THE_BODY]


@dataclass(slots=True, eq=False)
class Page:
    """`packed` is the body, compressed with brotli unless it is a picture: nearly every visitor asks for that. `hit` is how the log line
    ends when it was there."""

    key: Key
    route: str
    hit: str
    headers: Headers
    packed: bytes
    compressible: bool
    varies: bool
    expires: float
    best: bool
    encoded: dict[str, Encoded] = field(default_factory=dict)
    used: bool = False

    @property
    def body(self) -> bytes:
        body: bytes = brotli.decompress(self.packed) if self.compressible else self.packed
        return body

    @property
    def size(self) -> int:
        unpacked = (encoded.body[0] for encoded in self.encoded.values() if encoded.body[0] is not self.packed)
        return OVERHEAD_BYTES + len(self.key[0]) + len(self.key[1]) + len(self.packed) + sum(map(len, unpacked))


def page_of(key: Key, route: str, headers: Headers, body: bytes, expires: float, *, best: bool) -> Page:
    """A response as a page to keep, with fast or best compression."""
    named = by_name(headers)
    varies = "hx-request" in vary(named)
    compressible = COMPRESSIBLE.match(named.get("content-type", "")) is not None
    return Page(
        key=(key[0], key[1], key[2] and varies),
        route=route,
        hit=ending(route, 200, "hit"),
        headers=[(name, value) for name, value in headers if name.lower() not in SET_BY_US],
        packed=packed(body, best=best) if compressible else body,
        compressible=compressible,
        varies=varies,
        expires=expires,
        best=best,
    )


def packed(body: bytes, *, best: bool) -> bytes:
    """A body in Brotli. The best compression takes 60 ms for the guide in place of 1, and saves 13 %."""
    quality, window = (11, 22) if best else (1 if len(body) < SMALL_BYTES else 3, 16)
    compressed: bytes = brotli.compress(body, quality=quality, lgwin=window)
    return compressed


def encode(page: Page, encoding: str) -> Encoded:
    headers = page.headers.copy()
    if encoding == "br":
        body = page.packed
    elif encoding == "gzip":
        body = gzip.compress(page.body, 9 if page.best else 4, mtime=0)
    else:
        body = page.body
    if encoding != "identity":
        headers.append(("Content-Encoding", encoding))
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers += [("ETag", etag), ("Content-Length", str(len(body)))]
    varies = ["Accept-Encoding"] * page.compressible + ["HX-Request"] * page.varies
    if varies:
        headers.append(("Vary", ", ".join(varies)))
    return Encoded(etag, headers, [body])


@lru_cache(maxsize=256)
def preferred(accept: str) -> str:
    """The smallest encoding that an Accept-Encoding header accepts (RFC 9110, 12.5.3)."""
    accepted = set()
    for part in accept.lower().split(","):
        name, _, weight = part.partition(";")
        if not re.fullmatch(r"\s*q=0(\.0*)?\s*", weight):
            accepted.add(name.strip())
    return next((encoding for encoding in ENCODINGS if encoding in accepted), "identity")


def canonical(query: str, parameters: Set[str]) -> str:
    """The query's known parameters, sorted by name, so that tracking parameters make no new entry."""
    # Latin-1 keeps every byte of a value as it is.
    given = parse_qsl(query, keep_blank_values=True, encoding="latin-1")
    known = [(name, value) for name, value in given if name in parameters]
    return urlencode(sorted(known, key=lambda pair: pair[0]), encoding="latin-1", errors="replace")


def lifetime(status: str, headers: Headers) -> int:
    """How many seconds a response may be kept for everybody: its s-maxage, or 0 unless it is public and not personal."""
    named = by_name(headers)
    control = named.get("cache-control", "")
    shared_for = re.search(r"s-maxage=(\d+)", control)
    personal = "set-cookie" in named or vary(named) - SHARED_VARY
    if shared_for is None or personal or not status.startswith("200") or "public" not in control:
        return 0
    return int(shared_for[1])


def by_name(headers: Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def vary(named: dict[str, str]) -> set[str]:
    return {word.strip() for word in named.get("vary", "").lower().split(",")}
