"""The owner's statistics, in the admin and for staff only."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from quiz.catalogue import catalogue
from quiz.counting import wilson
from quiz.models import today
from quiz.owner import charts, daily, statistics
from quiz.owner.statistics import Sheets, Span

DAYS = 28
PRESETS = ((7, "7 days"), (DAYS, "28 days"), (91, "3 months"), (365, "a year"))
LONGEST_DAYS = 20 * 366
LINES = 500  # of a CSV file, sent at a time


class SpanError(ValueError):
    """Invalid date range; the message says why."""


@require_safe
def statistics_page(request: HttpRequest) -> HttpResponse:
    message = ""
    try:
        span = _span(request.GET)
    except SpanError as error:
        span, message = _last(DAYS), str(error)
    found = statistics.completions(span, catalogue().questionnaires)
    context = admin.site.each_context(request) | {
        "title": "Statistics",
        "message": message,
        "span": span,
        "presets": _presets(),
        "completions": found,
        **_days(found),
        "shares": [
            ("Roles", _shares(found.roles)),
            ("Confidence", _shares(found.confidence)),
            ("Routes", _shares(found.routes)),
        ],
        "versions": [_version(span, sheets) for sheets in reversed(found.sheets)],
        "counting_unfinished": settings.COUNT_UNFINISHED,
        **_votes(span),
    }
    return TemplateResponse(request, "admin/statistics.html", context)


@require_safe
def completions_csv(request: HttpRequest) -> HttpResponseBase:
    return _csv(request, "completions", lambda span: statistics.completion_rows(span, catalogue().questionnaires))


@require_safe
def votes_csv(request: HttpRequest) -> HttpResponseBase:
    return _csv(request, "votes", statistics.vote_rows)


def _csv(request: HttpRequest, name: str, rows: Callable[[Span], Iterable[list[str]]]) -> HttpResponseBase:
    """A file of any length, sent while it is read from the database; whoever stops it half-way stops the reading too."""
    try:
        span = _span(request.GET)
    except SpanError as error:
        return HttpResponse(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")
    response = StreamingHttpResponse(_lines(rows(span)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{span.first}-{span.last}.csv"'
    return response


def _lines(rows: Iterable[list[str]]) -> Iterator[str]:
    buffer = StringIO()
    writer = csv.writer(buffer)
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % LINES == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _span(data: QueryDict) -> Span:
    first, last = data.get("from", ""), data.get("to", "")
    try:
        span = Span(
            date.fromisoformat(str(first)) if first else _last(DAYS).first,
            date.fromisoformat(str(last)) if last else today(),
        )
    except ValueError:
        raise SpanError("A day looks like 2027-01-31.") from None
    if span.first > span.last:
        raise SpanError(f"The first day ({span.first}) is after the last ({span.last}), so nothing is between them.")
    if (span.last - span.first).days > LONGEST_DAYS or span.last == date.max:
        raise SpanError("That is longer than 20 years. Please choose fewer days.")
    return span


def _last(days: int) -> Span:
    return Span(today() - timedelta(days=days - 1), today())


def _presets() -> list[tuple[str, Span]]:
    spans = [(name, _last(days)) for days, name in PRESETS]
    first = daily.first_day()
    return [*spans, ("everything", Span(first, today()))] if first else spans


def _days(found: statistics.Completions) -> dict[str, Any]:
    """The drawing and the table of completions a day."""
    roles = catalogue().roles
    end = charts.axis(max(day.total() for day in found.days.values()))
    rows = [[day[role] for role in roles] for day in found.days.values()]
    return {
        "axis": end,
        "middle": end // 2,
        "stacks": list(zip(roles.values(), charts.stacks(rows, end), strict=True)),
        "rows": [(day, counts.total(), row) for (day, counts), row in zip(found.days.items(), rows, strict=True)],
    }


def _shares(counts: Counter[str]) -> list[tuple[str, str, int, float]]:
    """Each value with its words, its role's ink where it ends in one, how many, and the share."""
    return [(_words(key), key.rpartition("-")[2], n, _per_cent(n, counts.total())) for key, n in counts.most_common()]


def _words(key: str) -> str:
    names: dict[str, str] = {id_: role.name for id_, role in catalogue().roles.items()}
    return ", then ".join(names.get(part, part) for part in key.split("-")) or "Not noted"


def _version(span: Span, sheets: Sheets) -> dict[str, Any]:
    """What was answered at one questionnaire, and how far those came who left it."""
    left = statistics.unfinished(span, sheets.questionnaire)
    begun = reached = sheets.total + sum(left)
    rows = []
    for question, count in zip(sheets.questionnaire.questions, left, strict=True):
        rows.append((question, reached, _per_cent(reached, begun), count))
        reached -= count
    answers = [
        (
            question,
            [(option, n, _per_cent(n, sheets.total)) for option, n in zip(question.options, counts, strict=True)],
        )
        for question, counts in zip(sheets.questionnaire.questions, sheets.chosen, strict=True)
    ]
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
    found = statistics.votes(span, roles)
    real = found.real.total()
    return {
        "votes": found,
        "verdicts": [(roles[role], verdicts) for role, verdicts in found.verdicts.items() if verdicts.n],
        "real": real,
        "confusion": [
            (role, [found.real[role.id, other] for other in roles], sum(found.real[role.id, other] for other in roles))
            for role in roles.values()
        ],
        "agreement": (found.right, _per_cent(found.right, real), *wilson(found.right, real)) if real else None,
        "roles": list(roles.values()),
    }
