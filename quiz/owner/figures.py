"""Questionnaire → Figures, from every possible answer sheet, and the limits for a questionnaire.

Only `manage.py quiz_report` needs this (and numpy): the site shows the figures stored in `content/figures/`. The sheets
come in blocks of some hundred thousand. The points of a sheet, one number a role, are coded as a single whole number: then
changing an answer is one addition, and finding the result one lookup in a table.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
import numpy.typing as npt

from quiz.domain import Figures, Question, Questionnaire
from quiz.scoring import CLOSE_MARGIN, Points, Scale, confidence, scale_of

LEAST_SHARE, MOST_SHARE, MOST_TIES = 28.0, 39.0, 3.0
BLOCK = 1 << 19
TIED = -1  # in place of the number of a role

Ints = npt.NDArray[np.int32]


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
    tally = _tally(_Table(scale_of(questionnaire), questionnaire.weighted))
    everything = tally.roles.total()

    def per_cent(count: int, of: int = everything) -> float:
        return round(100 * count / of, 1)

    figures = Figures(
        version=questionnaire.version,
        sheets=everything,
        shares={role: per_cent(tally.roles[r]) for r, role in enumerate(questionnaire.roles)},
        ties=per_cent(tally.ties),
        confidence={name: per_cent(tally.confidence[name]) for name in ("clear", "likely", "close call")},
        influence={
            question.id: per_cent(tally.turned[question.id], everything * (len(question.options) - 1))
            for question in questionnaire.weighted
        },
    )
    every = (f"{question.id}.{option.id}" for question in questionnaire.weighted for option in question.options)
    return Report(figures, tuple(option for option in every if option not in tally.used))


@dataclass
class _Tally:
    """Numbers of sheets: by role, tied, by confidence, and by question at which another answer changes the result; and the
    options ("question.option") that ever do."""

    roles: Counter[int]
    ties: int
    confidence: Counter[str]
    turned: Counter[str]
    used: set[str]


def _tally(table: "_Table") -> _Tally:
    tally = _Tally(Counter(), 0, Counter(), Counter(), set())
    for picks, total, goals in table.sheets():
        role = table.role(total, goals)
        tally.roles.update(dict(enumerate(np.bincount(role).tolist())))
        tally.ties += int((table.roles[total] == TIED).sum())
        turns = np.zeros(len(role), dtype=np.int64)
        for number in range(len(table.questions)):
            turns += _turned(table, number, picks[number], total, goals, role, tally).astype(np.int64)
        for (count, margin), sheets in Counter(zip(turns.tolist(), table.margins[total].tolist(), strict=True)).items():
            tally.confidence[confidence(count, margin)] += sheets
    return tally


def _turned(
    table: "_Table", number: int, picks: Ints, total: Ints, goals: Ints, role: npt.NDArray[np.int8], tally: _Tally
) -> npt.NDArray[np.bool_]:
    """The sheets for which another answer to this question changes the role."""
    question, steps = table.questions[number], table.steps[number]
    turned = np.zeros(len(role), dtype=bool)
    for option, step in zip(question.options, steps, strict=True):
        moved = step - steps[picks]
        changed = table.role(total + moved, goals + moved * (question.axis == "goals")) != role
        tally.turned[question.id] += int(changed.sum())
        turned |= changed
        if changed.any():
            tally.used.add(f"{question.id}.{option.id}")
    return turned


class _Table:
    """Lookup tables by coded points: the role of a sheet (or TIED), and whether its margin is close."""

    def __init__(self, scale: Scale, questions: Sequence[Question]) -> None:
        self.scale, self.questions = scale, questions
        sizes = [max(ranks) - min(ranks) + 1 for ranks in scale.ranks]
        self.strides = [prod(sizes[r + 1 :]) for r in range(len(sizes))]
        self.start = -self.code(tuple(map(min, scale.ranks)))
        self.steps: list[Ints] = [
            np.array([self.code(scale.vectors[option]) for option in question.options], dtype=np.int32)
            for question in questions
        ]
        self.roles = np.zeros(prod(sizes), dtype=np.int8)
        self.margins = np.zeros(prod(sizes))
        self.points: dict[int, Points] = {}
        for total in self.reachable(questions):
            code = self.start + self.code(total)
            ranks = [scale.ranks[r][points] for r, points in enumerate(total)]
            first, second, *_ = sorted(scale.fit(total).values(), reverse=True)
            self.points[code] = total
            self.margins[code] = 0.0 if round(first - second, 1) < CLOSE_MARGIN else CLOSE_MARGIN
            self.roles[code] = TIED if ranks.count(max(ranks)) > 1 else ranks.index(max(ranks))
        self.goals = {self.code(p): p for p in self.reachable([q for q in questions if q.axis == "goals"])}

    def code(self, total: Points) -> int:
        return sum(number * stride for number, stride in zip(total, self.strides, strict=True))

    def role(self, total: Ints, goals: Ints) -> npt.NDArray[np.int8]:
        roles: npt.NDArray[np.int8] = self.roles[total]
        for i in np.flatnonzero(roles == TIED):
            ranking = self.scale.ranking(self.points[int(total[i])], self.goals[int(goals[i])])
            roles[i] = self.scale.roles.index(ranking[0])
        return roles

    def sheets(self) -> Iterator[tuple[list[Ints], Ints, Ints]]:
        """Blocks of sheets: the picks at each question, the coded points, and those of the goals questions alone."""
        sizes = [len(steps) for steps in self.steps]
        inner = len(sizes) - 1
        while inner and prod(sizes[inner - 1 :]) <= BLOCK:
            inner -= 1
        grid = np.indices(sizes[inner:], dtype=np.int32).reshape(len(sizes) - inner, -1)
        for outer in product(*(range(size) for size in sizes[:inner])):
            picks = [np.full(grid.shape[1], pick, dtype=np.int32) for pick in outer] + list(grid)
            chosen = [steps[pick] for steps, pick in zip(self.steps, picks, strict=True)]
            goals = [step for step, question in zip(chosen, self.questions, strict=True) if question.axis == "goals"]
            zero = np.zeros(grid.shape[1], dtype=np.int32)
            yield picks, sum(chosen, zero + np.int32(self.start)), sum(goals, zero)

    def reachable(self, questions: Sequence[Question]) -> set[Points]:
        """All points that answers to these questions can have."""
        totals = {self.scale.points([])}
        for question in questions:
            vectors = [self.scale.vectors[option] for option in question.options]
            totals = {tuple(map(sum, zip(total, vector, strict=True))) for total in totals for vector in vectors}
        return totals
