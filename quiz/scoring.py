"""Answers → Profile: how well each role fits, how sure that is, and which single answers would change it.

Every question's weights sum to 0 for each role (`faults.py` sees to it), so the weight of an answer is also its points
against that question's average, and the points of a sheet sum to its total.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from quiz.domain import ROLE_IDS, Answers, Option, Question, Questionnaire, RoleId

Confidence = Literal["clear", "likely", "close call"]
Points = tuple[int, ...]  # one number a role, in the order of ROLE_IDS

MOST_TURNS_OF_LIKELY = 3
CLOSE_MARGIN = 5.0
BALANCED_SPREAD = 10.0


@dataclass(frozen=True)
class Entry:
    """A line of the ledger: one question, what was answered, and its points to each role."""

    question: Question
    options: tuple[Option, ...]
    points: dict[RoleId, int]


@dataclass(frozen=True)
class Change:
    """Choosing `option` at `question` instead, and nothing else, would make `role` the result."""

    question: Question
    option: Option
    role: RoleId


@dataclass(frozen=True)
class Profile:
    """`fit` is 0 to 100 with one decimal; `margin` is the difference between the first two of `ranking`; `turns` counts
    the answers that would, changed alone, change the result."""

    ranking: tuple[RoleId, ...]
    fit: dict[RoleId, float]
    margin: float
    turns: int
    confidence: Confidence
    changes: tuple[Change, ...]
    ledger: tuple[Entry, ...]

    @property
    def role(self) -> RoleId:
        return self.ranking[0]

    @property
    def runner_up(self) -> RoleId:
        return self.ranking[1]

    @property
    def balanced(self) -> bool:
        """Whether all three roles fit about equally well."""
        return max(self.fit.values()) - min(self.fit.values()) <= BALANCED_SPREAD


def profile(answers: Answers) -> Profile:
    """The profile of complete answers."""
    ledger = tuple(
        Entry(question, options, dict(zip(ROLE_IDS, points(options), strict=True)))
        for number, question in enumerate(answers.questionnaire.questions)
        for options in [answers.options(number)]
    )
    scale = scale_of(answers.questionnaire)
    total = add(points(entry.options) for entry in ledger)
    goals = add(points(entry.options) for entry in ledger if entry.question.axis == "goals")
    ranking = scale.ranking(total, goals)
    fit = scale.fit(total)
    margin = round(fit[ranking[0]] - fit[ranking[1]], 1)
    changes = tuple(_changes(scale, ledger, total, goals))
    turns = len({change.question.id for change in changes})
    return Profile(ranking, fit, margin, turns, confidence(turns, margin), changes, ledger)


def confidence(turns: int, margin: float) -> Confidence:
    if turns > MOST_TURNS_OF_LIKELY or margin < CLOSE_MARGIN:
        return "close call"
    return "likely" if turns else "clear"


def _changes(scale: "Scale", ledger: Iterable[Entry], total: Points, goals: Points) -> Iterator[Change]:
    role = scale.best(total, goals)
    for entry in ledger:
        if entry.question.axis == "setup":
            continue
        is_goal, (given,) = entry.question.axis == "goals", entry.options
        for option in entry.question.options:
            moved = goals if not is_goal else _replace(goals, given, option)
            turned = scale.best(_replace(total, given, option), moved)
            if turned != role:
                yield Change(entry.question, option, turned)


def _replace(total: Points, old: Option, new: Option) -> Points:
    return tuple([t - o + n for t, o, n in zip(total, vector(old), vector(new), strict=True)])


@dataclass(frozen=True, eq=False)
class Scale:
    """What turns points into fit. `ranks[r][p]` is twice the number of answer sheets that give role r fewer than p points,
    plus the number that give it exactly p: a percentile in whole numbers, out of `top`, twice the number of sheets."""

    top: int
    ranks: tuple[dict[int, int], ...]
    goals_ranks: tuple[dict[int, int], ...]

    def ranking(self, total: Points, goals: Points) -> tuple[RoleId, ...]:
        """Best first: by fit, then by fit on the goals questions alone, then in the order of ROLE_IDS."""
        keys = [(-self.ranks[r][total[r]], -self.goals_ranks[r][goals[r]], r) for r in range(len(ROLE_IDS))]
        return tuple(ROLE_IDS[r] for *_, r in sorted(keys))

    def best(self, total: Points, goals: Points) -> RoleId:
        """The first of the ranking, which is asked for once for every answer that could be given differently."""
        fits = [ranks[points] for ranks, points in zip(self.ranks, total, strict=True)]
        first = fits.index(max(fits))
        return self.ranking(total, goals)[0] if fits.count(fits[first]) > 1 else ROLE_IDS[first]

    def fit(self, total: Points) -> dict[RoleId, float]:
        return {role: round(100 * self.ranks[r][total[r]] / self.top, 1) for r, role in enumerate(ROLE_IDS)}


@cache
def scale_of(questionnaire: Questionnaire) -> Scale:
    """The exact scale of a questionnaire, by convolution over its questions; worked out once in a process."""
    weighted = questionnaire.weighted
    goals = [question for question in weighted if question.axis == "goals"]
    counts = [distribution(weighted, role) for role in ROLE_IDS]
    return Scale(
        top=2 * counts[0].total(),
        ranks=tuple(_ranks(count) for count in counts),
        goals_ranks=tuple(_ranks(distribution(goals, role)) for role in ROLE_IDS),
    )


def distribution(questions: Iterable[Question], role: RoleId) -> Counter[int]:
    """For each number of points, how many ways of answering these questions give it to this role."""
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


@cache
def vector(option: Option) -> Points:
    return tuple(option.weights.get(role, 0) for role in ROLE_IDS)


def points(options: Iterable[Option]) -> Points:
    return add(vector(option) for option in options)


def add(parts: Iterable[Points]) -> Points:
    total = (0,) * len(ROLE_IDS)
    for part in parts:
        total = tuple(a + b for a, b in zip(total, part, strict=True))
    return total
