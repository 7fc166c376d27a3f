"""Two questionnaires side by side: who would get another role from the same answers."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from quiz.domain import Option, Question, Questionnaire, RoleId
from quiz.scoring import scale_of

SHEETS = 20_000


@dataclass(frozen=True)
class Turned:
    """How many of `sheets` random answer sheets get another role. What only one questionnaire asks is answered at random;
    an option that only one of them offers is not chosen where both ask the question."""

    sheets: int
    count: int
    alone: tuple[str, ...]  # questions and options ("question.option") that only one of them has

    @property
    def share(self) -> tuple[float, float]:
        """In per cent, and twice its standard error: how far chance may have moved it."""
        share = self.count / self.sheets
        return round(100 * share, 1), round(200 * (share * (1 - share) / self.sheets) ** 0.5, 1)


def turned(old: Questionnaire, new: Questionnaire, sheets: int = SHEETS) -> Turned:
    chance = random.Random(0)
    here, there = ({question.id: question for question in sheet.weighted} for sheet in (old, new))
    pairs = {id_: _shared(question, there[id_]) for id_, question in here.items() if id_ in there}
    count = 0
    for _ in range(sheets):
        first = {id_: chance.choice(question.options) for id_, question in here.items()}
        second = {id_: chance.choice(question.options) for id_, question in there.items()}
        for id_, options in pairs.items():
            if options:
                first[id_], second[id_] = chance.choice(options)
        count += role(old, first) != role(new, second)
    alone = [id_ for id_ in [*here, *there] if id_ not in pairs]
    for id_, options in pairs.items():
        both = {option.id for option, _ in options}
        every = dict.fromkeys(option.id for question in (here[id_], there[id_]) for option in question.options)
        alone += [f"{id_}.{option}" for option in every if option not in both]
    return Turned(sheets, count, tuple(alone))


def _shared(one: Question, other: Question) -> list[tuple[Option, Option]]:
    known = {option.id: option for option in other.options}
    return [(option, known[option.id]) for option in one.options if option.id in known]


def role(questionnaire: Questionnaire, chosen: Mapping[str, Option]) -> RoleId:
    """The role that comes of these answers to the questions that decide it."""
    scale = scale_of(questionnaire)
    goals = [chosen[question.id] for question in questionnaire.weighted if question.axis == "goals"]
    return scale.ranking(scale.points(chosen.values()), scale.points(goals))[0]


def missing(questionnaire: Questionnaire, given: Mapping[str, object]) -> list[str]:
    """The questions that decide the role and that these answers, ids by id, leave open."""
    return [q.id for q in questionnaire.weighted if given.get(q.id) not in {option.id for option in q.options}]


def role_of_ids(questionnaire: Questionnaire, given: Mapping[str, object]) -> RoleId:
    return role(questionnaire, {q.id: o for q in questionnaire.weighted for o in q.options if given.get(q.id) == o.id})
