import dataclasses
import re

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


def build(route, hours_a_week, accent=None):
    return plan.build(route, accent, hours_a_week, catalogue())


def accents(route):
    return (None, *catalogue().roles[route[-1]].accents)


@given(routes, hours)
def test_milestones_and_what_lies_beyond_are_the_checklist_in_order(route, hours_a_week):
    built = build(route, hours_a_week)
    planned = [skill for milestone in built.milestones for skill in milestone.skills]
    assert [*planned, *built.beyond] == skills(route)


@given(routes, hours)
def test_a_milestone_asks_for_no_more_hours_than_there_are_until_then(route, hours_a_week):
    built, spent = build(route, hours_a_week), 0
    for milestone in built.milestones:
        spent += sum(skill.hours for skill in milestone.skills)
        assert spent <= milestone.week * built.hours_a_week


@given(routes, hours)
def test_no_milestone_is_empty_unless_the_whole_checklist_was_done_before(route, hours_a_week):
    built, before = build(route, hours_a_week), 0
    for milestone in built.milestones:
        assert milestone.skills or milestone.steps or built.weeks <= before
        before = milestone.week


@given(routes, hours)
def test_the_steps_of_a_milestone_are_on_the_way_to_a_skill_that_comes_later(route, hours_a_week):
    built = build(route, hours_a_week)
    for number, milestone in enumerate(built.milestones):
        so_far = {skill.id for earlier in built.milestones[: number + 1] for skill in earlier.skills}
        later = [step for skill in skills(route) if skill.id not in so_far for step in skill.steps]
        assert all(any(step is other for other in later) for step in milestone.steps)


@given(routes, hours, st.integers(1, 30))
def test_more_hours_a_week_never_take_longer(route, hours_a_week, more):
    slow, fast = (build(route, h) for h in (hours_a_week, hours_a_week + more))
    assert fast.weeks <= slow.weeks
    for a, b in zip(slow.milestones, fast.milestones, strict=True):
        assert a.week == b.week
    assert len(fast.beyond) <= len(slow.beyond)


@given(routes, hours)
def test_sessions_take_the_hours_of_each_week_and_no_more(route, hours_a_week):
    built = build(route, hours_a_week)
    assert built.hours_a_week == min(max(hours_a_week, 2), 20)
    for week in (1, 2, 3, 4):
        sessions = [session for session in built.sessions if session.week == week]
        assert sum(session.minutes for session in sessions) == 60 * built.hours_a_week
        days = [session.day for session in sessions]
        assert days == sorted(set(days))
        assert len(days) <= 5
        assert set(days) <= set(range(7))


def test_two_hours_are_two_sittings_of_one_and_twenty_are_days_with_rests_between():
    sittings = {h: [(s.day, s.minutes) for s in build(("mix",), h).first_week] for h in (2, 7, 20)}
    assert sittings[2] == [(0, 60), (3, 60)]
    assert sittings[7] == [(0, 120), (1, 120), (3, 60), (4, 60), (6, 60)]
    assert sittings[20] == [(day, 240) for day in (0, 1, 3, 4, 6)]


@given(routes, hours)
def test_the_first_week_begins_and_ends_with_the_assignment_of_the_role_and_its_accent(route, hours_a_week):
    start, finish = catalogue().roles[route[-1]].week
    for accent in accents(route):
        first, *_, last = build(route, hours_a_week, accent).first_week
        assert first.start == start.do
        assert last.parts[-1].step == (accent.finish if accent else finish)
        assert last.end == last.parts[-1].step.done


def test_every_first_week_ends_with_at_least_eight_bars(content):
    for role in content.roles.values():
        for step in (role.week[0], *(accent.finish for accent in role.accents)):
            assert re.search("[Ee]ight bars", step.do + step.done)
        assert "xport" in role.week[1].do
        assert all("xport" in accent.finish.do for accent in role.accents)


@given(routes, hours)
def test_the_steps_of_every_skill_appear_once_and_in_order(route, hours_a_week):
    parts = [part for session in build(route, hours_a_week).sessions for part in session.parts if part.skill]
    seen = list(dict.fromkeys((part.skill, part.step.id) for part in parts))
    assert seen == [(skill.id, step.id) for skill in skills(route) for step in skill.steps][: len(seen)]
    minutes = {}
    for part in parts:
        minutes[part.skill, part.step.id] = minutes.get((part.skill, part.step.id), 0) + part.minutes
    steps = {(skill.id, step.id): step for skill in skills(route) for step in skill.steps}
    *finished, last = seen
    assert all(minutes[key] == steps[key].total for key in finished)
    assert minutes[last] <= steps[last].total


@given(routes, hours)
def test_the_parts_of_a_step_are_counted_and_a_session_ends_with_what_one_can_show(route, hours_a_week):
    numbers = {}
    for session in build(route, hours_a_week).sessions:
        assert bool(session.end) == any(part.ends for part in session.parts)
        for part in session.parts:
            numbers.setdefault((part.skill, part.step.id), []).append((part.number, part.of))
    for (*_, last), counted in numbers.items():
        assert [number for number, _ in counted] == list(range(1, len(counted) + 1))
        assert len({of for _, of in counted}) == 1
        assert counted[-1][0] <= counted[-1][1], last


def test_a_step_that_goes_on_after_four_weeks_is_counted_to_its_end():
    last = build(("bedroom",), 2).sessions[-1].parts[-1]
    assert (last.step.id, last.number, last.of, last.ends) == ("move", 1, 2, False)


def test_a_checklist_that_is_done_sooner_leaves_the_rest_of_the_weeks_free(content):
    few = {id_: skill for id_, skill in content.skills.items() if skill.id in ("daw", "gain-structure")}
    small = dataclasses.replace(content, skills=few)
    built = plan.build(("mix",), None, 20, small)
    assert built.weeks == 2
    assert max(session.week for session in built.sessions) == 2
    assert [bool(m.skills or m.steps) for m in built.milestones] == [True, False, False, False]


@pytest.mark.parametrize(("role", "total"), [("bedroom", 489), ("studio", 707), ("mix", 647)])
def test_the_hours_are_those_of_the_fact_sheet(content, role, total):
    assert sum(chapter.hours for chapter in plan.checklist([role], content)) == total
