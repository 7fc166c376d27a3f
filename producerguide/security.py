"""One set of response headers, for Django and WhiteNoise alike, and the same-origin check for POSTs without cookies."""

from urllib.parse import urlsplit

from django.http import HttpRequest

HSTS_SECONDS = 2 * 365 * 24 * 60 * 60

# No nonce: the policy is constant, so that pages can be kept by any cache.
CONTENT_SECURITY_POLICY = "; ".join(
    f"{directive} {value}"
    for directive, value in {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
    }.items()
)

HEADERS: dict[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: it makes browsers send "Origin: null" with a form, which the check below would refuse.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


# Fresh in a browser for a minute; a shared cache may keep it for an hour, and is emptied at a release.
PUBLIC_CACHE = "public, max-age=60, s-maxage=3600"

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def response_headers(*, https: bool, subdomains: bool = False) -> dict[str, str]:
    """What every response of the site carries, files included."""
    everywhere = "; includeSubDomains; preload" if subdomains else ""
    hsts = {"Strict-Transport-Security": f"max-age={HSTS_SECONDS}{everywhere}"} if https else {}
    return HEADERS | hsts


def same_origin(request: HttpRequest) -> bool:
    """Whether this site's own page, the visitor's own hand, or a program that is no browser sent the request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.get_host()
    except ValueError:  # such as http://[
        return False
