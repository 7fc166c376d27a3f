"""Role, money and what is owned → Kit: what to buy now, and what comes next when there is money."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from quiz.catalogue import Catalogue
from quiz.domain import GearCategory, GearItem, RoleId


@dataclass(frozen=True)
class Later:
    """Something that did not fit. `waits_for` names the category that it is of no use without, if that is missing too."""

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


def build(role: RoleId, budget: int, owned: Collection[str], catalogue: Catalogue) -> Kit:
    """The kit of a role for `budget` dollars, without the categories in `owned`.

    First the cheapest item of each category, together with what it is of no use without, in buying order, as far as the
    money goes: free things cost none of it. Then what is left buys better items, in the same order, those that replace
    something free last.
    """
    order = buying_order(role, catalogue)
    cheapest = {category.id: models(role, category.id, catalogue)[0] for category in order}
    chosen: dict[str, GearItem] = {}
    left = budget
    for category in order:
        bundle = _with_needs(category, {*owned, *chosen}, catalogue)
        cost = sum(cheapest[id_].price for id_ in bundle)
        if cost <= left:
            chosen |= {id_: cheapest[id_] for id_ in bundle}
            left -= cost
    places = {category.id: place for place, category in enumerate(order)}
    for id_, item in sorted(chosen.items(), key=lambda pair: (pair[1].price == 0, places[pair[0]])):
        affordable = [model for model in models(role, id_, catalogue) if model.price <= item.price + left]
        chosen[id_] = max(affordable, key=lambda model: model.price)
        left -= chosen[id_].price - item.price

    later: list[Later] = []
    missing: list[GearCategory] = []
    for category in order:
        if category.id not in chosen and category.id not in owned:
            waits_for = next((need for need in missing if need.id in category.needs), None)
            later.append(Later(cheapest[category.id], waits_for))
            missing.append(category)
    return Kit(budget, tuple(chosen[category.id] for category in order if category.id in chosen), tuple(later))


def _with_needs(category: GearCategory, there: Collection[str], catalogue: Catalogue) -> list[str]:
    """A category and all it needs, directly or not, as far as they are not there already."""
    bundle: list[str] = []
    waiting = [category.id]
    while waiting:
        id_ = waiting.pop()
        if id_ not in there and id_ not in bundle:
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
    """The items of a category (its id) that suit a role, cheapest first."""
    suited = [item for item in catalogue.gear.values() if item.category == category and role in item.roles]
    return tuple(sorted(suited, key=lambda item: item.price))
