"""Answers → Profile: how well each role fits, how sure that is, and which single answers would change it.

The weights of a question sum to 0 for each role (`faults.py` checks it), so the weight of an answer is also its distance
from the question's average.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import eq, gt
from typing import Literal, NamedTuple

from quiz.domain import Answers, Option, Question, Questionnaire, RoleId

Confidence = Literal["clear", "likely", "close call"]
Points = tuple[int, ...]  # one number a role, in the order of the questionnaire's roles
# Of 100 ways of answering two questions differently, how many keep the role. Measured on 114 sheets of three readers, this share
# orders them as repeated answering with 30 % of noise does; the margin and the number of single turns do not.
CLEAR, LIKELY = 99, 90
BALANCED_SPREAD = 10.0


@dataclass(frozen=True)
class Entry:
    """A question, the answer to it, and the points it gave each role."""

    question: Question
    options: tuple[Option, ...]
    points: dict[RoleId, int]


@dataclass(frozen=True)
class Change:
    """Choosing `option` at `question`, with all other answers the same, would make `role` the result."""

    question: Question
    option: Option
    role: RoleId


class Move(NamedTuple):
    """Another answer to a question, with what it changes: the points in all, and those of the goals questions."""

    question: Question
    option: Option
    points: Points
    goals: Points


@dataclass(frozen=True)
class Profile:
    """`fit` is 0 to 100, in the order of the questionnaire's roles. `stability` is how many in 100 ways of answering any two
    weighted questions differently keep the role, rounded down."""

    ranking: tuple[RoleId, ...]
    fit: dict[RoleId, float]
    stability: int
    changes: tuple[Change, ...]
    ledger: tuple[Entry, ...]

    @property
    def confidence(self) -> Confidence:
        return confidence(self.stability)

    @property
    def margin(self) -> float:
        """How far apart the first two roles are. It says nothing about how sure the result is."""
        return round(self.fit[self.role] - self.fit[self.runner_up], 1)

    @property
    def role(self) -> RoleId:
        return self.ranking[0]

    @property
    def runner_up(self) -> RoleId:
        return self.ranking[1]

    @property
    def balanced(self) -> bool:
        """Whether all roles fit about equally well."""
        return max(self.fit.values()) - min(self.fit.values()) <= BALANCED_SPREAD


def profile(answers: Answers) -> Profile:
    """The profile of complete answers."""
    scale = scale_of(answers.questionnaire)
    ledger = tuple(
        Entry(question, options, dict(zip(scale.roles, scale.points(options), strict=True)))
        for number, question in enumerate(answers.questionnaire.questions)
        for options in [answers.options(number)]
    )
    total = scale.points(option for entry in ledger for option in entry.options)
    goals = scale.points(option for entry in ledger if entry.question.axis == "goals" for option in entry.options)
    given = [entry.options[0] for entry in ledger if entry.question.axis != "setup"]
    stable = stability(scale, given, total, goals)
    changes = tuple(_changes(scale, given, total, goals)) if stable < 100 else ()
    return Profile(scale.ranking(total, goals), scale.fit(total), stable, changes, ledger)


def confidence(stability: int) -> Confidence:
    return "clear" if stability >= CLEAR else "likely" if stability >= LIKELY else "close call"


def _changes(scale: "Scale", given: Iterable[Option], total: Points, goals: Points) -> Iterator[Change]:
    role = scale.best(total, goals)
    for option in given:
        for move in scale.moves[option]:
            turned = scale.best(_plus(total, move.points), _plus(goals, move.goals))
            if turned != role:
                yield Change(move.question, move.option, turned)


def stability(scale: "Scale", given: Sequence[Option], total: Points, goals: Points) -> int:
    """How many in 100 ways of answering two weighted questions differently keep the role, rounded down.

    Exact. The ways are gone through a question at a time, together with all changes to earlier questions; where even the two
    largest changes cannot turn the role there is nothing to go through.
    """
    role = scale.roles.index(scale.best(total, goals))
    if not _can_turn(scale, role, given, total):
        return 100
    kept = ways = 0
    earlier: list[Move] = []
    columns: list[list[int]] = [[] for _ in scale.roles]
    for option in given:
        for move in scale.moves[option]:
            moved = _plus(total, move.points)
            ranks = [
                [ranks[start + step] for step in column]
                for ranks, start, column in zip(scale.ranks, moved, columns, strict=True)
            ]
            mine = ranks.pop(role)
            rivals = list(map(max, *ranks)) if len(ranks) > 1 else ranks[0]
            kept += sum(map(gt, mine, rivals))
            if any(map(eq, mine, rivals)):
                level = [other for other, one, rival in zip(earlier, mine, rivals, strict=True) if one == rival]
                moved_goals = _plus(goals, move.goals)
                roles = [scale.best(_plus(moved, other.points), _plus(moved_goals, other.goals)) for other in level]
                kept += roles.count(scale.roles[role])
        ways += len(scale.moves[option]) * len(earlier)
        for move in scale.moves[option]:
            earlier.append(move)
            for column, step in zip(columns, move.points, strict=True):
                column.append(step)
    return 100 * kept // ways if ways else 100


def _can_turn(scale: "Scale", role: int, given: Sequence[Option], total: Points) -> bool:
    """Whether two changes can bring another role level, by those that take most from this role and give most to another."""

    def furthest(number: int, best: Callable[[Iterable[int]], int], two: slice) -> int:
        steps = sorted(best(move.points[number] for move in scale.moves[option]) for option in given)
        return scale.ranks[number][total[number] + sum(steps[two])]

    least = furthest(role, min, slice(2))
    return any(furthest(other, max, slice(-2, None)) >= least for other in range(len(scale.roles)) if other != role)


def _plus(points: Points, step: Points) -> Points:
    return tuple([a + b for a, b in zip(points, step, strict=True)])


@dataclass(frozen=True, eq=False)
class Scale:
    """Turns points into fit, a percentile among all answer sheets. In whole numbers, `ranks[r][p]` is twice the number of
    sheets that give role r fewer than p points, plus the number that give it exactly p; `top` is twice the number of sheets."""

    roles: tuple[RoleId, ...]
    top: int
    ranks: tuple[dict[int, int], ...]
    goals_ranks: tuple[dict[int, int], ...]
    vectors: dict[Option, Points]
    moves: dict[Option, tuple[Move, ...]]  # by the option that was given

    def points(self, options: Iterable[Option]) -> Points:
        total = (0,) * len(self.roles)
        for option in options:
            total = _plus(total, self.vectors[option])
        return total

    def ranking(self, total: Points, goals: Points) -> tuple[RoleId, ...]:
        """Best first: by fit, then by fit on the goals questions alone, then in the questionnaire's order."""
        keys = [(-self.ranks[r][total[r]], -self.goals_ranks[r][goals[r]], r) for r in range(len(self.roles))]
        return tuple(self.roles[r] for *_, r in sorted(keys))

    def best(self, total: Points, goals: Points) -> RoleId:
        """The first of the ranking, without sorting: this is called for every other answer to every question."""
        ranks = [ranks[points] for ranks, points in zip(self.ranks, total, strict=True)]
        top = max(ranks)
        return self.ranking(total, goals)[0] if ranks.count(top) > 1 else self.roles[ranks.index(top)]

    def fit(self, total: Points) -> dict[RoleId, float]:
        return {role: round(100 * self.ranks[r][total[r]] / self.top, 1) for r, role in enumerate(self.roles)}


@cache
def scale_of(questionnaire: Questionnaire) -> Scale:
    """The exact scale of a questionnaire, by convolution over its questions."""
    weighted, roles = questionnaire.weighted, questionnaire.roles
    goals = [question for question in weighted if question.axis == "goals"]
    counts = [distribution(weighted, role) for role in roles]
    options = (option for question in questionnaire.questions for option in question.options)
    vectors = {option: tuple(option.weights.get(role, 0) for role in roles) for option in options}
    return Scale(
        roles=roles,
        top=2 * counts[0].total(),
        ranks=tuple(_ranks(count) for count in counts),
        goals_ranks=tuple(_ranks(distribution(goals, role)) for role in roles),
        vectors=vectors,
        moves={given: tuple(_moves(question, given, vectors)) for question in weighted for given in question.options},
    )


def _moves(question: Question, given: Option, vectors: dict[Option, Points]) -> Iterator[Move]:
    for option in question.options:
        if option is not given:
            points = tuple(new - old for new, old in zip(vectors[option], vectors[given], strict=True))
            yield Move(question, option, points, points if question.axis == "goals" else (0,) * len(points))


def distribution(questions: Iterable[Question], role: RoleId) -> Counter[int]:
    """How many ways of answering these questions give this role each number of points."""
    counts = Counter({0: 1})
    for question in questions:
        wider: Counter[int] = Counter()
        for option in question.options:
            for so_far, count in counts.items():
                wider[so_far + option.weights.get(role, 0)] += count
        counts = wider
    return counts


def _ranks(counts: Counter[int]) -> dict[int, int]:
    ranks, below = {}, 0
    for value in sorted(counts):
        ranks[value] = 2 * below + counts[value]
        below += counts[value]
    return ranks
