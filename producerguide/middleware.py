"""What happens around every request."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import is_valid_path

from producerguide import logs
from producerguide.environ import REQUEST_ID, ROUTE
from producerguide.links import mended
from producerguide.security import PUBLIC_CACHE, SAFE_METHODS, same_origin
from quiz.catalogue import ContentError, catalogue
from quiz.checks import unknown_ids

View = Callable[[HttpRequest], HttpResponse]


def identify(get_response: View) -> View:
    """Middleware that leaves the id and the route of a request for its line."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.META[REQUEST_ID] = logs.new_request_id()
        logs.request_id.set(request.META[REQUEST_ID])
        response = get_response(request)
        if request.resolver_match:
            request.META[ROUTE] = request.resolver_match.view_name
        return response

    return middleware


def mend_links(get_response: View) -> View:
    """A wrong address that is a right one spoilt on its way is sent there."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 404 and request.method in SAFE_METHODS:
            address = mended(request.path)
            path = urlsplit(address).path
            if path != request.path and is_valid_path(path):
                return redirect(address, permanent=True)
        return response

    return middleware


def security(get_response: View) -> View:
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


def content_faults(get_response: View) -> View:
    """In development: a fault in the content is a page that says where it is, in place of a site that does not start."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if faults := list(_faults()):
            # Without the request, whose context needs sound content.
            page = render_to_string("content_faults.html", {"faults": [fault.partition(": ") for fault in faults]})
            return HttpResponse(page, status=500)
        return get_response(request)

    return middleware


def _faults() -> Iterable[str]:
    try:
        return unknown_ids(catalogue(), settings.BASE_DIR / "templates")
    except ContentError as error:
        return str(error).splitlines()


def in_admin(base: type) -> Any:
    """The middleware, for the admin's addresses only: public pages know no visitor and do not pay for sessions, tokens, logins and
    messages. It is a subclass, because Django checks that the admin has it."""

    class InAdmin(base):  # type: ignore[misc]  # mypy wants to know which
        def __call__(self, request: HttpRequest) -> HttpResponseBase:
            answer = super().__call__ if request.path.startswith("/admin/") else self.get_response
            response: HttpResponseBase = answer(request)
            return response

    return InAdmin


Session = in_admin(SessionMiddleware)
Authentication = in_admin(AuthenticationMiddleware)
Message = in_admin(MessageMiddleware)
