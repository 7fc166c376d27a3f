"""Health checks for a monitor or supervisor."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from producerguide import environ
from quiz.counting import database_is_well, recorder


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process is up. Checks nothing else, so that a lost database restarts no process."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The state of the database and the page cache. Always 200: without its database the site still works, and a load
    balancer should keep sending visitors to it."""
    pages = environ.pages(request.META)
    state: dict[str, Any] = {"db": "ok" if database_is_well() else "degraded"}
    state |= {"waiting": recorder.waiting, "lost": recorder.lost}
    if pages:
        state["pages"] = {"kept": len(pages.pages), "bytes": pages.size, "hits": pages.hits, "misses": pages.misses}
    return JsonResponse(state, headers={"Cache-Control": "no-store"})
