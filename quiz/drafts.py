"""New weights into the text of a questionnaire, with everything else in it left as its author wrote it."""

import re

from quiz.domain import Option, Questionnaire

OPTION = re.compile(r"^(?=\[\[questions\.options\]\]$)", re.MULTILINE)
QUESTION = re.compile(r"^(?=\[\[questions\]\]$)", re.MULTILINE)
ID = re.compile(r'^id = "(.+)"$', re.MULTILINE)
TEXT = re.compile(r"^text = .+$", re.MULTILINE)
WEIGHTS = re.compile(r"^weights = .+\n", re.MULTILINE)
BECAUSE = re.compile(r"^because\.(\w+) = ", re.MULTILINE)


def reweighted(text: str, questionnaire: Questionnaire) -> str:
    weighted = {question.id: {option.id: option for option in question.options} for question in questionnaire.weighted}
    head, *questions = QUESTION.split(text)
    return head + "".join(_question(question, weighted.get(_id(question), {})) for question in questions)


def _question(text: str, options: dict[str, Option]) -> str:
    head, *parts = OPTION.split(text)
    return head + "".join(_option(part, options[_id(part)]) if options else part for part in parts)


def _option(text: str, option: Option) -> str:
    """The sentence of a role that has no weight any more is kept as a comment; one that is missing is asked for."""
    weights = ", ".join(f"{role} = {number}" for role, number in option.weights.items())
    lines = [f"weights = {{ {weights} }}"] if weights else []
    there = BECAUSE.findall(text)
    lines += [f"# Write a sentence: because.{role} = " for role in option.weights if role not in there]
    text = WEIGHTS.sub("", text)
    text = BECAUSE.sub(
        lambda found: found[0] if found[1] in option.weights else f"# No weight any more: {found[0]}", text
    )
    return TEXT.sub(lambda found: "\n".join([found[0], *lines]), text, count=1)


def _id(text: str) -> str:
    found = ID.search(text)
    return found[1] if found else ""
