"""Answers → Profile: how well each role fits, how sure that is, and which single answers would change it.

The weights of a question sum to 0 for each role (`faults.py` checks it), so the weight of an answer is also its distance
from the question's average.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from quiz.domain import Answers, Option, Question, Questionnaire, RoleId

Confidence = Literal["clear", "likely", "close call"]
Points = tuple[int, ...]  # one number a role, in the order of the questionnaire's roles

MOST_TURNS_OF_LIKELY = 3
CLOSE_MARGIN = 5.0
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


@dataclass(frozen=True)
class Profile:
    """`fit` is 0 to 100, in the order of the questionnaire's roles. `margin` is how far apart the first two of `ranking` are.
    `turns` counts the questions at which another answer would change the result."""

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
            moved = scale.replace(goals, given, option) if is_goal else goals
            turned = scale.best(scale.replace(total, given, option), moved)
            if turned != role:
                yield Change(entry.question, option, turned)


@dataclass(frozen=True, eq=False)
class Scale:
    """Turns points into fit, a percentile among all answer sheets. In whole numbers, `ranks[r][p]` is twice the number of
    sheets that give role r fewer than p points, plus the number that give it exactly p; `top` is twice the number of sheets."""

    roles: tuple[RoleId, ...]
    top: int
    ranks: tuple[dict[int, int], ...]
    goals_ranks: tuple[dict[int, int], ...]
    vectors: dict[Option, Points]

    def points(self, options: Iterable[Option]) -> Points:
        total = (0,) * len(self.roles)
        for option in options:
            total = tuple([a + b for a, b in zip(total, self.vectors[option], strict=True)])
        return total

    def replace(self, total: Points, old: Option, new: Option) -> Points:
        """The total with `new` instead of `old`."""
        return tuple([t - o + n for t, o, n in zip(total, self.vectors[old], self.vectors[new], strict=True)])

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
    return Scale(
        roles=roles,
        top=2 * counts[0].total(),
        ranks=tuple(_ranks(count) for count in counts),
        goals_ranks=tuple(_ranks(distribution(goals, role)) for role in roles),
        vectors={option: tuple(option.weights.get(role, 0) for role in roles) for option in options},
    )


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
