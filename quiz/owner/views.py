"""The statistics page and its CSV files, in the admin and for staff only."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import StringIO
from itertools import islice
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from quiz.catalogue import catalogue
from quiz.counting import wilson
from quiz.domain import Role
from quiz.models import BANDS, today
from quiz.owner import charts, daily, statistics
from quiz.owner.statistics import Sheets, Span

DAYS = 28
PRESETS = ((7, "7 days"), (DAYS, "28 days"), (91, "3 months"), (365, "a year"))
LONGEST_DAYS = 20 * 366
LINES = 500  # of a CSV file, sent at once


class SpanError(ValueError):
    """Invalid date range; the message says why."""


@require_safe
def statistics_page(request: HttpRequest) -> HttpResponse:
    message = ""
    try:
        span = _span(request.GET)
    except SpanError as error:
        span, message = _last(DAYS), str(error)
    completions = statistics.completions(span, catalogue().questionnaires)
    context = admin.site.each_context(request) | {
        "title": "Statistics",
        "message": message,
        "span": span,
        "presets": _presets(),
        "completions": completions,
        **_days(completions),
        "shares": [
            ("Roles", _shares(completions.roles)),
            ("Confidence", _shares(completions.confidence)),
            ("Routes", _shares(completions.routes)),
        ],
        "versions": [_version(span, sheets) for sheets in reversed(completions.sheets)],
        "counting_unfinished": settings.COUNT_UNFINISHED,
        **_votes(span),
        "auditions": _auditions(span),
    }
    return TemplateResponse(request, "admin/statistics.html", context)


@require_safe
def completions_csv(request: HttpRequest) -> HttpResponseBase:
    return _csv(request, "completions", lambda span: statistics.completion_rows(span, catalogue().questionnaires))


@require_safe
def votes_csv(request: HttpRequest) -> HttpResponseBase:
    return _csv(request, "votes", statistics.vote_rows)


def _csv(request: HttpRequest, name: str, rows: Callable[[Span], Iterator[list[str]]]) -> HttpResponseBase:
    """Stream a file of any length while it is read from the database."""
    try:
        span = _span(request.GET)
    except SpanError as error:
        return HttpResponse(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")
    response = StreamingHttpResponse(_lines(rows(span)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{span.first}-{span.last}.csv"'
    return response


def _lines(rows: Iterator[list[str]]) -> Iterator[str]:
    while block := list(islice(rows, LINES)):
        buffer = StringIO()
        csv.writer(buffer).writerows(block)
        yield buffer.getvalue()


def _span(data: QueryDict) -> Span:
    usual = _last(DAYS)
    try:
        first = date.fromisoformat(data.get("from") or str(usual.first))
        last = date.fromisoformat(data.get("to") or str(usual.last))
    except ValueError:
        raise SpanError("A day looks like 2027-01-31.") from None
    if first > last:
        raise SpanError(f"The first day ({first}) is after the last ({last}).")
    if (last - first).days > LONGEST_DAYS or last == date.max:
        raise SpanError("That is longer than 20 years. Please choose fewer days.")
    return Span(first, last)


def _last(days: int) -> Span:
    return Span(today() - timedelta(days=days - 1), today())


def _presets() -> list[tuple[str, Span]]:
    spans = [(name, _last(days)) for days, name in PRESETS]
    first = daily.first_day()
    return [*spans, ("everything", Span(first, today()))] if first else spans


def _days(completions: statistics.Completions) -> dict[str, Any]:
    """The chart and the table of completions a day."""
    roles = catalogue().roles
    rows = [(day, counts.total(), [counts[role] for role in roles]) for day, counts in completions.days.items()]
    end = charts.axis(max(total for _, total, _ in rows))
    stacks = charts.stacks([row for *_, row in rows], end)
    return {"axis": end, "middle": end // 2, "stacks": list(zip(roles.values(), stacks, strict=True)), "rows": rows}


def _shares(counts: Counter[str]) -> list[tuple[str, str, int, float]]:
    """For each value its name, the ink of its last role, how many there are, and their share."""
    return [(_name(key), key.rpartition("-")[2], n, _per_cent(n, counts.total())) for key, n in counts.most_common()]


def _name(key: str) -> str:
    roles = catalogue().roles
    return ", then ".join(roles[part].name if part in roles else part for part in key.split("-")) or "Not noted"


def _version(span: Span, sheets: Sheets) -> dict[str, Any]:
    """The answers to one questionnaire, and how far people got with it."""
    questions, left = sheets.questionnaire.questions, statistics.unfinished(span, sheets.questionnaire)
    begun = reached = sheets.total + sum(left)
    rows, answers = [], []
    for question, count, counts in zip(questions, left, sheets.chosen, strict=True):
        rows.append((question, reached, _per_cent(reached, begun), count))
        reached -= count
        chosen = [(option, n, _per_cent(n, sheets.total)) for option, n in zip(question.options, counts, strict=True)]
        answers.append((question, chosen))
    return {
        "version": sheets.questionnaire.version,
        "total": sheets.total,
        "answers": answers if sheets.total else [],
        "begun": begun,
        "unfinished": begun - sheets.total,
        "reached": rows,
    }


def _per_cent(count: int, total: int) -> float:
    return round(100 * count / total, 1) if total else 0.0


def _votes(span: Span) -> dict[str, Any]:
    roles = catalogue().roles
    votes = statistics.votes(span, roles)
    real, right = votes.real.total(), votes.right
    confusion = [(role, [votes.real[role.id, other] for other in roles]) for role in roles.values()]
    return {
        "votes": votes,
        "verdicts": [(roles[role], _verdicts(counts)) for role, counts in votes.verdicts.items() if counts],
        "real": real,
        "confusion": [(role, counts, sum(counts)) for role, counts in confusion],
        "agreement": (right, _per_cent(right, real), *wilson(right, real)) if real else None,
        "roles": list(roles.values()),
    }


GROUPS = {
    "all": "All",
    "result": "Their result is this role",
    "another": "Their result is another role",
    "no result": "Came without a result",
    **{band: f"Score: {name}" for band, name in BANDS},
}


def _auditions(span: Span) -> list[tuple[Role, list[dict[str, Any]]]]:
    """For each role that was tried its groups, in the order of GROUPS, each with shares and intervals."""
    totals, roles = statistics.auditions(span, catalogue().roles), catalogue().roles
    return [
        (roles[role], [_group(GROUPS[name], groups[name]) for name in GROUPS if name in groups])
        for role, groups in totals.items()
        if groups
    ]


def _group(name: str, group: statistics.Group) -> dict[str, Any]:
    return {
        "name": name,
        "n": group.n,
        "liked": (_per_cent(group.liked, group.n), *wilson(group.liked, group.n)),
        "evening": (_per_cent(group.evening, group.n), *wilson(group.evening, group.n)),
    }


def _verdicts(counts: Counter[str]) -> dict[str, Any]:
    n, yes = counts.total(), counts["yes"]
    return {"n": n, "counts": counts, "share": _per_cent(yes, n), "interval": wilson(yes, n)}
