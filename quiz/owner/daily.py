"""What the completions of each day come to. The database counts a day that is over once, and what it counted is kept."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import DatabaseError
from django.db.models import Aggregate, Count, Min, Q, TextField, Value
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from quiz import codes
from quiz.domain import Questionnaire
from quiz.models import Completion, DayCount, today

# {"groups": [[role, confidence, route, how many], …], "sheets": {version: how many}, "chosen": {version: by question, by option}}
Counts = dict[str, Any]
# What is recorded at midnight may be written a moment later.
OPEN_DAYS = 2


class Joined(Aggregate):
    """All values as one text, without anything between them."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def __init__(self, expression: str, **extra: Any) -> None:
        super().__init__(expression, Value(""), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="STRING_AGG", **context)


def first_day() -> date | None:
    """The day of the first completion."""
    found: date | None = Completion.objects.aggregate(first=Min("day"))["first"]
    return found


def counts(first: date, last: date, questionnaires: Mapping[int, Questionnaire]) -> dict[date, Counts]:
    """Of every day on which there can have been completions."""
    first, last = max(first, first_day() or last), min(last, today())
    kept: dict[date, Counts] = dict(DayCount.objects.filter(day__range=(first, last)).values_list("day", "counts"))
    missing = [day for i in range((last - first).days + 1) if (day := first + timedelta(days=i)) not in kept]
    if missing:
        counted = _count(missing[0], missing[-1], questionnaires)
        _keep({day: counted[day] for day in missing if day <= today() - timedelta(days=OPEN_DAYS)})
        kept |= {day: counted[day] for day in missing}
    return kept


def _keep(counted: dict[date, Counts]) -> None:
    try:
        rows = [DayCount(day=day, counts=found) for day, found in counted.items()]
        DayCount.objects.bulk_create(rows, ignore_conflicts=True)
    except DatabaseError:
        pass  # they are counted again the next time


def _count(first: date, last: date, questionnaires: Mapping[int, Questionnaire]) -> dict[date, Counts]:
    """In one pass over the index, in its order, so that nothing is sorted."""
    found: dict[date, Counts] = defaultdict(lambda: {"groups": [], "sheets": {}, "chosen": {}})
    texts: dict[tuple[date, int], list[str]] = defaultdict(list)
    rows = (
        Completion.objects.filter(day__range=(first, last)).order_by().values_list("day", "role", "confidence", "route")
    )
    of_versions = {f"codes_{version}": _codes(sheet) for version, sheet in questionnaires.items()}
    counted: Iterator[Any] = rows.annotate(n=Count("*"), **of_versions).iterator()
    for day, role, confidence, route, count, *joined in counted:
        found[day]["groups"].append([role, confidence, route, count])
        for version, text in zip(questionnaires, joined, strict=True):
            if text:
                texts[day, version].append(text)
    for (day, version), parts in texts.items():
        text, sheet = "".join(parts), questionnaires[version]
        found[day]["sheets"][str(version)] = len(text) // codes.length(sheet)
        found[day]["chosen"][str(version)] = tally(text, sheet)
    return found


def _codes(questionnaire: Questionnaire) -> Joined:
    """The codes of this questionnaire; what has another length is none."""
    size = Exact(Length("code"), codes.length(questionnaire))
    return Joined("code", filter=Q(size, code__startswith=codes.ALPHABET[questionnaire.version]))


def tally(joined: str, questionnaire: Questionnaire) -> list[list[int]]:
    """How often each option of each question was chosen, in complete codes that stand in `joined` one after another.

    A column of characters is counted at once: a million codes take a fraction of a second.
    """
    text, size, start, counts = joined.encode(), codes.length(questionnaire), 1, []
    for question in questionnaire.questions:
        columns = [text[start + i :: size] for i in range(codes.width(question))]
        start += len(columns)
        if question.kind == "one":
            counts.append([columns[0].count(ord(codes.ALPHABET[i])) for i in range(len(question.options))])
        else:
            counts.append([_with_bit(columns[i // 5], i % 5) for i in range(len(question.options))])
    return counts


def _with_bit(column: bytes, bit: int) -> int:
    return column.translate(_BITS[bit]).count(b"1")


# For each of the five bits of a character: which bytes have it.
_BITS = [
    bytes(
        ord("1") if chr(byte) in codes.ALPHABET and codes.ALPHABET.index(chr(byte)) >> bit & 1 else 0
        for byte in range(256)
    )
    for bit in range(5)
]
