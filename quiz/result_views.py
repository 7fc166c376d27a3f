"""The result, the same result as files, two results side by side, and "was this right?"."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, wraps
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from quiz import cards, codes, kit, plan
from quiz.catalogue import catalogue
from quiz.codes import CodeError
from quiz.compare import compare
from quiz.domain import Answers, RoleId
from quiz.kit import Kit
from quiz.models import VERDICTS
from quiz.result import Result, as_dict, result
from quiz.stats import recorder, shown
from quiz.views import Request, answers_context, go, reads, result_url

DAY = 24 * 60 * 60
MOST_TO_THINK_OVER = 3


def of_code(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the results of the codes in its URL; a wrong code is a page that says what is wrong, and a 404."""

    @wraps(view)
    def wrapped(request: HttpRequest, **found: str) -> HttpResponse:
        try:
            results = [result(code, catalogue()) for code in found.values()]
        except CodeError as error:
            return TemplateResponse(request, "result/wrong_code.html", {"reason": str(error)}, status=404)
        return view(request, *results)

    return wrapped


@require_safe
@reads("budget", "own", "voted")
@of_code
def result_page(request: Request, found: Result) -> HttpResponse:
    """The result; with `budget` and `own`, another kit for it; with `voted`, a thank-you."""
    if request.path != result_url(found.code):
        return redirect(result_url(found.code), permanent=True)
    context = _kit_choice(request, found)
    if request.htmx:
        response = TemplateResponse(request, "result/_kit_section.html", context)
    else:
        context |= result_context(found) | {"voted": "voted" in request.GET}
        response = TemplateResponse(request, "result/result.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return _for_a_day(response)


def result_context(found: Result) -> dict[str, Any]:
    roles, profile = catalogue().roles, found.profile
    weighted = [entry for entry in profile.ledger if entry.question.axis != "setup"]
    changed = [found.answers.choose(change.question.id, [change.option.id]) for change in profile.changes]
    changes = [
        (change, roles[change.role], result_url(codes.build(answers)))
        for change, answers in zip(profile.changes, changed, strict=True)
    ]
    return {
        "role": roles[profile.role],
        "runner_up": roles[profile.runner_up],
        "fits": [(roles[role], profile.fit[role]) for role in profile.ranking],
        "reasons_for": [entry.options[0].because[profile.role] for entry in found.reasons_for],
        "reasons_against": [entry.options[0].because[profile.role] for entry in found.reasons_against],
        "ranking": [roles[role] for role in profile.ranking],
        "ledger": [
            (entry.question, entry.options[0], [entry.points[role] for role in profile.ranking]) for entry in weighted
        ],
        "totals": [sum(entry.points[role] for entry in weighted) for role in profile.ranking],
        "changes": changes,
        "think_over": list(dict.fromkeys(change.question for change in profile.changes))[:MOST_TO_THINK_OVER],
        "checklist": checklist_html(found.route),
        **answers_context(found.answers),
        "encoded_link": quote(_absolute(found), safe=""),
        "one_in": shown.counts.one_in(profile.role),
        "roles": roles.values(),
    }


def kit_context(kit: Kit) -> dict[str, Any]:
    """What `_kit.html` needs."""
    categories = catalogue().categories
    return {
        "kit": kit,
        "kit_now": [(categories[item.category], item) for item in kit.now],
        "kit_later": [(categories[later.item.category], later) for later in kit.later],
    }


@cache
def checklist_html(route: tuple[RoleId, ...]) -> SafeString:
    """The checklist of a route as results show it. There are five routes, and it is the larger half of a result's page."""
    return render_to_string("result/_checklist.html", {"checklist": checklist_context(route)})


def checklist_context(route: Sequence[RoleId]) -> list[dict[str, Any]]:
    """The checklist of a route, chapter by chapter; each skill with its resources and whether the basics of it will do."""
    roles, resources = catalogue().roles, catalogue().resources
    return [
        {
            "chapter": chapter,
            "role": roles[chapter.role] if chapter.role else None,
            "skills": [
                (skill, plan.is_light(skill, route), [resources[id_] for id_ in skill.resources])
                for skill in chapter.skills
            ],
        }
        for chapter in plan.checklist(route, catalogue())
    ]


def _kit_choice(request: HttpRequest, found: Result) -> dict[str, Any]:
    """What `_kit_section.html` needs: the kit for the money and the things owned as answered, or as chosen now with the link
    that keeps this choice."""
    if "budget" not in request.GET:
        return _kit_section(found, found.answers, found.kit)
    try:
        chosen = found.answers.choose("budget", [request.GET["budget"]]).choose("owned", request.GET.getlist("own"))
    except ValueError:
        message = "That is none of the choices. Please choose again."
        return _kit_section(found, found.answers, found.kit) | {"kit_message": message}
    if chosen == found.answers:
        return _kit_section(found, chosen, found.kit)
    other = kit.fit(found.route[0], chosen.amount("budget"), chosen.owned, catalogue())
    return _kit_section(found, chosen, other) | {"keep": result_url(codes.build(chosen))}


def _kit_section(found: Result, answers: Answers, kit: Kit) -> dict[str, Any]:
    rows = {question.id: question for question in answers.questionnaire.questions}
    return kit_context(kit) | {
        "result": found,
        "address": result_url(found.code),
        "route": [catalogue().roles[role] for role in found.route],
        "budgets": [(option, option in answers.chosen("budget")) for option in rows["budget"].options],
        "owned": [(option, option in answers.chosen("owned")) for option in rows["owned"].options],
    }


@require_safe
@of_code
def result_json(request: HttpRequest, found: Result) -> HttpResponse:
    return _for_a_day(JsonResponse(as_dict(found)))


@require_safe
@of_code
def card_png(request: HttpRequest, found: Result) -> HttpResponse:
    response = HttpResponse(cards.card(found, catalogue()), content_type="image/png")
    # Other sites show it beside a shared link.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return _for_a_day(response)


@require_safe
@of_code
def qr_svg(request: HttpRequest, found: Result) -> HttpResponse:
    return _for_a_day(HttpResponse(cards.qr(_absolute(found)), content_type="image/svg+xml"))


@require_safe
@reads("start")
@of_code
def plan_ics(request: HttpRequest, found: Result) -> HttpResponse:
    """The plan for a calendar, starting on `start` (YYYY-MM-DD)."""
    try:
        start = date.fromisoformat(request.GET.get("start", ""))
        content = cards.calendar(found, start, _absolute(found))
    except (ValueError, OverflowError):
        message = {"plan_message": "Please give the day to start on, such as 2027-01-04."}
        context = result_context(found) | _kit_section(found, found.answers, found.kit) | message
        return TemplateResponse(request, "result/result.html", context)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="producerguide-plan.ics"'
    return _for_a_day(response)


@require_safe
@of_code
def compare_page(request: HttpRequest, first: Result, second: Result) -> HttpResponse:
    address = reverse("compare", args=[first.code, second.code])
    if request.path != address:
        return redirect(address, permanent=True)
    roles = catalogue().roles
    found = compare(first, second, catalogue())
    people = [("First", first), ("Second", second)]
    context = {
        "comparison": found,
        "people": [(name, person, roles[person.profile.role]) for name, person in people],
        "meters": [(role, first.profile.fit[id_], second.profile.fit[id_]) for id_, role in roles.items()],
        "parts": [(roles[id_], part) for id_, part in found.pair.parts.items()],
    }
    return _for_a_day(TemplateResponse(request, "result/compare.html", context))


@csrf_exempt  # without cookies there is no token to compare; security.py compares origins instead
@require_POST
@of_code
def fit(request: Request, found: Result) -> HttpResponse:
    """ "Was this right?", with the role the person really has where they give it."""
    verdict, role = request.POST.get("verdict", ""), request.POST.get("role", "")
    if verdict not in dict(VERDICTS) or role not in ("", *catalogue().roles):
        return go(request, f"{result_url(found.code)}#right")
    recorder.vote(found, verdict, role)
    return go(request, f"{result_url(found.code)}?voted=yes#right")


def _absolute(found: Result) -> str:
    return f"{settings.SITE_URL}{result_url(found.code)}"


def _for_a_day(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=60, s_maxage=DAY)
    return response
