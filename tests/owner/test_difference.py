from dataclasses import replace

from hypothesis import given, settings

from quiz import scoring
from quiz.domain import Option, Question, Questionnaire
from quiz.owner.difference import difference, missing, role
from tests.strategies import small_answers, small_questionnaires


def questionnaire(**weights):
    """One question a name, with options a and b that move the mix up and down by so much."""
    return Questionnaire(
        1,
        tuple(
            Question(name, "goals", "?", (Option("a", "!", {"mix": n, "studio": -n}), Option("b", "!", {"mix": -n, "studio": n})))
            for name, n in weights.items()
        ),
    )  # fmt: skip


@given(small_answers())
def test_the_role_is_that_of_the_profile(answers):
    questions = answers.questionnaire.questions
    ids = {question.id: answers.options(number)[0].id for number, question in enumerate(questions)}
    assert role(answers.questionnaire, ids) == scoring.profile(answers).role


@settings(max_examples=20)
@given(small_questionnaires())
def test_nothing_changes_where_nothing_differs(same):
    outcome = difference(same, same, 50)
    assert (outcome.count, outcome.share, outcome.alone) == (0, (0.0, 0.0), ())


def test_every_role_changes_where_every_weight_is_reversed():
    outcome = difference(questionnaire(q=1), questionnaire(q=-1), 200)
    assert (outcome.count, outcome.share) == (200, (100.0, 0.0))


def test_half_change_where_another_question_decides():
    outcome = difference(questionnaire(q=1), questionnaire(other=1), 2000)
    share, spread = outcome.share
    assert abs(share - 50) < 2 * spread
    assert outcome.alone == ("q", "other")


def test_an_option_that_only_one_has_is_named_and_not_chosen():
    old, new = questionnaire(q=1), questionnaire(q=1)
    (question,) = new.questions
    new = replace(
        new, questions=(replace(question, options=(question.options[0], Option("c", "?", {"mix": -1, "studio": 1}))),)
    )
    outcome = difference(old, new, 100)
    assert (outcome.count, outcome.alone) == (0, ("q.b", "q.c"))
    stranger = replace(new, questions=(replace(question, options=(Option("x", "?"), Option("y", "?"))),))
    assert difference(old, stranger, 10).alone == ("q.a", "q.b", "q.x", "q.y")


def test_answers_by_id_name_what_they_leave_open():
    two = questionnaire(q=1, p=3)
    assert missing(two, {"q": "a", "p": "z", "owned": ["daw"]}) == ["p"]
    assert role(two, {"q": "a", "p": "b"}) == "studio"
