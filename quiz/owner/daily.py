"""Daily totals of the completions. Those of a past day are counted once and cached in DayCount."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import DatabaseError
from django.db.models import Min

from quiz import codes
from quiz.domain import Option, Questionnaire
from quiz.models import Completion, DayCount, today

# {"groups": [[role, confidence, route, how many], …],
#  "sheets": {version: how many}, "chosen": {version: how many by question and option}}
Counts = dict[str, Any]
OPEN_DAYS = 2  # because a completion at midnight may be written a moment later


def first_day() -> date | None:
    """The day of the first completion."""
    day: date | None = Completion.objects.aggregate(first=Min("day"))["first"]
    return day


def counts(first: date, last: date, questionnaires: Mapping[int, Questionnaire]) -> dict[date, Counts]:
    """The totals of every day between the two, from the first completion until today."""
    first, last = max(first, first_day() or last), min(last, today())
    cached: dict[date, Counts] = dict(DayCount.objects.filter(day__range=(first, last)).values_list("day", "counts"))
    missing = [day for i in range((last - first).days + 1) if (day := first + timedelta(days=i)) not in cached]
    if missing:
        counted = dict(_count(missing[0], missing[-1], questionnaires))
        new = {day: counted.get(day, _totals([], {})) for day in missing}
        past = [DayCount(day=day, counts=new[day]) for day in new if day <= today() - timedelta(days=OPEN_DAYS)]
        with suppress(DatabaseError):  # then they are counted again next time
            DayCount.objects.bulk_create(past, ignore_conflicts=True)
        cached |= new
    return cached


def _count(first: date, last: date, questionnaires: Mapping[int, Questionnaire]) -> Iterator[tuple[date, Counts]]:
    rows = Completion.objects.filter(day__range=(first, last)).order_by("day")
    columns = rows.values_list("day", "role", "confidence", "route", "code")
    for day, completions in groupby(columns.iterator(), key=itemgetter(0)):
        yield day, _totals([completion[1:] for completion in completions], questionnaires)


def _totals(completions: list[tuple[str, ...]], questionnaires: Mapping[int, Questionnaire]) -> Counts:
    totals: Counts = {"groups": [], "sheets": {}, "chosen": {}}
    totals["groups"] = [[*group, count] for group, count in Counter(row[:3] for row in completions).items()]
    for version, questionnaire in questionnaires.items():
        start, length = codes.ALPHABET[version], codes.length(questionnaire)
        texts = [code for *_, code in completions if code.startswith(start) and len(code) == length]
        totals["sheets"][str(version)] = len(texts)
        totals["chosen"][str(version)] = tally(texts, questionnaire)
    return totals


def tally(texts: list[str], questionnaire: Questionnaire) -> list[list[int]]:
    """How often each option of each question was chosen, in the codes of complete answers. Decodes each different pick once."""
    start, tallies = 1, []
    for question in questionnaire.questions:
        end = start + codes.width(question)
        chosen: Counter[Option] = Counter()
        for characters, count in Counter(text[start:end] for text in texts).items():
            if (pick := codes.value(characters)) in range(question.picks):
                chosen.update(dict.fromkeys(question.chosen(pick), count))
        tallies.append([chosen[option] for option in question.options])
        start = end
    return tallies
