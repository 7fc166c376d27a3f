from datetime import date, timedelta
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from PIL import Image

from quiz import cards, codes
from quiz.catalogue import catalogue
from quiz.result import Result, result
from tests.conftest import by_id, data
from tests.strategies import answers

URL = "https://producers.example/result/x/"
SECOND = [link["code"] for link in data("golden.toml")["links"] if link["code"].startswith("2")]
ONE_OF_EACH = {link["role"]: link["code"] for link in data("golden.toml")["links"]}


def of(code):
    return result(code, catalogue())


@settings(max_examples=25)
@given(answers())
def test_a_card_has_its_size_is_light_and_not_blank(given_answers):
    content = cards.card(of(codes.build(given_answers)), catalogue())
    image = Image.open(BytesIO(content))
    assert image.size == (1200, 630)
    assert len(content) <= 300_000
    assert len(set(image.convert("RGB").resize((60, 30)).get_flattened_data())) > 20


def test_a_result_without_a_reason_still_has_a_card(monkeypatch):
    code = ONE_OF_EACH["mix"]
    usual = cards.card(of(code), catalogue())
    monkeypatch.setattr(Result, "reasons_for", ())
    assert cards.card(of(code), catalogue()) != usual


def test_the_card_names_the_side(monkeypatch):
    leaning = next(code for code in SECOND if of(code).accent)
    usual = cards.card(of(leaning), catalogue())
    monkeypatch.setattr(Result, "accent", None)
    assert cards.card(of(leaning), catalogue()) != usual


def test_cards_of_different_roles_differ():
    assert len({cards.card(of(code), catalogue()) for code in ONE_OF_EACH.values()}) == 3


@pytest.mark.parametrize("code", ONE_OF_EACH.values(), ids=ONE_OF_EACH.keys())
def test_the_same_result_draws_the_same_card(code):
    assert cards.card(of(code), catalogue()) == cards.card(of(code), catalogue())


@settings(max_examples=50)
@given(answers(), st.dates(date(2020, 1, 1), date(2099, 1, 1)))
def test_a_calendar_has_one_event_a_milestone_on_the_last_day_of_its_week(given_answers, start):
    outcome = of(codes.build(given_answers))
    events = Calendar.from_ical(cards.calendar(outcome, start, URL)).walk("VEVENT")
    milestones = [milestone for milestone in outcome.plan.milestones if milestone.skills]
    assert len(events) == len(milestones)
    for event, milestone in zip(events, milestones, strict=True):
        assert event["dtstart"].dt == start + timedelta(days=7 * milestone.week - 1)
        for skill in milestone.skills:
            assert f"{skill.name}. Done when: {skill.done}" in event["description"]


def test_the_title_of_an_event_names_its_skills_in_at_most_200_characters_and_ends_with_a_whole_word():
    busy = of(codes.build(by_id(hours="twenty")))
    events = Calendar.from_ical(cards.calendar(busy, date(2026, 12, 7), URL)).walk("VEVENT")
    whole = [
        f"Week {milestone.week}: {', '.join(skill.name for skill in milestone.skills)}"
        for milestone in busy.plan.milestones
    ]
    titles = [str(event["summary"]) for event in events]
    assert max(map(len, whole)) > 250
    assert max(map(len, titles)) <= 200
    for title, text in zip(titles, whole, strict=True):
        start = title.removesuffix(" …")
        assert text.startswith(start)
        assert title == text or (text[len(start)] == " " and len(start) > 150)


@settings(max_examples=25)
@given(answers())
def test_events_keep_their_uid_whenever_the_plan_starts(given_answers):
    outcome = of(codes.build(given_answers))
    uids = [
        [str(event["uid"]) for event in Calendar.from_ical(cards.calendar(outcome, start, URL)).walk("VEVENT")]
        for start in (date(2026, 12, 7), date(2027, 3, 1))
    ]
    assert uids[0] == uids[1]
    assert len(set(uids[0])) == len(uids[0])
