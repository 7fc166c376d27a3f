"""One set of response headers, for Django and WhiteNoise alike, and the same-origin check for POSTs without cookies."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

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


def response_headers(*, https: bool) -> dict[str, str]:
    """What every response of the site carries, files included."""
    hsts = {"Strict-Transport-Security": f"max-age={HSTS_SECONDS}; includeSubDomains; preload"} if https else {}
    return HEADERS | hsts


def security(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware for every request; the admin keeps its tokens and its own cache rules."""

    def middleware(request: HttpRequest) -> HttpResponse:
        admin = request.path.startswith("/admin/")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            response = HttpResponse("That is more than any form of this site sends.\n", status=413)
        elif request.method in SAFE_METHODS or admin or same_origin(request):
            response = get_response(request)
        else:
            response = HttpResponseForbidden("This form was sent from another site, so it was not accepted.\n")
        for name, value in settings.RESPONSE_HEADERS.items():
            response.headers.setdefault(name, value)
        if request.method in SAFE_METHODS and not admin and response.status_code < 400:
            response.headers.setdefault("Cache-Control", PUBLIC_CACHE)
        return response

    return middleware


def same_origin(request: HttpRequest) -> bool:
    """Whether this site's own page, the visitor's own hand, or a program that is no browser sent the request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()
