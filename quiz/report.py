"""Questionnaire → Figures, by exact enumeration of every answer sheet, and the limits that a questionnaire must keep.

Only `manage.py quiz_report` needs this (and numpy): the site shows the figures stored in `content/figures/`. The sheets are
gone through in blocks of some hundred thousand. Within it the points of a sheet, one number a role, are coded as a single
whole number, so that changing an answer is one addition and looking up the result one read from a table.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
import numpy.typing as npt

from quiz.domain import ROLE_IDS, Figures, Question, Questionnaire
from quiz.scoring import CLOSE_MARGIN, Points, Scale, add, confidence, points, scale_of

LEAST_SHARE, MOST_SHARE, MOST_TIES = 28.0, 39.0, 3.0
BLOCK = 1 << 19
TIED = len(ROLE_IDS)

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Report:
    """`idle` are the options ("question.option") whose choice never changes a result."""

    figures: Figures
    idle: tuple[str, ...]

    def faults(self) -> Iterator[str]:
        """What is outside the limits."""
        for role, share in self.figures.shares.items():
            if not LEAST_SHARE <= share <= MOST_SHARE:
                yield f"{role}: {share} % of all sheets, and must be {LEAST_SHARE} to {MOST_SHARE} %"
        if self.figures.ties > MOST_TIES:
            yield f"ties: {self.figures.ties} % of all sheets, and must be at most {MOST_TIES} %"
        for option in self.idle:
            yield f"{option}: choosing it never changes a result"


def report(questionnaire: Questionnaire) -> Report:
    questions = questionnaire.weighted
    table = _Table(scale_of(questionnaire), questions)
    roles, ties, turned = np.zeros(len(ROLE_IDS), dtype=np.int64), 0, [0] * len(questions)
    confidences: Counter[str] = Counter()
    used: set[str] = set()

    for picks, total, goals in table.sheets():
        role = table.role(total, goals)
        roles += np.bincount(role, minlength=len(ROLE_IDS))
        ties += int((table.roles[total] == TIED).sum())
        turns = np.zeros(len(role), dtype=np.int64)
        for number, question in enumerate(questions):
            steps = table.steps[number]
            turns_here = np.zeros(len(role), dtype=bool)
            for option, step in zip(question.options, steps, strict=True):
                moved = step - steps[picks[number]]
                changed = table.role(total + moved, goals + moved * (question.axis == "goals")) != role
                turned[number] += int(changed.sum())
                turns_here |= changed
                if changed.any():
                    used.add(f"{question.id}.{option.id}")
            turns += turns_here
        for (count, margin), sheets in Counter(zip(turns.tolist(), table.margins[total].tolist(), strict=True)).items():
            confidences[confidence(count, margin)] += sheets

    everything = int(roles.sum())

    def per_cent(count: int, of: int = everything) -> float:
        return round(100 * count / of, 1)

    figures = Figures(
        version=questionnaire.version,
        sheets=everything,
        shares={role: per_cent(int(count)) for role, count in zip(ROLE_IDS, roles, strict=True)},
        ties=per_cent(ties),
        confidence={name: per_cent(confidences[name]) for name in ("clear", "likely", "close call")},
        influence={
            question.id: per_cent(count, everything * (len(question.options) - 1))
            for question, count in zip(questions, turned, strict=True)
        },
    )
    every = (f"{question.id}.{option.id}" for question in questions for option in question.options)
    return Report(figures, tuple(option for option in every if option not in used))


class _Table:
    """What the coded points of a sheet come to: its role (or TIED) and whether its margin is close."""

    def __init__(self, scale: Scale, questions: Sequence[Question]) -> None:
        self.scale, self.questions = scale, questions
        least = [min(ranks) for ranks in scale.ranks]
        sizes = [max(ranks) - min(ranks) + 1 for ranks in scale.ranks]
        self.strides = [prod(sizes[r + 1 :]) for r in range(len(sizes))]
        self.start = -self.code(tuple(least))
        self.steps: list[Ints] = [
            np.array([self.code(points([option])) for option in question.options], dtype=np.int32)
            for question in questions
        ]
        self.roles = np.zeros(prod(sizes), dtype=np.int8)
        self.margins = np.zeros(prod(sizes))
        self.points: dict[int, Points] = {}
        for total in _reachable(questions):
            code = self.start + self.code(total)
            fit = scale.fit(total)
            ranks = sorted((scale.ranks[r][total[r]] for r in range(len(ROLE_IDS))), reverse=True)
            first, second, _ = sorted(fit.values(), reverse=True)
            self.points[code] = total
            self.margins[code] = 0.0 if round(first - second, 1) < CLOSE_MARGIN else CLOSE_MARGIN
            best = max(range(len(ROLE_IDS)), key=lambda r: scale.ranks[r][total[r]])
            self.roles[code] = TIED if ranks[0] == ranks[1] else best
        self.goals = {self.code(p): p for p in _reachable([q for q in questions if q.axis == "goals"])}

    def code(self, total: Points) -> int:
        return sum(number * stride for number, stride in zip(total, self.strides, strict=True))

    def role(self, total: Ints, goals: Ints) -> npt.NDArray[np.int8]:
        roles: npt.NDArray[np.int8] = self.roles[total]
        for i in np.flatnonzero(roles == TIED):
            ranking = self.scale.ranking(self.points[int(total[i])], self.goals[int(goals[i])])
            roles[i] = ROLE_IDS.index(ranking[0])
        return roles

    def sheets(self) -> Iterator[tuple[list[Ints], Ints, Ints]]:
        """Blocks of sheets: the picks at each question, the coded points, and the coded points of the goals alone."""
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


def _reachable(questions: Sequence[Question]) -> set[Points]:
    found = {points([])}
    for question in questions:
        found = {add([so_far, points([option])]) for so_far in found for option in question.options}
    return found
