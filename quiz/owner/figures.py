"""Questionnaire → Figures, from every possible answer sheet, and the limits for a questionnaire.

Only `manage.py quiz_report` needs this: the site shows the figures stored in `content/figures/`. Sheets with the same points get
the same role, so it goes through the different points that answers can add up to, with how many sheets add up to them. How sure
results are depends on each answer; that is measured on a sample.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quiz.domain import Answers, Figures, Question, Questionnaire, RoleId
from quiz.scoring import TIE, Key, Scale, profile, scale_of

LEAST_SHARE, MOST_SHARE, MOST_TIES = 30.0, 37.0, 3.0
SAMPLE = 20_000


@dataclass(frozen=True)
class Report:
    """`idle` are the questions whose answers never change a result."""

    figures: Figures
    idle: tuple[str, ...]

    def faults(self) -> Iterator[str]:
        """The figures that are outside the limits."""
        for role, share in self.figures.shares.items():
            if not LEAST_SHARE <= share <= MOST_SHARE:
                yield f"{role}: {share} % of all sheets; it must be {LEAST_SHARE} to {MOST_SHARE} %"
        if self.figures.ties > MOST_TIES:
            yield f"ties: {self.figures.ties} % of all sheets; it must be at most {MOST_TIES} %"
        for question in self.idle:
            yield f"{question}: its answers never change a result"


def report(questionnaire: Questionnaire) -> Report:
    scale = scale_of(questionnaire)
    totals, roles = _ways(scale, questionnaire.weighted), Counter[RoleId]()
    for (role,), count in _outcomes(scale, questionnaire.weighted, [(0, 0)]):
        roles[role] += count
    everything = roles.total()
    turned = {question: _turned(scale, questionnaire, question) for question in questionnaire.weighted}
    figures = Figures(
        version=questionnaire.version,
        sheets=everything,
        shares={role: round(100 * roles[role] / everything, 1) for role in questionnaire.roles},
        ties=round(100 * sum(totals[key] for key in totals if scale.winners[key] == TIE) / everything, 1),
        confidence=_confidence(questionnaire),
        influence={q.id: round(100 * count / (everything * (len(q.options) - 1)), 1) for q, count in turned.items()},
    )
    return Report(figures, tuple(question.id for question, count in turned.items() if not count))


def _turned(scale: Scale, questionnaire: Questionnaire, question: Question) -> int:
    """On how many sheets, counted for each other answer to a question, that answer changes the role."""
    others = [other for other in questionnaire.weighted if other is not question]
    keys = [scale.keys[option] for option in question.options]
    steps = [(key, key if question.axis == "goals" else 0) for key in keys]
    return sum(
        count * sum(len(roles) - roles.count(role) for role in roles)
        for roles, count in _outcomes(scale, others, steps)
    )


def _outcomes(
    scale: Scale, questions: Sequence[Question], steps: Sequence[tuple[Key, Key]]
) -> Iterator[tuple[list[RoleId], int]]:
    """The roles after each step (points, and those of the goals questions) from all answers to these questions, and how many
    ways of answering give them. Only where roles are level does it look at the goals questions."""
    goals, rest = (_ways(scale, [q for q in questions if (q.axis == "goals") is own]) for own in (True, False))
    for key, count in _ways(scale, questions).items():
        roles = [scale.winners[key + step] for step, _ in steps]
        if TIE not in roles:
            yield roles, count
            continue
        for of_goals in goals:
            if ways := goals[of_goals] * rest[key - of_goals]:
                yield [scale.best(key + step, of_goals + goals_step) for step, goals_step in steps], ways


def _ways(scale: Scale, questions: Iterable[Question]) -> Counter[Key]:
    """How many ways of answering these questions add up to each key."""
    ways = Counter({0: 1})
    for question in questions:
        wider = Counter[Key]()
        for option in question.options:
            for key, count in ways.items():
                wider[key + scale.keys[option]] += count
        ways = wider
    return ways


def _confidence(questionnaire: Questionnaire) -> dict[str, float]:
    """The share in per cent of each word, on random sheets."""
    draw, words = random.Random(questionnaire.version), Counter[str]()
    for _ in range(SAMPLE):
        picks = tuple(draw.randrange(question.picks) for question in questionnaire.questions)
        words[profile(Answers(questionnaire, picks)).confidence] += 1
    return {word: round(100 * words[word] / SAMPLE, 1) for word in ("clear", "likely", "close call")}
