"""Random result codes."""

import random

from quiz import codes
from quiz.catalogue import catalogue
from quiz.domain import Answers


def code(draw: random.Random) -> str:
    questionnaire = catalogue().questionnaire
    sizes = [len(q.options) if q.kind == "one" else 1 << len(q.options) for q in questionnaire.questions]
    return codes.build(Answers(questionnaire, tuple(draw.randrange(size) for size in sizes)))
