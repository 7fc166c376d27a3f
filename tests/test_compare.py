from itertools import combinations_with_replacement

from hypothesis import given

from quiz import codes
from quiz.catalogue import catalogue
from quiz.compare import compare
from quiz.domain import FIRST_ROLES, Answers
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


@given(answers(), answers())
def test_sides_are_those_of_roles_in_which_both_lean_to_one(one, other):
    first, second = of(one), of(other)
    assert compare(first, second, catalogue()).accents == {
        role: (accent, second.accents[role]) for role, accent in first.accents.items() if role in second.accents
    }


@given(answers())
def test_results_of_two_versions_compare_by_role_and_fit_only(given_answers):
    questionnaire = catalogue().questionnaires[1]
    first = of(Answers(questionnaire, (0,) * len(questionnaire.questions)))
    second = of(given_answers)
    comparison = compare(first, second, catalogue())
    assert (comparison.accents, comparison.same, comparison.different) == ({}, None, None)
    assert set(comparison.pair.roles) == {first.profile.role, second.profile.role}
