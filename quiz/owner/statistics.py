"""What the owner's page and files say about a span of days."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, QuerySet, Sum

from quiz import codes
from quiz.domain import Questionnaire, RoleId
from quiz.http import result_url
from quiz.models import Audition, Completion, FitVote, Unfinished
from quiz.owner import daily
from quiz.tried import ENOUGH, EVENINGS


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


class Sheets:
    """The complete answers to one questionnaire: how many there are, and how many chose each option of each question."""

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
    confidence: Counter[str]
    routes: Counter[str]
    sheets: list[Sheets]

    @property
    def roles(self) -> Counter[str]:
        return sum(self.days.values(), Counter())

    @property
    def total(self) -> int:
        return self.confidence.total()


def completions(span: Span, questionnaires: Mapping[int, Questionnaire]) -> Completions:
    sheets = {str(version): Sheets(questionnaire) for version, questionnaire in questionnaires.items()}
    totals = Completions({day: Counter() for day in span.days}, Counter(), Counter(), list(sheets.values()))
    for day, counts in daily.counts(span.first, span.last, questionnaires).items():
        for role, confidence, route, count in counts["groups"]:
            totals.days[day][role] += count
            totals.confidence[confidence] += count
            totals.routes[route] += count
        for version in counts["sheets"].keys() & sheets.keys():  # a questionnaire may have been taken back
            sheets[version].add(counts["sheets"][version], counts["chosen"][version])
    return totals


@dataclass(frozen=True)
class Votes:
    verdicts: dict[RoleId, Counter[str]]  # by the role that the result gave
    real: Counter[tuple[str, str]]  # by that role and the real one, for those who said it

    @property
    def n(self) -> int:
        return sum(counts.total() for counts in self.verdicts.values())

    @property
    def right(self) -> int:
        """How many have the role that their result gave."""
        return sum(count for (given, real), count in self.real.items() if given == real)


def votes(span: Span, roles: Iterable[RoleId]) -> Votes:
    totals = Votes({role: Counter() for role in roles}, Counter())
    for given, verdict, real, count in span.votes().values_list("given", "verdict", "role").annotate(n=Count("*")):
        if given in totals.verdicts:  # the first votes noted no role
            totals.verdicts[given][verdict] += count
            if real:
                totals.real[given, real] += count
    return totals


@dataclass
class Group:
    """Auditions that have something in common: how many, how many were liked, and after how many an evening would be welcome."""

    n: int = 0
    liked: int = 0
    evening: int = 0

    def add(self, n: int, liked: int, evening: int) -> None:
        self.n += n
        self.liked += n * (liked >= ENOUGH)
        self.evening += n * (evening == max(EVENINGS))


def auditions(span: Span, roles: Iterable[RoleId]) -> dict[RoleId, dict[str, Group]]:
    """For each role its auditions, by whether the result named the role and by score; groups without auditions are left out."""
    totals: dict[RoleId, dict[str, Group]] = {role: {} for role in roles}
    rows = Audition.objects.filter(when__range=span.times).values_list("role", "given", "band", "liked", "evening")
    for role, given, band, liked, evening, n in rows.annotate(n=Count("*")):
        result = "result" if given == role else "another" if given else "no result"
        for name in ("all", result, band) if role in totals else ():
            if name:
                totals[role].setdefault(name, Group()).add(n, liked, evening)
    return totals


def unfinished(span: Span, questionnaire: Questionnaire) -> list[int]:
    """How many left at each question."""
    rows = Unfinished.objects.filter(day__range=(span.first, span.last), version=questionnaire.version)
    left = dict(rows.values_list("number").annotate(Sum("count")))
    return [left.get(number, 0) for number in range(1, len(questionnaire.questions) + 1)]


def completion_rows(span: Span, questionnaires: Mapping[int, Questionnaire]) -> Iterator[list[str]]:
    """A heading, then a line a completion, with the ids of the options chosen at every question."""
    ids = list(dict.fromkeys(question.id for known in questionnaires.values() for question in known.questions))
    yield ["when", "role", "confidence", "route", "result", "version", *ids]
    # By time, which has an index: the first line comes at once.
    rows = Completion.objects.filter(when__range=span.times).order_by("when")
    for when, *row, code in rows.values_list("when", "role", "confidence", "route", "code").iterator():
        try:
            answers = codes.parse(code, questionnaires)
        except codes.CodeError:
            answered = [""] * (1 + len(ids))
        else:
            chosen = ("+".join(option.id for option in answers.chosen(id_)) for id_ in ids)
            answered = [str(answers.questionnaire.version), *chosen]
        yield [_time(when), *row, _address(code), *answered]


def vote_rows(span: Span) -> Iterator[list[str]]:
    yield ["when", "given", "verdict", "real role", "result"]
    rows = span.votes().order_by("when").values_list("when", "given", "verdict", "role", "code")
    for when, *row, code in rows.iterator():
        yield [_time(when), *row, _address(code)]


def _address(code: str) -> str:
    """The result of a code: a spreadsheet would take some codes for numbers."""
    return f"{settings.SITE_URL}{result_url(code)}"


def _time(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"
