from dataclasses import replace

from hypothesis import given, settings

from quiz import scoring
from quiz.domain import Option, Question, Questionnaire
from quiz.owner import difference
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
    sheet = answers.questionnaire
    chosen = {question.id: answers.options(number)[0] for number, question in enumerate(sheet.questions)}
    assert difference.role(sheet, chosen) == scoring.profile(answers).role


@settings(max_examples=20)
@given(small_questionnaires())
def test_nothing_turns_where_nothing_differs(sheet):
    found = difference.turned(sheet, sheet, 50)
    assert (found.count, found.share, found.alone) == (0, (0.0, 0.0), ())


def test_every_sheet_turns_where_every_weight_is_reversed():
    found = difference.turned(questionnaire(q=1), questionnaire(q=-1), 200)
    assert (found.count, found.share) == (200, (100.0, 0.0))


def test_half_turn_where_another_question_decides():
    found = difference.turned(questionnaire(q=1), questionnaire(other=1), 2000)
    share, spread = found.share
    assert abs(share - 50) < 2 * spread
    assert found.alone == ("q", "other")


def test_an_option_that_only_one_has_is_named_and_not_chosen():
    old, new = questionnaire(q=1), questionnaire(q=1)
    (question,) = new.questions
    new = replace(
        new, questions=(replace(question, options=(question.options[0], Option("c", "?", {"mix": -1, "studio": 1}))),)
    )
    found = difference.turned(old, new, 100)
    assert (found.count, found.alone) == (0, ("q.b", "q.c"))
    stranger = replace(new, questions=(replace(question, options=(Option("x", "?"), Option("y", "?"))),))
    assert difference.turned(old, stranger, 10).alone == ("q.a", "q.b", "q.x", "q.y")


def test_answers_by_id_name_what_they_leave_open():
    sheet = questionnaire(q=1, p=3)
    assert difference.missing(sheet, {"q": "a", "p": "z", "owned": ["daw"]}) == ["p"]
    assert difference.role_of_ids(sheet, {"q": "a", "p": "b"}) == "studio"
