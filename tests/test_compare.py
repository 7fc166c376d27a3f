from dataclasses import replace
from itertools import combinations_with_replacement

from hypothesis import given

from quiz import codes
from quiz.catalogue import catalogue
from quiz.compare import compare
from quiz.domain import FIRST_ROLES, Answers, Questionnaire
from quiz.result import result
from tests.strategies import answers


def of(given_answers):
    return result(codes.build(given_answers), catalogue())


@given(answers(), answers())
def test_a_comparison_is_the_same_from_either_side(one, other):
    there, back = compare(of(one), of(other), catalogue()), compare(of(other), of(one), catalogue())
    assert there.pair is back.pair
    assert [(row.question, row.first) for row in there.same] == [(row.question, row.first) for row in back.same]
    assert [(r.question, r.first, r.second) for r in there.different] == [
        (r.question, r.second, r.first) for r in back.different
    ]


@given(answers(), answers())
def test_every_answer_is_either_the_same_or_different(one, other):
    comparison = compare(of(one), of(other), catalogue())
    assert len(comparison.same) + len(comparison.different) == len(one.questionnaire.questions)
    assert all(row.first == row.second for row in comparison.same)
    assert all(row.first != row.second for row in comparison.different)


def test_every_two_roles_have_a_way_to_work_together():
    assert {pair.roles for pair in catalogue().pairs.values()} == set(combinations_with_replacement(FIRST_ROLES, 2))


def test_results_of_two_versions_compare_by_role_and_fit_only(answer):
    first = of(answer())
    older = Questionnaire(2, first.answers.questionnaire.questions)
    second = replace(first, answers=Answers(older, first.answers.picks))
    comparison = compare(first, second, catalogue())
    assert comparison.same is None
    assert comparison.different is None
    assert comparison.pair.roles[0] == comparison.pair.roles[1] == first.profile.role
