"""Sessions, tokens, logins and messages are the admin's alone. Public pages know no visitor and do not pay for them."""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseBase


def in_admin(base: type) -> Any:
    """The middleware, for addresses of the admin only; a subclass, because Django checks that the admin has it."""

    class InAdmin(base):  # type: ignore[misc]  # mypy wants to know which
        def __call__(self, request: HttpRequest) -> HttpResponseBase:
            found: HttpResponseBase = (
                super().__call__(request) if request.path.startswith("/admin/") else self.get_response(request)
            )
            return found

    return InAdmin


Session = in_admin(SessionMiddleware)
Authentication = in_admin(AuthenticationMiddleware)
Message = in_admin(MessageMiddleware)
