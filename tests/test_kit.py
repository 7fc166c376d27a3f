from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz import kit
from quiz.catalogue import catalogue
from quiz.domain import FIRST_ROLES

CATEGORIES = sorted(catalogue().categories)
roles = st.sampled_from(FIRST_ROLES)
budgets = st.integers(0, 6000)
owned_categories = st.frozensets(st.sampled_from(CATEGORIES))


def cheapest(role, category):
    return min(i.price for i in catalogue().gear.values() if i.category == category and role in i.roles)


@given(roles, budgets, owned_categories)
def test_a_kit_never_costs_more_than_the_budget(role, budget, owned):
    built = kit.build(role, budget, owned, catalogue())
    assert built.total == sum(item.price for item in built.now) <= budget


@given(roles, budgets, owned_categories)
def test_a_kit_has_nothing_that_is_owned_and_nothing_twice(role, budget, owned):
    built = kit.build(role, budget, owned, catalogue())
    named = [item.category for item in built.now] + [later.item.category for later in built.later]
    assert not owned & set(named)
    assert len(named) == len(set(named))


@given(roles, budgets, owned_categories)
def test_every_category_of_the_role_is_owned_in_the_kit_or_next(role, budget, owned):
    built = kit.build(role, budget, owned, catalogue())
    named = {item.category for item in built.now} | {later.item.category for later in built.later} | owned
    assert named >= {c.id for c in catalogue().categories.values() if role in c.priority}


@given(roles, budgets, owned_categories)
def test_nothing_is_bought_without_what_it_needs(role, budget, owned):
    built = kit.build(role, budget, owned, catalogue())
    there = owned | {item.category for item in built.now}
    for item in built.now:
        assert set(catalogue().categories[item.category].needs) <= there


@given(roles, budgets, owned_categories)
def test_what_waits_would_not_have_fitted_even_if_nothing_less_important_had_been_bought(role, budget, owned):
    built = kit.build(role, budget, owned, catalogue())
    order = [category.id for category in kit.buying_order(role, catalogue())]
    bought = {item.category for item in built.now}

    def closure(category):
        needs, todo = set(), [category]
        while todo:
            id_ = todo.pop()
            if id_ not in needs and id_ not in owned:
                needs.add(id_)
                todo += catalogue().categories[id_].needs
        return needs

    for later in built.later:
        if later.item.skip:
            continue  # no money buys it
        before = order[: order.index(later.item.category)]
        spent_on = set().union(*(closure(c) for c in before if c in bought))
        left = budget - sum(cheapest(role, c) for c in spent_on)
        assert sum(cheapest(role, c) for c in closure(later.item.category) - spent_on) > left


@given(roles, budgets, owned_categories)
def test_a_kit_has_nothing_that_the_gear_page_advises_against(role, budget, owned):
    assert not any(item.skip for item in kit.build(role, budget, owned, catalogue()).now)


@pytest.mark.parametrize("budget", [500, 1500, 4000, 6000])
def test_a_studio_kit_has_a_stand_for_every_microphone(content, budget):
    now = {item.category for item in kit.build("studio", budget, (), content).now}
    stands = ("stands" in now) + ("second-stand" in now) + 3 * ("more-stands" in now)
    microphones = ("dynamic-mic" in now) + ("condenser-mic" in now) + 2 * ("mic-pair" in now) + ("drum-mics" in now)
    assert microphones <= stands


@given(roles, owned_categories)
def test_free_things_come_with_every_budget(role, owned):
    now = {item.category for item in kit.build(role, 0, owned, catalogue()).now}
    for category in kit.buying_order(role, catalogue()):
        if category.id not in owned and not category.needs and cheapest(role, category.id) == 0:
            assert category.id in now


@given(roles, budgets)
def test_a_kit_starts_from_computer_and_daw(role, budget):
    built = kit.build(role, budget, (), catalogue())
    assert [item.category for item in built.now][:2] == ["computer", "daw"]


@given(roles, budgets, owned_categories)
def test_both_lists_are_in_buying_order(role, budget, owned):
    built = kit.build(role, budget, owned, catalogue())
    order = [category.id for category in kit.buying_order(role, catalogue())]
    for named in ([item.category for item in built.now], [later.item.category for later in built.later]):
        assert named == sorted(named, key=order.index)


@given(roles, budgets, st.integers(1, 2000), owned_categories)
def test_more_money_never_takes_a_category_away(role, budget, more, owned):
    poor, rich = (kit.build(role, money, owned, catalogue()) for money in (budget, budget + more))
    first_missing = next((later.item.category for later in poor.later), None)
    order = [category.id for category in kit.buying_order(role, catalogue())]
    before = order[: order.index(first_missing)] if first_missing else order
    assert {item.category for item in rich.now} >= {item.category for item in poor.now} & set(before)


def test_something_that_is_of_no_use_yet_says_what_it_waits_for(content):
    built = kit.build("bedroom", 0, (), content)
    waiting = {later.item.category: later.waits_for.id for later in built.later if later.waits_for}
    assert waiting["dynamic-mic"] == waiting["monitors"] == "interface"
    assert "headphones" not in waiting
    assert waiting["stands"] == "dynamic-mic"


def test_a_microphone_that_the_money_covers_without_its_stand_says_that_it_needs_one(content):
    built = kit.build("bedroom", 134, ("headphones", "interface"), content)
    waiting = {later.item.category: later.waits_for.id for later in built.later if later.waits_for}
    assert (waiting["dynamic-mic"], waiting["stands"]) == ("stands", "dynamic-mic")


def test_a_microphone_comes_with_its_stand_and_cable_or_not_at_all(content):
    for budget in range(0, 400, 10):
        now = {item.category for item in kit.build("studio", budget, (), content).now}
        assert ("dynamic-mic" in now) == ("stands" in now)


def test_what_is_left_buys_better_things(content):
    modest, rich = (kit.build("mix", budget, (), content) for budget in (150, 6000))
    price = {
        role: next(i.price for i in k.now if i.category == "headphones") for role, k in (("a", modest), ("b", rich))
    }
    assert price["b"] > price["a"]


@pytest.mark.parametrize("role", FIRST_ROLES)
def test_models_are_listed_cheapest_first(content, role):
    for category in kit.buying_order(role, content):
        prices = [item.price for item in kit.models(role, category.id, content)]
        assert prices == sorted(prices)
        assert prices


@pytest.mark.parametrize(
    ("role", "item"), [("bedroom", "behringer-xm8500"), ("mix", "akg-k72"), ("bedroom", "akg-k72")]
)
def test_where_the_cheapest_is_to_be_skipped_the_next_one_is_bought(role, item):
    content = catalogue()
    skipped = replace(content.gear[item], skip=True)
    other = replace(content, gear={**content.gear, item: skipped})
    category = content.gear[item].category
    cheapest = next(model for model in kit.models(role, category, other) if not model.skip)
    bought = {model.category: model for model in kit.build(role, 6000, (), other).now}
    assert bought[category].price >= cheapest.price
    assert not bought[category].skip


def test_what_needs_something_that_cannot_be_had_is_not_bought():
    content = catalogue()
    skipped = {
        id_: replace(item, skip=True) if item.category == "dynamic-mic" else item for id_, item in content.gear.items()
    }
    built = kit.build("bedroom", 6000, (), replace(content, gear=skipped))
    bought = {item.category for item in built.now}
    assert "interface" in bought
    assert not {"dynamic-mic", "stands", "second-stand"} & bought
