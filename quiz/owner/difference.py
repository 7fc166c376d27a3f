"""Two questionnaires side by side: how many people would get another role from the same answers.

Answers are ids here, of an option by question, because the two have different questions and options.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from quiz.domain import Questionnaire, RoleId
from quiz.scoring import scale_of

SHEETS = 20_000


@dataclass(frozen=True)
class Difference:
    """How many of `sheets` random answer sheets get another role. A question that only one questionnaire has is answered at
    random; an option that only one of them has is not chosen if both have the question."""

    sheets: int
    count: int
    alone: tuple[str, ...]  # questions and options ("question.option") that only one of them has

    @property
    def share(self) -> tuple[float, float]:
        """In per cent, and twice its standard error."""
        share = self.count / self.sheets
        return round(100 * share, 1), round(200 * (share * (1 - share) / self.sheets) ** 0.5, 1)


def difference(old: Questionnaire, new: Questionnaire, sheets: int = SHEETS) -> Difference:
    chance, before, after = random.Random(0), _option_ids(old), _option_ids(new)
    both = {id_: [option for option in before[id_] if option in after[id_]] for id_ in before if id_ in after}
    count = 0
    for _ in range(sheets):
        first, second, same = (
            {id_: chance.choice(options) for id_, options in questions.items() if options}
            for questions in (before, after, both)
        )
        count += role(old, first | same) != role(new, second | same)
    alone = [id_ for id_ in [*before, *after] if id_ not in both]
    for id_, options in both.items():
        alone += [f"{id_}.{option}" for option in dict.fromkeys(before[id_] + after[id_]) if option not in options]
    return Difference(sheets, count, tuple(alone))


def role(questionnaire: Questionnaire, answers: Mapping[str, object]) -> RoleId:
    scale = scale_of(questionnaire)
    chosen = {
        question: option
        for question in questionnaire.weighted
        for option in question.options
        if answers[question.id] == option.id
    }
    goals = [option for question, option in chosen.items() if question.axis == "goals"]
    return scale.best(
        sum(scale.keys[option] for option in chosen.values()), sum(scale.keys[option] for option in goals)
    )


def missing(questionnaire: Questionnaire, answers: Mapping[str, object]) -> list[str]:
    """The questions that decide the role but have no valid answer."""
    return [id_ for id_, options in _option_ids(questionnaire).items() if answers.get(id_) not in options]


def _option_ids(questionnaire: Questionnaire) -> dict[str, list[str]]:
    return {question.id: [option.id for option in question.options] for question in questionnaire.weighted}
