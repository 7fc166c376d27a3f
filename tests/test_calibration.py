"""Simulated people, whose real role follows from known weights: calibration finds its way towards these, and knows when it cannot."""

from types import SimpleNamespace

import numpy as np
import pytest

from quiz import calibration
from quiz.calibration import Vote
from quiz.catalogue import catalogue
from quiz.domain import ROLE_IDS, Answers

QUESTIONNAIRE = catalogue().questionnaire
PRESENT = calibration._weights(QUESTIONNAIRE)


def other_weights(seed, spread):
    moved = PRESENT + np.random.default_rng(seed).normal(0, spread, PRESENT.shape)
    return calibration._whole(QUESTIONNAIRE, moved, PRESENT)


def simulate(weights, count, seed):
    """Random sheets, each with a role drawn by how many points these weights give it."""
    chance = np.random.default_rng(seed)
    sizes = [len(q.options) if q.kind == "one" else 1 << len(q.options) for q in QUESTIONNAIRE.questions]
    sheets = chance.integers(0, sizes, (count, len(sizes)))
    deciding = [i for i, question in enumerate(QUESTIONNAIRE.questions) if question.axis != "setup"]
    points = calibration._columns(QUESTIONNAIRE, sheets[:, deciding].tolist()) @ weights / 2
    shares = np.exp(points - points.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return [
        Vote(Answers(QUESTIONNAIRE, tuple(sheet)), ROLE_IDS[chance.choice(len(ROLE_IDS), p=share)])
        for sheet, share in zip(sheets.tolist(), shares, strict=True)
    ]


def likeness(weights, true):
    return np.corrcoef(np.ravel(weights), np.ravel(true))[0, 1]


@pytest.fixture
def quick(monkeypatch):
    """Fewer fits, where it is not about how good the weights become."""
    monkeypatch.setattr(calibration, "STRENGTHS", (0.01, 0.1))
    monkeypatch.setattr(calibration, "FOLDS", 3)


class TestPropose:
    def test_known_weights_are_recovered_better_than_the_present_ones_and_the_gain_holds_on_new_people(self):
        true = other_weights(1, 2.5)
        found = calibration.propose(QUESTIONNAIRE, simulate(true, 600, 2))
        assert found.certain
        assert likeness(calibration._weights(found.questionnaire), true) > likeness(PRESENT, true) + 0.1
        new = simulate(true, 2000, 3)
        chosen, real = [v.answers.picks[:-3] for v in new], np.array([ROLE_IDS.index(v.real) for v in new])
        before, after = (calibration.right(q, chosen, real).mean() for q in (QUESTIONNAIRE, found.questionnaire))
        assert after > before
        # What was promised is what came, as far as so many votes can tell.
        assert abs((after - before) - found.gain) < 2 * found.spread

    def test_where_the_present_weights_are_the_true_ones_no_gain_is_claimed(self):
        found = calibration.propose(QUESTIONNAIRE, simulate(PRESENT, 400, 4))
        assert not found.certain
        assert found.gain <= found.spread

    def test_where_roles_have_nothing_to_do_with_answers_no_gain_is_claimed(self, quick):
        found = calibration.propose(QUESTIONNAIRE, simulate(PRESENT * 0, 300, 5))
        assert not found.certain

    def test_proposed_weights_keep_the_rules_of_a_questionnaire(self):
        weights = other_weights(6, 4.0)
        sheet = calibration._with_weights(QUESTIONNAIRE, weights)
        for question in sheet.weighted:
            for role in ROLE_IDS:
                assert sum(option.weights.get(role, 0) for option in question.options) == 0
            assert all(0 not in option.weights.values() for option in question.options)
        assert [q.id for q in sheet.questions] == [q.id for q in QUESTIONNAIRE.questions]

    def test_the_same_votes_give_the_same_proposal(self, quick):
        votes = simulate(other_weights(1, 2.5), 200, 7)
        one, other = (calibration.propose(QUESTIONNAIRE, votes) for _ in range(2))
        assert (one.proposed, calibration._weights(one.questionnaire).tolist()) == (
            other.proposed,
            calibration._weights(other.questionnaire).tolist(),
        )


class TestSeparations:
    def test_the_question_that_decides_stands_first_and_idle_ones_are_said_to_be(self):
        weights = np.zeros_like(PRESENT)
        weights[:4] = PRESENT[:4] * 3
        first, *rest = calibration.separations(QUESTIONNAIRE, simulate(weights, 500, 8))
        assert (first.question, first.certain) == (QUESTIONNAIRE.questions[0].id, True)
        assert not any(separation.certain for separation in rest)
        assert len(rest) == len(QUESTIONNAIRE.weighted) - 1

    def test_a_question_that_everybody_answers_alike_tells_nothing(self):
        votes = [
            Vote(Answers(QUESTIONNAIRE, (0,) * len(QUESTIONNAIRE.questions)), role) for role in ROLE_IDS for _ in "12"
        ]
        found = calibration.separations(QUESTIONNAIRE, votes)
        assert {(separation.strength, separation.certain) for separation in found} == {(0.0, False)}


@pytest.mark.parametrize(
    ("exact", "whole"),
    [([2.4, -1.2, -1.2], [2, -1, -1]), ([1.6, 0.7, -2.3], [1, 1, -2]), ([0.4, 0.4, -0.8], [1, 0, -1])],
)
def test_whole_weights_sum_to_nothing(exact, whole):
    sheet = SimpleNamespace(weighted=[SimpleNamespace(options=exact)])
    column = np.array([exact] * 3, dtype=float).T
    found = calibration._whole(sheet, column.copy(), column)
    assert found[:, 0].sum() == 0
    assert abs(found[:, 0] - np.array(exact)).max() <= 1
    assert sorted(found[:, 0].tolist(), reverse=True) == sorted(whole, reverse=True)
