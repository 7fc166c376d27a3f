"""While somebody edits: a fault in the content is a page that says where it is, in place of a site that does not start."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from quiz.catalogue import ContentError, catalogue
from quiz.checks import unknown_ids


def content_faults(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if faults := list(_faults()):
            # Without the request: what belongs to every page is content too.
            page = render_to_string("content_faults.html", {"faults": [fault.partition(": ") for fault in faults]})
            return HttpResponse(page, status=500)
        return get_response(request)

    return middleware


def _faults() -> Iterable[str]:
    try:
        return unknown_ids(catalogue(), settings.BASE_DIR / "templates")
    except ContentError as error:
        return str(error).splitlines()
