"""What a monitor asks: is the process up, and is everything behind it well?"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from producerguide import environ
from quiz.counting import database_is_well, recorder


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process is up: nothing else is touched."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether all of it is well. Always 200: without its database the site is still useful, so nothing may take it away."""
    pages = environ.pages(request.META)
    state: dict[str, Any] = {"db": "ok" if database_is_well() else "degraded"}
    state |= {"waiting": recorder.waiting, "lost": recorder.lost}
    if pages:
        state["pages"] = {"kept": len(pages.pages), "bytes": pages.bytes, "hits": pages.hits, "misses": pages.misses}
    return JsonResponse(state, headers={"Cache-Control": "no-store"})
