"""Answers → Profile: how well each role fits, how sure that is, and which single answers would change it.

The weights of a question sum to 0 for each role (`faults.py` checks it), so the weight of an answer is also its distance
from the question's average.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from quiz.domain import Answers, Option, Question, Questionnaire, RoleId

Confidence = Literal["clear", "likely", "close call"]
# The points of all roles as one number, so that the keys of answers add up as their points do.
Key = int
# Of 100 ways of answering two questions differently, how many keep the role. Measured on 114 sheets of three readers, this share
# orders them as repeated answering with 30 % of noise does; the margin and the number of single turns do not.
CLEAR, LIKELY = 99, 90
TIE = ""  # where a role would stand
BALANCED_SPREAD = 10.0


@dataclass(frozen=True)
class Entry:
    """A question, the answer to it, and the points it gave each role."""

    question: Question
    options: tuple[Option, ...]
    points: dict[RoleId, int]


class Change(NamedTuple):
    """Choosing `option` at `question`, with all other answers the same, would make `role` the result."""

    question: Question
    option: Option
    role: RoleId


class Move(NamedTuple):
    """Another answer to a question, with what it changes: the points, and those of the goals questions."""

    question: Question
    option: Option
    step: Key
    goals: Key


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
        _entry(question, answers.options(number), scale.roles)
        for number, question in enumerate(answers.questionnaire.questions)
    )
    given = [entry.options[0] for entry in ledger if entry.question.axis != "setup"]
    total = sum(scale.keys[option] for option in given)
    goals = sum(scale.keys[entry.options[0]] for entry in ledger if entry.question.axis == "goals")
    return Profile(
        ranking=scale.ranking(total, goals),
        fit=scale.fit(total),
        stability=stability(scale, given, total, goals),
        changes=tuple(_changes(scale, given, total, goals)),
        ledger=ledger,
    )


@cache
def _entry(question: Question, options: tuple[Option, ...], roles: tuple[RoleId, ...]) -> Entry:
    return Entry(question, options, {role: sum(option.weights.get(role, 0) for option in options) for role in roles})


def confidence(stability: int) -> Confidence:
    return "clear" if stability >= CLEAR else "likely" if stability >= LIKELY else "close call"


def _changes(scale: "Scale", given: Iterable[Option], total: Key, goals: Key) -> Iterator[Change]:
    role = scale.best(total, goals)
    for option in given:
        for move in scale.moves[option]:
            turned = scale.best(total + move.step, goals + move.goals)
            if turned != role:
                yield Change(move.question, move.option, turned)


def stability(scale: "Scale", given: Sequence[Option], total: Key, goals: Key) -> int:
    """How many in 100 ways of answering two weighted questions differently keep the role, rounded down. Exact."""
    role, winners = scale.best(total, goals), scale.winners
    kept = ways = 0
    earlier: list[Move] = []  # to the questions before
    for option in given:
        steps = [move.step for move in earlier]
        for move in scale.moves[option]:
            here, here_goals = total + move.step, goals + move.goals
            roles = [winners[here + step] for step in steps]
            kept += roles.count(role)
            if TIE in roles:
                ties = [other for other, winner in zip(earlier, roles, strict=True) if winner == TIE]
                kept += [scale.best(here + other.step, here_goals + other.goals) for other in ties].count(role)
        ways += len(scale.moves[option]) * len(earlier)
        earlier += scale.moves[option]
    return 100 * kept // ways if ways else 100


@dataclass(frozen=True, eq=False)
class Scale:
    """Turns points into fit, a percentile among all answer sheets. In whole numbers, `ranks[r][p]` is twice the number of
    sheets that give role r fewer than p points, plus the number that give it exactly p; `top` is twice the number of sheets.

    `winners` has the role for every key that answers can add up to, or TIE.
    """

    roles: tuple[RoleId, ...]
    top: int
    ranks: tuple[dict[int, int], ...]
    goals_ranks: tuple[dict[int, int], ...]
    base: int
    keys: dict[Option, Key]
    moves: dict[Option, tuple[Move, ...]]  # by the option that was given
    winners: dict[Key, RoleId]

    def best(self, total: Key, goals: Key) -> RoleId:
        """The first of the ranking."""
        winner = self.winners[total]
        return self.ranking(total, goals)[0] if winner == TIE else winner

    def ranking(self, total: Key, goals: Key) -> tuple[RoleId, ...]:
        """Best first: by fit, then by fit on the goals questions alone, then in the questionnaire's order."""
        places = [
            (-ranks[points], -goals_ranks[goals_points], r)
            for r, (ranks, points, goals_ranks, goals_points) in enumerate(
                zip(self.ranks, self._points(total), self.goals_ranks, self._points(goals), strict=True)
            )
        ]
        return tuple(self.roles[r] for *_, r in sorted(places))

    def fit(self, total: Key) -> dict[RoleId, float]:
        points = zip(self.roles, self.ranks, self._points(total), strict=True)
        return {role: round(100 * ranks[own] / self.top, 1) for role, ranks, own in points}

    def _points(self, key: Key) -> list[int]:
        return _points(key, self.base, len(self.roles))


@cache
def scale_of(questionnaire: Questionnaire) -> Scale:
    """The exact scale of a questionnaire, by convolution over its questions."""
    weighted, roles = questionnaire.weighted, questionnaire.roles
    goals = [question for question in weighted if question.axis == "goals"]
    counts = [distribution(weighted, role) for role in roles]
    ranks = tuple(_ranks(count) for count in counts)
    base = 1 + 2 * sum(max(abs(w) for o in q.options for w in (0, *o.weights.values())) for q in weighted)
    keys = {o: _key([o.weights.get(role, 0) for role in roles], base) for q in weighted for o in q.options}
    totals = {0}
    for question in weighted:
        totals = {total + keys[option] for option in question.options for total in totals}
    return Scale(
        roles=roles,
        top=2 * counts[0].total(),
        ranks=ranks,
        goals_ranks=tuple(_ranks(distribution(goals, role)) for role in roles),
        base=base,
        keys=keys,
        moves={option: tuple(_moves(question, option, keys)) for question in weighted for option in question.options},
        winners={total: _winner(_points(total, base, len(roles)), roles, ranks) for total in totals},
    )


def _key(points: Iterable[int], base: int) -> Key:
    key = 0
    for each in points:
        key = key * base + each
    return key


def _points(key: Key, base: int, count: int) -> list[int]:
    """The points behind a key, each between −base/2 and base/2."""
    points = []
    for _ in range(count):
        last = (key + base // 2) % base - base // 2
        points.append(last)
        key = (key - last) // base
    return points[::-1]


def _winner(points: Sequence[int], roles: Sequence[RoleId], ranks: Sequence[dict[int, int]]) -> RoleId:
    fits = [of_role[own] for of_role, own in zip(ranks, points, strict=True)]
    best = max(fits)
    return roles[fits.index(best)] if fits.count(best) == 1 else TIE


def _moves(question: Question, given: Option, keys: dict[Option, Key]) -> Iterator[Move]:
    for option in question.options:
        if option is not given:
            step = keys[option] - keys[given]
            yield Move(question, option, step, step if question.axis == "goals" else 0)


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
