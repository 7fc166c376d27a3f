"""Two results → Comparison: where they agree and differ, and how two such people would work together."""

from dataclasses import dataclass

from quiz.catalogue import Catalogue
from quiz.domain import Accent, Option, Pair, Question, RoleId
from quiz.result import Result


@dataclass(frozen=True)
class Row:
    question: Question
    first: tuple[Option, ...]
    second: tuple[Option, ...]


@dataclass(frozen=True)
class Comparison:
    """`accents` has the roles in which both lean to a side. `same` and `different` are None if the two are of different
    questionnaires."""

    first: Result
    second: Result
    pair: Pair
    accents: dict[RoleId, tuple[Accent, Accent]]
    same: tuple[Row, ...] | None
    different: tuple[Row, ...] | None


def pair_of(one: RoleId, other: RoleId, catalogue: Catalogue) -> Pair:
    return catalogue.pairs["-".join(sorted((one, other), key=list(catalogue.roles).index))]


def compare(first: Result, second: Result, catalogue: Catalogue) -> Comparison:
    pair = pair_of(first.profile.role, second.profile.role, catalogue)
    both = [role for role in first.accents if role in second.accents]
    accents = {role: (first.accents[role], second.accents[role]) for role in both}
    if first.answers.questionnaire is not second.answers.questionnaire:
        return Comparison(first, second, pair, accents, None, None)
    rows = [
        Row(question, first.answers.options(number), second.answers.options(number))
        for number, question in enumerate(first.answers.questionnaire.questions)
    ]
    same = tuple(row for row in rows if row.first == row.second)
    different = tuple(row for row in rows if row.first != row.second)
    return Comparison(first, second, pair, accents, same, different)
