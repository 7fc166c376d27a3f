"""What the owner wants to know of a span of days."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, QuerySet, Sum

from quiz import codes
from quiz.counting import wilson
from quiz.domain import Questionnaire, RoleId
from quiz.models import Completion, FitVote, Unfinished
from quiz.owner import daily


@dataclass(frozen=True)
class Span:
    """From one day to another, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=i) for i in range((self.last - self.first).days + 1)]

    @property
    def times(self) -> tuple[datetime, datetime]:
        return datetime.combine(self.first, time.min, UTC), datetime.combine(self.last, time.max, UTC)

    def votes(self) -> QuerySet[FitVote]:
        return FitVote.objects.filter(when__range=self.times)

    def unfinished(self) -> QuerySet[Unfinished]:
        return Unfinished.objects.filter(day__range=(self.first, self.last))


class Sheets:
    """The complete answers to one questionnaire: how many there are, and for each question how many chose each option."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire, self.total = questionnaire, 0
        self.chosen = [[0] * len(question.options) for question in questionnaire.questions]

    def add(self, total: int, chosen: list[list[int]]) -> None:
        self.total += total
        for so_far, more in zip(self.chosen, chosen, strict=True):
            so_far[:] = map(sum, zip(so_far, more, strict=True))


@dataclass(frozen=True)
class Completions:
    days: dict[date, Counter[str]]  # by day, role by role
    roles: Counter[str]
    confidence: Counter[str]
    routes: Counter[str]
    sheets: list[Sheets]

    @property
    def total(self) -> int:
        return self.roles.total()


def completions(span: Span, questionnaires: Mapping[int, Questionnaire]) -> Completions:
    sheets = {str(version): Sheets(questionnaire) for version, questionnaire in questionnaires.items()}
    found = Completions({day: Counter() for day in span.days}, Counter(), Counter(), Counter(), list(sheets.values()))
    for day, counts in daily.counts(span.first, span.last, questionnaires).items():
        for role, confidence, route, count in counts["groups"]:
            found.days[day][role] += count
            found.roles[role] += count
            found.confidence[confidence] += count
            found.routes[route] += count
        for version, total in counts["sheets"].items():
            sheets[version].add(total, counts["chosen"][version])
    return found


@dataclass(frozen=True)
class Verdicts:
    """What people with this result said of it."""

    role: RoleId
    counts: Counter[str]

    @property
    def n(self) -> int:
        return self.counts.total()

    @property
    def share(self) -> float:
        """How many said yes, in per cent."""
        return round(100 * self.counts["yes"] / self.n, 1)

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.counts["yes"], self.n)


@dataclass(frozen=True)
class Votes:
    verdicts: dict[RoleId, Verdicts]
    real: Counter[tuple[str, str]]  # by role given and role in life, where it was said

    @property
    def n(self) -> int:
        return sum(verdicts.n for verdicts in self.verdicts.values())

    @property
    def right(self) -> int:
        """How many have the role that their result gave."""
        return sum(count for (given, real), count in self.real.items() if given == real)


def votes(span: Span, roles: Iterable[RoleId]) -> Votes:
    found = Votes({role: Verdicts(role, Counter()) for role in roles}, Counter())
    for given, verdict, real, count in span.votes().values_list("given", "verdict", "role").annotate(n=Count("*")):
        if given in found.verdicts:  # the first votes noted no role
            found.verdicts[given].counts[verdict] += count
            if real:
                found.real[given, real] += count
    return found


def unfinished(span: Span, questionnaire: Questionnaire) -> list[int]:
    """How many left at each question."""
    rows = span.unfinished().filter(version=questionnaire.version).values_list("number").annotate(Sum("count"))
    left = dict(rows)
    return [left.get(number, 0) for number in range(1, len(questionnaire.questions) + 1)]


def completion_rows(span: Span, questionnaires: Mapping[int, Questionnaire]) -> Iterator[list[str]]:
    """For a spreadsheet: a heading, then a line a completion, with the ids of the options chosen at every question."""
    ids = list(dict.fromkeys(q.id for sheet in questionnaires.values() for q in sheet.questions))
    yield ["when", "role", "confidence", "route", "code", "version", *ids]
    # By time, so that the index gives them in order and the first line comes at once.
    rows = Completion.objects.filter(when__range=span.times).order_by("when")
    for when, *row, code in rows.values_list("when", "role", "confidence", "route", "code").iterator():
        version, chosen = _chosen(code, questionnaires)
        yield [f"{when:%Y-%m-%dT%H:%M:%SZ}", *row, code, version, *(chosen.get(id_, "") for id_ in ids)]


def _chosen(code: str, questionnaires: Mapping[int, Questionnaire]) -> tuple[str, dict[str, str]]:
    """The version, and the ids of the options chosen at each question; nothing where the code is none of ours."""
    try:
        answers = codes.parse_so_far(code[:-1], questionnaires)
    except codes.CodeError:
        return "", {}
    if not answers.complete:
        return "", {}
    questionnaire = answers.questionnaire
    chosen = ("+".join(option.id for option in answers.options(i)) for i in range(len(answers.picks)))
    return str(questionnaire.version), dict(zip((q.id for q in questionnaire.questions), chosen, strict=True))


def vote_rows(span: Span) -> Iterator[list[str]]:
    yield ["when", "given", "verdict", "real role", "code"]
    rows = span.votes().order_by("when").values_list("when", "given", "verdict", "role", "code")
    for when, *row in rows.iterator():
        yield [f"{when:%Y-%m-%dT%H:%M:%SZ}", *row]
