"""Role, budget and owned gear → Kit: what to buy now, and what to buy later."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache

from quiz.catalogue import Catalogue
from quiz.domain import GearCategory, GearItem, RoleId

MOST_KITS = 4096  # the quiz can ask for some hundreds; a form for any sum of money


@dataclass(frozen=True)
class Later:
    """An item that the budget does not cover. `waits_for` is a category it needs that is missing too."""

    item: GearItem
    waits_for: GearCategory | None


@dataclass(frozen=True)
class Kit:
    """`now` never costs more than `budget` (US dollars); both lists are in buying order."""

    budget: int
    now: tuple[GearItem, ...]
    later: tuple[Later, ...]

    @property
    def total(self) -> int:
        return sum(item.price for item in self.now)


@lru_cache(maxsize=MOST_KITS)
def build(role: RoleId, budget: int, owned: frozenset[str], catalogue: Catalogue) -> Kit:
    """The kit of a role for `budget` dollars, without the categories in `owned`.

    In buying order, each category gets its cheapest item that is not to be skipped, together with the cheapest of all it needs, if
    the money left covers them. What is left then buys better items, in the same order but with the free ones replaced last.
    """
    order = buying_order(role, catalogue)
    offered = {
        category.id: [model for model in models(role, category.id, catalogue) if not model.skip] for category in order
    }
    chosen: dict[str, GearItem] = {}
    left = budget
    for category in order:
        bundle = _with_needs(category, {*owned, *chosen}, catalogue)
        if not all(offered[id_] for id_ in bundle):
            continue
        cheapest = {id_: offered[id_][0] for id_ in bundle}
        cost = sum(item.price for item in cheapest.values())
        if cost <= left:
            chosen |= cheapest
            left -= cost
    bought = [category.id for category in order if category.id in chosen]
    for id_ in sorted(bought, key=lambda id_: chosen[id_].price == 0):
        money = chosen[id_].price + left
        affordable = [model for model in offered[id_] if model.price <= money]
        chosen[id_] = max(affordable, key=lambda model: model.price)
        left = money - chosen[id_].price

    missing = [category for category in order if category.id not in {*chosen, *owned}]
    later = [
        Later(
            models(role, category.id, catalogue)[0],
            next((need for need in missing if need.id in category.needs), None),
        )
        for category in missing
    ]
    return Kit(budget, tuple(chosen[id_] for id_ in bought), tuple(later))


def _with_needs(category: GearCategory, owned: Collection[str], catalogue: Catalogue) -> list[str]:
    """The ids of a category and all it needs, directly or not, that are not in `owned`."""
    bundle: list[str] = []
    waiting = [category.id]
    while waiting:
        id_ = waiting.pop()
        if id_ not in owned and id_ not in bundle:
            bundle.append(id_)
            waiting += catalogue.categories[id_].needs
    return bundle


@cache
def buying_order(role: RoleId, catalogue: Catalogue) -> tuple[GearCategory, ...]:
    """The categories that a role uses, most important first."""
    used = [category for category in catalogue.categories.values() if role in category.priority]
    return tuple(sorted(used, key=lambda category: category.priority[role]))


@cache
def models(role: RoleId, category: str, catalogue: Catalogue) -> tuple[GearItem, ...]:
    """The items of a category (given by its id) for a role, cheapest first."""
    suited = [item for item in catalogue.gear.values() if item.category == category and role in item.roles]
    return tuple(sorted(suited, key=lambda item: item.price))
