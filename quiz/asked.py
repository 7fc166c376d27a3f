"""Result → the questions of beginners that fit it best."""

from functools import cache

from quiz.catalogue import Catalogue
from quiz.domain import Asked, RoleId
from quiz.result import Result

SHOWN = 2
Amounts = frozenset[tuple[str, int]]


def asked_for(result: Result, catalogue: Catalogue) -> tuple[Asked, ...]:
    """Those that suit the first role of the route; first the ones for such money, hours and experience."""
    amounts = frozenset((id_, result.answers.amount(id_)) for id_ in ("budget", "experience", "hours"))
    return _fitting(result.route[0], amounts, catalogue)


@cache
def _fitting(role: RoleId, amounts: Amounts, catalogue: Catalogue) -> tuple[Asked, ...]:
    suited = [asked for asked in catalogue.asked.values() if role in asked.suits]
    return tuple(sorted(suited, key=lambda asked: -_fit(asked, amounts))[:SHOWN])


def _fit(asked: Asked, amounts: Amounts) -> int:
    """1 for each condition that the answers meet, -1 for each that they do not."""
    met = [any((id_, amount) in amounts for amount in wanted) for id_, wanted in asked.when.items()]
    return sum(1 if fits else -1 for fits in met)
