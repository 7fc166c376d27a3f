"""Questionnaire → Figures, from every possible answer sheet, and the limits for a questionnaire.

Only `manage.py quiz_report` needs this (and numpy): the site shows the figures stored in `content/figures/`. Sheets with the same points
get the same role, so it goes through the different points that the goals questions and the others can come to, with how many sheets
give them. How sure results are depends on each answer; that is measured on a sample.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from quiz.domain import Figures, Question, Questionnaire
from quiz.scoring import Points, Scale, confidence, scale_of

LEAST_SHARE, MOST_SHARE, MOST_TIES = 28.0, 39.0, 3.0
SAMPLE = 20_000

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Report:
    """`idle` are the options ("question.option") that never change a result."""

    figures: Figures
    idle: tuple[str, ...]

    def faults(self) -> Iterator[str]:
        """The figures that are outside the limits."""
        for role, share in self.figures.shares.items():
            if not LEAST_SHARE <= share <= MOST_SHARE:
                yield f"{role}: {share} % of all sheets; it must be {LEAST_SHARE} to {MOST_SHARE} %"
        if self.figures.ties > MOST_TIES:
            yield f"ties: {self.figures.ties} % of all sheets; it must be at most {MOST_TIES} %"
        for option in self.idle:
            yield f"{option}: choosing it never changes a result"


def report(questionnaire: Questionnaire) -> Report:
    roles, ties = _roles(questionnaire)
    everything = roles.total()
    influence: dict[str, float] = {}
    idle: list[str] = []
    for question in questionnaire.weighted:
        turned, used = _turned(questionnaire, question)
        influence[question.id] = round(100 * turned / (everything * (len(question.options) - 1)), 1)
        idle += [f"{question.id}.{option.id}" for i, option in enumerate(question.options) if i not in used]
    figures = Figures(
        version=questionnaire.version,
        sheets=everything,
        shares={role: round(100 * roles[r] / everything, 1) for r, role in enumerate(questionnaire.roles)},
        ties=round(100 * ties / everything, 1),
        confidence=_confidence(questionnaire),
        influence=influence,
    )
    return Report(figures, tuple(idle))


def _roles(questionnaire: Questionnaire) -> tuple[Counter[int], int]:
    """How many sheets give each role, by its number, and how many are tied before the rule."""
    table, roles, ties = _Table(scale_of(questionnaire)), Counter[int](), 0
    for goals, rest, sheets in _ways(table.scale, questionnaire.weighted):
        role, tied = table.roles(rest + goals, goals)
        for number, count in enumerate(np.bincount(role, sheets).tolist()):
            roles[number] += round(count)
        ties += int(sheets[tied].sum())
    return roles, ties


def _turned(questionnaire: Questionnaire, question: Question) -> tuple[int, set[int]]:
    """On how many sheets, counted for each other answer to a question, that answer changes the role; and which answers ever do."""
    table, turned, used = _Table(scale_of(questionnaire)), 0, set[int]()
    others = [other for other in questionnaire.weighted if other is not question]
    vectors = [np.array(table.scale.vectors[option]) for option in question.options]
    for goals, rest, sheets in _ways(table.scale, others):
        on_goals = [goals + vector * (question.axis == "goals") for vector in vectors]
        roles = [table.roles(rest + goals + vector, own)[0] for vector, own in zip(vectors, on_goals, strict=True)]
        for (i, one), (j, other) in combinations(enumerate(roles), 2):
            if count := int(sheets[one != other].sum()):
                turned += 2 * count
                used |= {i, j}
    return turned, used


def _ways(scale: Scale, questions: Sequence[Question]) -> Iterator[tuple[Ints, Ints, Ints]]:
    """For each different points of the goals questions: they, the different points of the other questions, and how many ways
    of answering give both."""
    goals, rest = (_distribution(scale, [q for q in questions if (q.axis == "goals") is own]) for own in (True, False))
    points, counts = np.array(list(rest)), np.array(list(rest.values()))
    for vector, count in goals.items():
        yield np.array(vector), points, counts * count


def _distribution(scale: Scale, questions: Sequence[Question]) -> Counter[Points]:
    """How many ways of answering these questions give each points."""
    ways = Counter({scale.points([]): 1})
    for question in questions:
        wider: Counter[Points] = Counter()
        for option in question.options:
            for points, count in ways.items():
                wider[tuple(map(sum, zip(points, scale.vectors[option], strict=True)))] += count
        ways = wider
    return ways


def _confidence(questionnaire: Questionnaire) -> dict[str, float]:
    """The share in per cent of each word, on random sheets."""
    table, draw, questions = (
        _Table(scale_of(questionnaire)),
        random.Random(questionnaire.version),
        questionnaire.weighted,
    )
    picks = [np.array([draw.randrange(len(q.options)) for _ in range(SAMPLE)]) for q in questions]
    vectors = [np.array([table.scale.vectors[option] for option in q.options]) for q in questions]
    given = [vector[pick] for vector, pick in zip(vectors, picks, strict=True)]
    is_goal = [q.axis == "goals" for q in questions]
    total = np.sum(given, axis=0)
    goals = np.sum([points for points, own in zip(given, is_goal, strict=True) if own], axis=0)
    role = table.roles(total, goals)[0]
    moves = [
        [vector[(pick + step) % len(vector)] - vector[pick] for step in range(1, len(vector))]
        for vector, pick in zip(vectors, picks, strict=True)
    ]
    kept, ways = np.zeros(SAMPLE, dtype=np.int64), 0
    for (i, firsts), (j, seconds) in combinations(enumerate(moves), 2):
        for first in firsts:
            for second in seconds:
                kept += table.roles(total + first + second, goals + first * is_goal[i] + second * is_goal[j])[0] == role
                ways += 1
    words = Counter(confidence(100 * count // ways) for count in kept.tolist())
    return {word: round(100 * words[word] / SAMPLE, 1) for word in ("clear", "likely", "close call")}


class _Table:
    """The role of many sheets at once, by their points."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self._ranks, self._goals_ranks = [list(map(_Ranks, ranks)) for ranks in (scale.ranks, scale.goals_ranks)]

    def roles(self, total: Ints, goals: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """The number of the role of each row of points, and which rows are tied. `goals` is one row for all, or one for each."""
        ranks = np.stack([ranks(total[..., r]) for r, ranks in enumerate(self._ranks)], axis=-1)
        best = ranks == ranks.max(axis=-1, keepdims=True)
        tied = best.sum(axis=-1) > 1
        role = best.argmax(axis=-1)
        if tied.any():
            of_goals = np.stack([ranks(goals[..., r]) for r, ranks in enumerate(self._goals_ranks)], axis=-1)
            role[tied] = np.where(best, of_goals, -1)[tied].argmax(axis=-1)  # the first of those that are level
        return role, tied


class _Ranks:
    """A lookup table of the ranks of a role."""

    def __init__(self, ranks: dict[int, int]) -> None:
        self._least = min(ranks)
        self._table = np.array([ranks.get(points, 0) for points in range(self._least, max(ranks) + 1)])

    def __call__(self, points: Ints) -> Ints:
        found: Ints = self._table[points - self._least]
        return found
