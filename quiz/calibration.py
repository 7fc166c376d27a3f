"""Votes with a real role → how good the weights are, and which would do better.

Only `manage.py calibrate` needs this (and scikit-learn). A regularised multinomial logistic regression predicts the role that people really
have from their answers. Beside one column an option it gets the points of the present weights, which it may follow at hardly any cost; so
what it learns are departures from them, and few votes lead to few. Its coefficients become small whole weights that sum to 0 over a
question, and those are judged as the site would use them, on votes that had no part in finding them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2_contingency
from scipy.stats.contingency import association
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from threadpoolctl import threadpool_limits

from quiz.domain import ROLE_IDS, Answers, Option, Questionnaire, RoleId
from quiz.scoring import scale_of, vector

FOLDS = 5
STRENGTHS = (0.001, 0.01, 0.03, 0.1, 1.0)
PRESENT_SCALE = 1 / 3  # of the points of the present weights beside columns of 0 and 1: following them must be cheap
SURE = 0.05  # how often chance may be taken for more

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Vote:
    answers: Answers
    real: RoleId


@dataclass(frozen=True)
class Separation:
    """How much the answers to a question differ between people of different roles: Cramér's V, from 0 to 1."""

    question: str
    strength: float
    certain: bool  # more than chance would do, for as many questions as there are


@dataclass(frozen=True)
class Proposal:
    """`present` and `proposed` count the votes whose real role is the result; the latter with weights found without them."""

    votes: int
    present: int
    proposed: int
    spread: float  # of the difference, as a share of the votes: half a 95 % interval
    questionnaire: Questionnaire

    @property
    def gain(self) -> float:
        return (self.proposed - self.present) / self.votes

    @property
    def certain(self) -> bool:
        return self.gain > self.spread


def separations(questionnaire: Questionnaire, votes: Sequence[Vote]) -> list[Separation]:
    found = []
    for number, question in enumerate(questionnaire.questions):
        if question.axis == "setup":
            continue
        table = np.zeros((len(question.options), len(ROLE_IDS)), dtype=np.int64)
        for vote in votes:
            table[vote.answers.picks[number], ROLE_IDS.index(vote.real)] += 1
        table = table[table.any(axis=1)]
        chance = chi2_contingency(table).pvalue if len(table) > 1 else 1.0
        strength = association(table, method="cramer") if len(table) > 1 else 0.0
        found.append(Separation(question.id, float(strength), chance * len(questionnaire.weighted) < SURE))
    return sorted(found, key=lambda separation: -separation.strength)


def right(questionnaire: Questionnaire, chosen: Sequence[Sequence[int]], real: Ints) -> npt.NDArray[np.bool_]:
    """For each sheet (the picks at the questions that decide) whether the result is the real role."""
    scale, questions = scale_of(questionnaire), questionnaire.weighted
    found = []
    for picks, role in zip(chosen, real, strict=True):
        points = np.array([vector(q.options[pick]) for q, pick in zip(questions, picks, strict=True)])
        goals = [question.axis == "goals" for question in questions]
        total, of_goals = tuple(points.sum(axis=0).tolist()), tuple(points[goals].sum(axis=0).tolist())
        found.append(scale.ranking(total, of_goals)[0] == ROLE_IDS[role])
    return np.array(found)


def propose(questionnaire: Questionnaire, votes: Sequence[Vote]) -> Proposal:
    deciding = [number for number, question in enumerate(questionnaire.questions) if question.axis != "setup"]
    chosen = [[vote.answers.picks[number] for number in deciding] for vote in votes]
    real = np.array([ROLE_IDS.index(vote.real) for vote in votes])
    sheets, weights = _columns(questionnaire, chosen), _weights(questionnaire)
    present, proposed = right(questionnaire, chosen, real), np.zeros(len(votes), dtype=bool)
    for training, rest in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(sheets, real):
        found = _with_weights(questionnaire, _fit(questionnaire, sheets[training], real[training], weights))
        proposed[rest] = right(found, [chosen[i] for i in rest], real[rest])
    difference = proposed.astype(float) - present
    return Proposal(
        votes=len(votes),
        present=int(present.sum()),
        proposed=int(proposed.sum()),
        spread=float(1.96 * difference.std(ddof=1) / len(votes) ** 0.5),
        questionnaire=_with_weights(questionnaire, _fit(questionnaire, sheets, real, weights)),
    )


def _columns(questionnaire: Questionnaire, chosen: Sequence[Sequence[int]]) -> Floats:
    """A line a sheet, a column an option: 1 where it was chosen."""
    sizes = [len(question.options) for question in questionnaire.weighted]
    return np.hstack([np.eye(size)[[picks[i] for picks in chosen]] for i, size in enumerate(sizes)])


def _weights(questionnaire: Questionnaire) -> Floats:
    """A line an option, a column a role."""
    return np.array([vector(option) for question in questionnaire.weighted for option in question.options], dtype=float)


def _fit(questionnaire: Questionnaire, sheets: Floats, real: Ints, present: Floats) -> Ints:
    inner = StratifiedKFold(FOLDS, shuffle=True, random_state=1)
    search = GridSearchCV(
        LogisticRegression(max_iter=2000), {"C": STRENGTHS}, scoring="neg_log_loss", cv=inner, error_score="raise"
    )
    with threadpool_limits(1):  # the arrays are small: threads would wait for one another
        model = search.fit(np.hstack([sheets, sheets @ present * PRESENT_SCALE]), real).best_estimator_
    coefficients = model.coef_.T  # a line a column of the input, a column a role
    options = len(present)
    return _whole(questionnaire, coefficients[:options] + present @ coefficients[options:] * PRESENT_SCALE, present)


def _whole(questionnaire: Questionnaire, weights: Floats, present: Floats) -> Ints:
    """The same in whole numbers about as large as the present ones, which for each role sum to 0 over a question."""
    whole, start = np.zeros(weights.shape, dtype=np.int64), 0
    parts = []
    for question in questionnaire.weighted:
        part = slice(start, start := start + len(question.options))
        parts.append(part)
        weights[part] -= weights[part].mean(axis=0)
    weights = weights * (np.abs(present).mean() / (np.abs(weights).mean() or 1.0))
    for part in parts:
        for role in range(len(ROLE_IDS)):
            exact = weights[part, role]
            rounded = np.rint(exact).astype(np.int64)
            excess = int(rounded.sum())
            # Those that rounding moved furthest the wrong way go back by one.
            furthest = np.argsort(-np.sign(excess) * (rounded - exact), kind="stable")[: abs(excess)]
            rounded[furthest] -= np.sign(excess)
            whole[part, role] = rounded
    return whole


def _with_weights(questionnaire: Questionnaire, weights: Ints) -> Questionnaire:
    lines = iter(weights.tolist())

    def changed(option: Option) -> Option:
        return replace(option, weights={role: n for role, n in zip(ROLE_IDS, next(lines), strict=True) if n})

    questions = tuple(
        question if question.axis == "setup" else replace(question, options=tuple(map(changed, question.options)))
        for question in questionnaire.questions
    )
    return replace(questionnaire, questions=questions)
