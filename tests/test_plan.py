import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz import plan
from quiz.catalogue import catalogue

routes = st.sampled_from([("bedroom",), ("studio",), ("mix",), ("bedroom", "studio")])
hours = st.integers(1, 60)


def skills(route):
    return [skill for chapter in plan.checklist(route, catalogue()) for skill in chapter.skills]


@given(routes)
def test_a_checklist_has_the_foundations_and_every_skill_of_its_roles_once(route):
    listed = skills(route)
    expected = {s.id for s in catalogue().skills.values() if s.stage == 1 or set(route) & set(s.depth)}
    assert {skill.id for skill in listed} == expected
    assert len(listed) == len(expected)


@given(routes)
def test_a_checklist_goes_from_the_foundations_through_the_roles_stage_by_stage(route):
    chapters = plan.checklist(route, catalogue())
    assert [(c.role, c.stage.id) for c in chapters] == [(None, 1)] + [(r, s) for r in route for s in (2, 3, 4)]


def test_the_foundations_that_may_stay_light_come_last(content):
    lights = [plan.is_light(skill, ["mix"]) for skill in plan.checklist(["mix"], content)[0].skills]
    assert lights == sorted(lights)
    assert any(lights)


def test_a_skill_that_one_role_of_the_route_needs_in_full_is_not_light(content):
    synthesis = content.skills["synthesis"]
    assert plan.is_light(synthesis, ["studio"])
    assert not plan.is_light(synthesis, ["bedroom", "studio"])


@given(routes, hours)
def test_milestones_and_what_lies_beyond_are_the_checklist_in_order(route, hours_a_week):
    built = plan.build(route, hours_a_week, catalogue())
    planned = [skill for milestone in built.milestones for skill in milestone.skills]
    assert [*planned, *built.beyond] == skills(route)


@given(routes, hours)
def test_a_milestone_asks_for_no_more_hours_than_there_are_until_then(route, hours_a_week):
    spent = 0
    for milestone in plan.build(route, hours_a_week, catalogue()).milestones:
        spent += sum(skill.hours for skill in milestone.skills)
        assert spent <= milestone.week * hours_a_week


@given(routes, hours, st.integers(1, 30))
def test_more_hours_a_week_never_take_longer(route, hours_a_week, more):
    slow, fast = (plan.build(route, h, catalogue()) for h in (hours_a_week, hours_a_week + more))
    assert fast.weeks <= slow.weeks
    for a, b in zip(slow.milestones, fast.milestones, strict=True):
        assert a.week == b.week
    assert len(fast.beyond) <= len(slow.beyond)


@pytest.mark.parametrize(("role", "total"), [("bedroom", 489), ("studio", 707), ("mix", 647)])
def test_the_hours_are_those_of_the_fact_sheet(content, role, total):
    assert sum(chapter.hours for chapter in plan.checklist([role], content)) == total
