import random
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz import scoring
from quiz.catalogue import catalogue
from quiz.domain import FIRST_ROLES, Answers, Option, Question, Questionnaire
from tests.strategies import answers, picks, small_answers


def raw(given_answers, role):
    return sum(
        option.weights.get(role, 0)
        for number in range(len(given_answers.picks))
        for option in given_answers.options(number)
    )


@given(small_answers())
def test_fit_is_the_exact_share_of_sheets_that_score_lower_and_half_of_the_equal_ones(given_answers):
    questionnaire = given_answers.questionnaire
    every = product(*(range(len(question.options)) for question in questionnaire.questions))
    sheets = [Answers(questionnaire, each) for each in every]
    for role, fit in scoring.profile(given_answers).fit.items():
        own, others = raw(given_answers, role), [raw(sheet, role) for sheet in sheets]
        below, equal = sum(other < own for other in others), sum(other == own for other in others)
        assert fit == round(100 * (2 * below + equal) / (2 * len(sheets)), 1)


def ways_to_change_two(given_answers):
    """The role after each way of answering two questions differently."""
    questions = given_answers.questionnaire.questions
    for pair in combinations(range(len(questions)), 2):
        for changes in product(*(range(len(questions[number].options)) for number in pair)):
            if all(pick != given_answers.picks[number] for number, pick in zip(pair, changes, strict=True)):
                changed = given_answers
                for number, pick in zip(pair, changes, strict=True):
                    changed = changed.with_pick(number, pick)
                yield scoring.profile(changed).role


@settings(max_examples=40)
@given(small_answers())
def test_stability_is_the_exact_share_of_ways_to_change_two_answers_that_keep_the_role(given_answers):
    profile, roles = scoring.profile(given_answers), list(ways_to_change_two(given_answers))
    assert profile.stability == (100 * roles.count(profile.role) // len(roles) if roles else 100)


def test_stability_is_exact_where_the_goals_questions_settle_ties():
    weights = ({"studio": 1, "bedroom": -1}, {"studio": -1, "bedroom": 1})
    questionnaire = flat("goals", "temperament", "goals", "temperament", weights=weights)
    for given_picks in product(range(2), repeat=4):
        sheet = Answers(questionnaire, given_picks)
        roles, profile = list(ways_to_change_two(sheet)), scoring.profile(sheet)
        assert profile.stability == 100 * roles.count(profile.role) // 6


@given(answers(), answers())
def test_no_result_that_more_changes_keep_has_a_weaker_word(one, other):
    words = ["close call", "likely", "clear"]
    weaker, stronger = sorted(map(scoring.profile, (one, other)), key=lambda profile: profile.stability)
    assert words.index(weaker.confidence) <= words.index(stronger.confidence)


@given(small_answers())
def test_the_listed_changes_are_all_and_only_those_that_turn_the_result(given_answers):
    profile = scoring.profile(given_answers)
    turned = set()
    for number, question in enumerate(given_answers.questionnaire.questions):
        for pick, option in enumerate(question.options):
            other = (*given_answers.picks[:number], pick, *given_answers.picks[number + 1 :])
            role = scoring.profile(Answers(given_answers.questionnaire, other)).role
            if role != profile.role:
                turned.add((question.id, option.id, role))
    assert {(c.question.id, c.option.id, c.role) for c in profile.changes} == turned


@given(answers(), st.data())
def test_moving_an_answer_toward_a_role_never_lowers_its_fit(given_answers, data):
    number = data.draw(st.integers(0, len(given_answers.picks) - 1))
    question = given_answers.questionnaire.questions[number]
    if question.kind == "any":
        return
    role = data.draw(st.sampled_from(FIRST_ROLES))
    old = given_answers.options(number)[0]
    before = scoring.profile(given_answers).fit[role]
    for pick, option in enumerate(question.options):
        if option.weights.get(role, 0) >= old.weights.get(role, 0):
            moved = (*given_answers.picks[:number], pick, *given_answers.picks[number + 1 :])
            assert scoring.profile(Answers(given_answers.questionnaire, moved)).fit[role] >= before


@given(small_answers(), st.randoms(use_true_random=False))
def test_the_order_of_options_and_questions_is_irrelevant(given_answers, random):
    questions, chosen = [], []
    for number, question in enumerate(given_answers.questionnaire.questions):
        options = list(question.options)
        random.shuffle(options)
        questions.append(Question(question.id, question.axis, question.text, tuple(options)))
        chosen.append(options.index(given_answers.options(number)[0]))
    order = list(range(len(questions)))
    random.shuffle(order)
    shuffled = Answers(Questionnaire(1, tuple(questions[i] for i in order)), tuple(chosen[i] for i in order))
    before, after = scoring.profile(given_answers), scoring.profile(shuffled)
    assert (before.ranking, before.fit, before.stability) == (after.ranking, after.fit, after.stability)


@given(answers())
def test_the_ledger_sums_to_the_points_behind_the_fit(given_answers):
    profile = scoring.profile(given_answers)
    for role in FIRST_ROLES:
        assert sum(entry.points[role] for entry in profile.ledger) == raw(given_answers, role)


@given(answers())
def test_setup_answers_carry_no_points_and_change_nothing(given_answers):
    for entry in scoring.profile(given_answers).ledger:
        if entry.question.axis == "setup":
            assert not any(entry.points.values())
    assert all(change.question.axis != "setup" for change in scoring.profile(given_answers).changes)


@given(answers())
def test_the_margin_is_the_difference_that_a_reader_can_work_out(given_answers):
    profile = scoring.profile(given_answers)
    assert profile.margin == round(profile.fit[profile.role] - profile.fit[profile.runner_up], 1) >= 0


def flat(*axes, weights=({}, {})):
    """Questions of two options each."""
    return Questionnaire(
        1,
        tuple(
            Question(f"q{i}", axis, "?", tuple(Option(f"o{n}", "!", dict(w)) for n, w in enumerate(weights)))
            for i, axis in enumerate(axes)
        ),
    )


def test_without_any_points_the_order_is_bedroom_studio_mix():
    profile = scoring.profile(Answers(flat("temperament"), (0,)))
    assert profile.ranking == ("bedroom", "studio", "mix")


def test_equal_fits_fall_back_on_the_goals_questions():
    weights = ({"studio": 1, "bedroom": -1}, {"studio": -1, "bedroom": 1})
    questionnaire = flat("goals", "temperament", weights=weights)
    profile = scoring.profile(Answers(questionnaire, (0, 1)))
    assert profile.fit["studio"] == profile.fit["bedroom"]
    assert profile.role == "studio"


@pytest.mark.parametrize(
    ("stability", "word"),
    [(100, "clear"), (99, "clear"), (98, "likely"), (90, "likely"), (89, "close call"), (0, "close call")],
)
def test_confidence_says_how_many_changes_of_two_answers_keep_the_role(stability, word):
    assert scoring.confidence(stability) == word


def test_the_scale_is_worked_out_once():
    questionnaire = flat("goals")
    assert scoring.scale_of(questionnaire) is scoring.scale_of(questionnaire)


@given(st.data())
def test_equal_sheets_make_equal_profiles(data):
    questionnaire = flat("goals", "budget", weights=({"mix": 2}, {"mix": -2}))
    given_picks = data.draw(picks(questionnaire))
    assert scoring.profile(Answers(questionnaire, given_picks)) == scoring.profile(Answers(questionnaire, given_picks))


@pytest.mark.unmeasured
def test_the_ledger_sums_to_the_points_behind_the_fit_on_two_thousand_sheets():
    questionnaire, draw = catalogue().questionnaire, random.Random(7)
    scale = scoring.scale_of(questionnaire)
    for _ in range(2_000):
        picks = tuple(
            draw.randrange(len(q.options) if q.kind == "one" else 1 << len(q.options)) for q in questionnaire.questions
        )
        profile = scoring.profile(Answers(questionnaire, picks))
        for role, ranks in zip(scale.roles, scale.ranks, strict=True):
            total = sum(entry.points[role] for entry in profile.ledger)
            assert profile.fit[role] == round(100 * ranks[total] / scale.top, 1)
