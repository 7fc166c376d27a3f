"""The response headers of pages and files, and the same-origin check for POSTs without cookies."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from rjsmin import jsmin

HSTS_SECONDS = 2 * 365 * 24 * 60 * 60

# The one script that a page waits for stands in the page itself: on a slow phone a request of its own takes a connection from the style sheet.
FIRST = Path(__file__).parents[1] / "static" / "js" / "first.js"
FIRST_SCRIPT: str = jsmin(FIRST.read_text(encoding="utf-8"))
FIRST_DIGEST = b64encode(sha256(FIRST_SCRIPT.encode()).digest()).decode()

# No nonce, because a cached page has the same one for everybody.
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; script-src 'self' 'sha256-{FIRST_DIGEST}'; "
    "style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)

HEADERS: dict[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With no-referrer, browsers send "Origin: null" with a form, and same_origin would refuse it.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

# A shared cache may keep a page longer than a browser, because a release empties it.
PUBLIC_CACHE = "public, max-age=60, s-maxage=3600"

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def response_headers(*, https: bool, subdomains: bool = False) -> dict[str, str]:
    """The headers of every response, files included."""
    everywhere = "; includeSubDomains; preload" if subdomains else ""
    hsts = {"Strict-Transport-Security": f"max-age={HSTS_SECONDS}{everywhere}"} if https else {}
    return HEADERS | hsts


def same_origin(request: HttpRequest) -> bool:
    """Whether the request comes from a page of ours, from an address typed in, or from a program other than a browser."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.get_host()
    except (ValueError, DisallowedHost):  # such as http://[
        return False
