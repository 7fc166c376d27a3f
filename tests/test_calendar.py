from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from quiz import codes
from quiz.calendar import Timing, build
from quiz.catalogue import catalogue
from quiz.result import result
from tests.conftest import by_id, leaning
from tests.strategies import answers

START = date(2026, 12, 7)
URL = "https://producers.example/result/x/"


def of(code):
    return result(code, catalogue())


def calendar(outcome, start, **timing):
    content = build(outcome, Timing(start, **timing), URL, catalogue())
    return Calendar.from_ical(content).walk("VEVENT")


@pytest.mark.unmeasured
@settings(max_examples=50)
@given(answers(), st.dates(date(2020, 1, 1), date(2099, 1, 1)))
def test_a_calendar_has_an_event_a_session_and_one_on_the_last_day_of_each_later_milestone(given_answers, start):
    plan = of(codes.build(given_answers)).plan
    events = calendar(of(codes.build(given_answers)), start)
    sessions, milestones = events[: len(plan.sessions)], events[len(plan.sessions) :]
    for event, session in zip(sessions, plan.sessions, strict=True):
        assert event["dtstart"].dt == start + timedelta(days=7 * (session.week - 1) + session.day)
        assert all(part.step.do in event["description"] for part in session.parts)
    for event, milestone in zip(milestones, plan.milestones[1:], strict=True):
        assert event["dtstart"].dt == start + timedelta(days=7 * milestone.week - 1)
        for skill in milestone.skills:
            assert f"{skill.name}. Done when: {skill.done}" in event["description"]
        assert event["description"]


def test_sessions_are_all_day_or_at_a_time_of_day_for_as_long_as_they_take():
    outcome = of(codes.build(by_id(hours="two")))
    assert type(calendar(outcome, START)[0]["dtstart"].dt) is date
    first, *_, last = calendar(outcome, START, at=time(19, 30))
    assert first["dtstart"].dt == datetime(2026, 12, 7, 19, 30)  # of no time zone: where the calendar is
    assert first["duration"].dt == timedelta(minutes=60)
    assert type(last["dtstart"].dt) is date


@pytest.mark.parametrize("hours", ["two", "twenty"])
def test_the_title_of_an_event_says_what_to_do_in_at_most_100_characters_and_ends_with_a_whole_word(hours):
    outcome = of(codes.build(by_id(hours=hours)))
    titles = [str(event["summary"]) for event in calendar(outcome, START)]
    assert max(map(len, titles)) <= 100
    for title, session in zip(titles, outcome.plan.sessions, strict=False):
        part = session.parts[0]
        skill = catalogue().skills.get(part.skill)
        whole = f"{skill.name}: {part.step.title}" if skill else part.step.title
        begun = title.removesuffix(" …")
        assert whole.startswith(begun)
        assert title == whole or (whole[len(begun)] == " " and len(begun) > 60)


@pytest.mark.unmeasured
@settings(max_examples=25)
@given(answers())
def test_events_keep_their_uid_whenever_the_plan_starts(given_answers):
    outcome = of(codes.build(given_answers))
    uids = [[str(event["uid"]) for event in calendar(outcome, start)] for start in (START, date(2027, 3, 1))]
    assert uids[0] == uids[1]
    assert len(set(uids[0])) == len(uids[0])


def test_a_calendar_made_later_is_a_later_revision_of_the_same_events_even_if_it_starts_sooner():
    outcome = of(codes.build(by_id()))
    made = datetime(2026, 12, 1, 10, tzinfo=UTC)
    before = calendar(outcome, date(2027, 3, 1), made=made)
    after = calendar(outcome, START, made=made + timedelta(minutes=5))
    for old, new in zip(before, after, strict=True):
        assert old["uid"] == new["uid"]
        assert new["sequence"] == old["sequence"] + 5
        assert new["last-modified"].dt == new["dtstamp"].dt == made + timedelta(minutes=5)
        assert new["dtstart"].dt < old["dtstart"].dt


def test_without_a_time_of_making_a_later_start_is_a_later_revision():
    outcome = of(codes.build(by_id()))
    before, after = (calendar(outcome, start)[0] for start in (START, START + timedelta(days=7)))
    assert after["sequence"] > before["sequence"] > 0
    assert calendar(outcome, date(2001, 1, 1))[0]["sequence"] == 0


def test_a_calendar_says_what_comes_after_the_whole_list():
    last = calendar(of(codes.build(leaning("bedroom"))), START)[-1]
    busy = calendar(of(codes.build(leaning("bedroom").choose("hours", ["twenty"]))), START)[-1]
    assert "Done when" in last["description"] or "On the way" in last["description"]
    assert "The whole list lies behind you" in busy["description"]
