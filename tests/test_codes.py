import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz import codes
from quiz.catalogue import catalogue
from quiz.domain import Answers
from tests.strategies import answers

KNOWN = catalogue().questionnaires


@given(answers())
def test_a_code_brings_back_the_same_answers(given_answers):
    assert codes.parse(codes.build(given_answers), KNOWN) == given_answers


@given(answers(), st.data())
def test_the_start_of_a_code_brings_back_the_answers_so_far(given_answers, data):
    some = given_answers.so_far(data.draw(st.integers(0, len(given_answers.picks))))
    assert codes.parse_so_far(codes.so_far(some), KNOWN) == some


@given(answers(), st.data())
def test_every_single_wrong_character_is_refused(given_answers, data):
    code = codes.build(given_answers)
    place = data.draw(st.integers(0, len(code) - 1))
    for wrong in codes.ALPHABET.replace(code[place], ""):
        with pytest.raises(codes.CodeError):
            codes.parse(code[:place] + wrong + code[place + 1 :], KNOWN)


@given(answers(), st.data())
def test_two_neighbours_that_change_places_are_refused_unless_they_are_first_and_last_of_the_alphabet(
    given_answers, data
):
    code = codes.build(given_answers)
    i = data.draw(st.integers(0, len(code) - 2))
    swapped = code[:i] + code[i + 1] + code[i] + code[i + 2 :]
    if swapped != code and {code[i], code[i + 1]} != {"0", "z"}:
        with pytest.raises(codes.CodeError):
            codes.parse(swapped, KNOWN)


@given(answers(), st.integers(1, 30))
def test_a_shortened_or_lengthened_code_is_refused(given_answers, count):
    code = codes.build(given_answers)
    for wrong in (code[:-count], code + "0" * count):
        with pytest.raises(codes.CodeError):
            codes.parse(wrong, KNOWN)


@given(answers())
def test_case_and_letters_that_look_like_digits_are_forgiven(given_answers):
    code = codes.build(given_answers)
    assert codes.parse(code.upper().replace("0", "O").replace("1", "I"), KNOWN) == given_answers
    assert codes.parse(code.replace("0", "o").replace("1", "l"), KNOWN) == given_answers


@given(st.text(max_size=40))
def test_any_text_is_answers_or_a_plain_refusal(text):
    for parse in (codes.parse, codes.parse_so_far):
        try:
            outcome: object = parse(text, KNOWN)
        except codes.CodeError as error:
            outcome = str(error)
        assert isinstance(outcome, Answers) or outcome.startswith("This link")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "too short"),
        ("1", "too short"),
        ("1000", "too short"),
        ("z000", "questionnaire"),
        ("1u1", "our links never use"),
        ("1ß1", "our links never use"),
        ("19", "doesn’t offer"),
    ],
)
def test_a_refusal_says_what_is_wrong(text, reason):
    with pytest.raises(codes.CodeError, match=reason):
        codes.parse(text + "0" * (len(text) > 1), KNOWN)


def test_an_any_of_question_takes_a_character_for_every_five_options(content):
    owned = next(question for question in content.questionnaire.questions if question.id == "owned")
    assert codes.width(owned) == -(-len(owned.options) // 5) == 2


def test_picks_of_an_any_of_question_add_up_in_any_order(content):
    owned = next(question for question in content.questionnaire.questions if question.id == "owned")
    assert codes.pick(owned, ["0", "2"]) == codes.pick(owned, ["2", "0", "2"]) == 0b101
    assert codes.pick(owned, []) == 0


@pytest.mark.parametrize("characters", [["4"], ["z"], ["u"], ["00"], [""], ["ü"]])
def test_a_pick_that_is_no_option_is_refused(content, characters):
    with pytest.raises(codes.CodeError, match="one of the answers"):
        codes.pick(content.questionnaire.questions[0], characters)


@pytest.mark.parametrize("characters", [[], ["0", "1"]])
def test_a_one_of_question_takes_exactly_one_pick(content, characters):
    with pytest.raises(codes.CodeError, match="takes one answer"):
        codes.pick(content.questionnaire.questions[0], characters)
