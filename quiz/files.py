"""A result as files: data, pictures, a QR code and a calendar."""

import re
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from quiz import calendar, cards
from quiz import tried as tries
from quiz.catalogue import catalogue
from quiz.contexts import kit_section, result_context
from quiz.http import absolute_url, reads
from quiz.result import Result, as_dict
from quiz.results import for_a_day, of_code, with_tried
from quiz.tried import ENOUGH, Tried


@require_safe
@reads("tried")
@of_code
@with_tried
def result_json(request: HttpRequest, result: Result, tried: Tried) -> HttpResponse:
    said = {"tried": tries.as_dict(tried, result.answers.questionnaire.roles)} if tried else {}
    return for_a_day(JsonResponse(as_dict(result) | said))


@require_safe
@reads("tried")
@of_code
@with_tried
def card_png(request: HttpRequest, result: Result, tried: Tried) -> HttpResponse:
    return _picture(result, tried, cards.CARD)


@require_safe
@reads("tried")
@of_code
@with_tried
def story_png(request: HttpRequest, result: Result, tried: Tried) -> HttpResponse:
    return _picture(result, tried, cards.STORY)


def _picture(result: Result, tried: Tried, sheet: cards.Sheet) -> HttpResponse:
    site = urlsplit(settings.SITE_URL).netloc
    picture = cards.picture(result, catalogue(), site, sheet, _felt_best(tried))
    response = HttpResponse(picture, content_type="image/png")
    # Other sites show it with a shared link.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return for_a_day(response)


def _felt_best(tried: Tried) -> str:
    """A sentence for a picture; none where nothing was liked."""
    if not tried or max(tried.values()).liked < ENOUGH:
        return ""
    names = " and ".join(catalogue().roles[role].name.lower() for role in tries.liked_most(tried))
    return f"I tried it, and liked being a {names} best" if len(tried) > 1 else f"I tried being a {names}, and liked it"


@require_safe
@of_code
def qr_svg(request: HttpRequest, result: Result) -> HttpResponse:
    return for_a_day(HttpResponse(cards.qr(absolute_url(result.code)), content_type="image/svg+xml"))


@require_safe
@reads("start", "at", "made")
@of_code
def plan_ics(request: HttpRequest, result: Result) -> HttpResponse:
    """The plan for a calendar, starting on `start` (YYYY-MM-DD), with sessions `at` a time of day (HH:MM) or all day."""
    try:
        timing = _timing(request.GET)
        content = calendar.build(result, timing, absolute_url(result.code), catalogue())
    except (ValueError, OverflowError):
        message = {
            "plan_message": "Please give the day to start on, such as 2027-01-04, and a time such as 19:30 or none."
        }
        context = result_context(result) | kit_section(result) | message
        return TemplateResponse(request, "result/result.html", context)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="producerguide-plan.ics"'
    if timing.made:  # nobody asks for the same one again
        patch_cache_control(response, private=True, max_age=0)
        return response
    return for_a_day(response)


def _timing(given: QueryDict) -> calendar.Timing:
    """Raises ValueError or OverflowError for a day or a time that is none."""
    made, at = given.get("made", ""), given.get("at", "")
    if not re.fullmatch(r"([0-9]{2}:[0-9]{2})?", at):
        raise ValueError(at)
    return calendar.Timing(
        start=date.fromisoformat(given.get("start", "")),
        at=time.fromisoformat(at) if at else None,
        made=datetime.fromtimestamp(int(made), UTC) if re.fullmatch(r"[0-9]{1,10}", made) else None,
    )
