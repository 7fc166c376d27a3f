"""Middleware: request ids, security, content faults in development, and the admin's sessions."""

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
from producerguide.environ import REQUEST_ID, ROUTE, content_length
from producerguide.links import mended
from producerguide.security import PUBLIC_CACHE, SAFE_METHODS, same_origin
from quiz.catalogue import ContentError, catalogue
from quiz.checks import unknown_ids

View = Callable[[HttpRequest], HttpResponse]


def identify(get_response: View) -> View:
    """Give the request an id, and leave it and the route for the log line."""

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
            address = urlsplit(mended(request.path))
            if address.path != request.path and is_valid_path(address.path):
                query = "&".join(filter(None, [address.query, request.META.get("QUERY_STRING", "")]))
                return redirect(address._replace(query=query).geturl(), permanent=True)
        return response

    return middleware


def security(get_response: View) -> View:
    """Headers, a limit on bodies, and the same-origin check. The admin has CSRF tokens and cache rules of its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        admin = request.path.startswith("/admin/")
        if not 0 <= content_length(request.META) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            response = HttpResponse("This is too long: no form on this site sends that much.\n", status=413)
        elif request.method in SAFE_METHODS or admin or same_origin(request):
            response = get_response(request)
        else:
            response = HttpResponseForbidden("We don’t accept forms that were sent from another site.\n")
        for name, value in settings.RESPONSE_HEADERS.items():
            response.headers.setdefault(name, value)
        if request.method in SAFE_METHODS and not admin and response.status_code < 400:
            response.headers.setdefault("Cache-Control", PUBLIC_CACHE)
        return response

    return middleware


def content_faults(get_response: View) -> View:
    """In development, show faults in the content as a page; in production the site does not start."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if faults := list(_faults()):
            # Rendered without the request: the context processors need sound content.
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
    """The middleware, but only for the admin: public pages have no sessions, logins or messages and should not pay for them.
    A subclass, because Django's system checks look for it."""

    class InAdmin(base):  # type: ignore[misc]  # mypy needs a base known in advance
        def __call__(self, request: HttpRequest) -> HttpResponseBase:
            answer = super().__call__ if request.path.startswith("/admin/") else self.get_response
            response: HttpResponseBase = answer(request)
            return response

    return InAdmin


Session = in_admin(SessionMiddleware)
Authentication = in_admin(AuthenticationMiddleware)
Message = in_admin(MessageMiddleware)
