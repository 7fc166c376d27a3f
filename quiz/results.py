"""The result, its plan, and "was this right?"."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from quiz import tried as tries
from quiz.catalogue import catalogue
from quiz.codes import CodeError
from quiz.contexts import kit_section, plan_context, result_context
from quiz.counting import recorder
from quiz.http import Request, SeeOther, canonical, go, means, reads, result_url
from quiz.models import VERDICTS
from quiz.result import Result
from quiz.result import result as result_from
from quiz.tried import Tried, TriedError

DAY = 24 * 60 * 60


def of_code(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call a view with the results of the codes in its URL; a wrong code gets a 404 page that says what is wrong."""

    @wraps(view)
    def wrapped(request: HttpRequest, **in_url: str) -> HttpResponse:
        try:
            results = [result_from(code, catalogue()) for code in in_url.values()]
        except CodeError as error:
            return TemplateResponse(request, "result/wrong_code.html", {"reason": str(error)}, status=404)
        return view(request, *results)

    return wrapped


def with_tried(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call a view of a result with what `?tried=` says of the auditions. Another spelling leads to the canonical address, and what says
    nothing to the address without it."""

    @wraps(view)
    def wrapped(request: HttpRequest, result: Result) -> HttpResponse:
        roles = result.answers.questionnaire.roles
        try:
            tried = tries.parse(request.GET.get("tried", ""), roles)
        except TriedError:
            tried = {}
        return canonical(request, tried=tries.build(tried, roles)) or view(request, result, tried)

    return wrapped


@require_safe
@reads("budget", "own", "tried")
@of_code
@with_tried
def result_page(request: Request, result: Result, tried: Tried) -> HttpResponse:
    """The result; with `budget` and `own`, another kit for it; with `tried`, what the auditions say beside the answers."""
    if request.path != result_url(result.code):
        return redirect(result_url(result.code) + query_of(request), permanent=True)
    kit = kit_of(request, result)
    if request.htmx:
        response = TemplateResponse(request, "result/_kit_shown.html", kit)
    else:
        response = TemplateResponse(request, "result/result.html", result_context(result, tried) | kit)
    patch_vary_headers(response, ["HX-Request"])
    return for_a_day(response)


def kit_of(request: HttpRequest, result: Result) -> dict[str, Any]:
    """The context of the kit that the query asks for; `query` is what the vote on this page carries on."""
    given = {"query": query_of(request)}
    try:
        chosen = means(request.GET, result.answers.questionnaire) if "budget" in request.GET else None
        return kit_section(result, chosen) | given
    except ValueError as error:
        return kit_section(result) | given | {"kit_message": str(error)}


def query_of(request: HttpRequest) -> str:
    return f"?{request.GET.urlencode()}" if request.GET else ""


@require_safe
@of_code
def plan_page(request: HttpRequest, result: Result) -> HttpResponse:
    """The first four weeks, session by session, and what comes after."""
    address = reverse("weeks", args=[result.code])
    if request.path != address:
        return redirect(address, permanent=True)
    return for_a_day(TemplateResponse(request, "result/plan.html", plan_context(result)))


@csrf_exempt  # without cookies there is no token to compare; security.py compares origins instead
@require_http_methods(["GET", "HEAD", "POST"])
@reads("budget", "own", "tried")
@of_code
@with_tried
def vote(request: Request, result: Result, tried: Tried) -> HttpResponse:
    """ "Was this right?", perhaps with the role the person really has. The answer is the result with a thank-you, at an address
    that leads everybody else to the result."""
    right = f"{result_url(result.code)}{query_of(request)}#right"
    if request.method != "POST":
        return SeeOther(right)  # for htmx, too: what a GET gets may be kept for everybody
    verdict, role = request.POST.get("verdict", ""), request.POST.get("role", "")
    if verdict not in dict(VERDICTS) or role not in ("", *catalogue().roles):
        return go(request, right)
    recorder.vote(result, verdict, role)
    context = result_context(result, tried) | kit_of(request, result) | {"voted": True}
    return TemplateResponse(request, "result/result.html", context)


def for_a_day(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=60, s_maxage=DAY)
    return response
