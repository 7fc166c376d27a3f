"""Answers ⇄ the code in a link: lower-case Crockford base32, one character an answer.

A code is the version, the answers in order and a check character (Luhn mod 32), which catches any one wrong character
and nearly every swap of neighbours. The answer to an any-of question is a bit set with one character for every five
options, the first five first. `/quiz/?a=` has the answers so far in the same way, without the check character.
"""

import re
from collections.abc import Mapping
from functools import cache

from stdnum import luhn

from quiz.domain import Answers, Question, Questionnaire

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
FORGIVEN = str.maketrans("oil", "011")
CHARACTERS = frozenset(ALPHABET)
TRACKER = re.compile("[&?#]")


class CodeError(ValueError):
    """The code is not valid; the message tells the visitor why."""


def parse(code: str, questionnaires: Mapping[int, Questionnaire]) -> Answers:
    """The complete answers of a result's code; raises CodeError."""
    code = canonical(code)
    if len(code) < 2:
        raise CodeError("This link is too short: part of it is missing.")
    answers = parse_so_far(code[:-1], questionnaires)
    if not answers.complete:
        raise CodeError("This link is too short: part of it is missing.")
    if not luhn.is_valid(code, ALPHABET):
        raise CodeError("This link has a wrong character in it, or two that were swapped.")
    return answers


def parse_so_far(text: str, questionnaires: Mapping[int, Questionnaire]) -> Answers:
    """The answers in a code that may end early and has no check character. An empty one means the newest questionnaire.

    Raises CodeError.
    """
    bare = canonical(text)
    if (text and not bare) or not CHARACTERS.issuperset(bare):
        raise CodeError("This link has a character in it that our links never use.")
    text = bare or ALPHABET[max(questionnaires)]
    version, rest = value(text[0]), text[1:]
    if version not in questionnaires:
        raise CodeError("This link belongs to a questionnaire that this site doesn’t have.")
    questionnaire = questionnaires[version]
    picks = []
    for question in questionnaire.questions:
        if not rest:
            break
        size = width(question)
        pick = value(rest[:size])
        if len(rest) < size or pick >= question.picks:
            raise CodeError("This link has an answer in it that the question doesn’t offer.")
        picks.append(pick)
        rest = rest[size:]
    if rest:
        raise CodeError("This link is too long: something was added at the end.")
    return Answers(questionnaire, tuple(picks))


def value(characters: str) -> int:
    """The number that these characters stand for, five bits each, the lowest first."""
    return sum(ALPHABET.find(character) << 5 * i for i, character in enumerate(characters))


def build(answers: Answers) -> str:
    """The code of complete answers."""
    text = so_far(answers)
    return text + luhn.calc_check_digit(text, ALPHABET)


def so_far(answers: Answers) -> str:
    written = map(_written, answers.questionnaire.questions, answers.picks)
    return ALPHABET[answers.questionnaire.version] + "".join(written)


@cache
def _written(question: Question, pick: int) -> str:
    return "".join(ALPHABET[pick >> 5 * i & 31] for i in range(width(question)))


def canonical(text: str) -> str:
    """Undo common mistakes in copying a code (upper case, o for 0, i and l for 1), and drop what programs leave around a link: characters
    that no code has at either end, and a tracker without its question mark."""
    if CHARACTERS.issuperset(text):
        return text
    text = _bare(_folded(text))
    return _bare(TRACKER.split(text, maxsplit=1)[0])


def _folded(text: str) -> str:
    return text.lower().translate(FORGIVEN)


def _bare(text: str) -> str:
    places = [place for place, character in enumerate(text) if character in ALPHABET]
    return text[places[0] : places[-1] + 1] if places else ""


def outline(answers: Answers, number: int) -> str:
    """The code of a result with these answers, as far as it is known before question `number` is answered (again); a dot stands for each
    open character."""
    before, questions = so_far(answers.so_far(number)), answers.questionnaire.questions
    asked = width(questions[number]) if number < len(questions) else 0
    return f"{before}{'.' * asked}{so_far(answers)[len(before) + asked :]}."


@cache
def width(question: Question) -> int:
    """How many characters the answer to this question takes."""
    return 1 if question.kind == "one" else -(-len(question.options) // 5)


def pick(question: Question, characters: list[str]) -> int:
    """The pick of the chosen options, each given as one character; raises CodeError."""
    positions = [ALPHABET.find(_folded(character)) if len(character) == 1 else -1 for character in characters]
    if not all(0 <= position < len(question.options) for position in positions):
        raise CodeError("That isn’t one of the answers. Please choose again.")
    if question.kind == "one" and len(positions) != 1:
        raise CodeError("This question takes one answer. Please choose again.")
    return question.pick(positions)


def length(questionnaire: Questionnaire) -> int:
    """How many characters a complete code has."""
    return 2 + sum(width(question) for question in questionnaire.questions)
