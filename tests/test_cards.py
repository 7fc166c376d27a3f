import re
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from PIL import Image, ImageColor

from quiz import cards, codes
from quiz.cards import Timing
from quiz.catalogue import catalogue
from quiz.inks import ink
from quiz.result import Result, first_person, result
from tests.conftest import by_id, data, leaning
from tests.strategies import answers

START = date(2026, 12, 7)
URL = "https://producers.example/result/x/"
SECOND = [link["code"] for link in data("golden.toml")["links"] if link["code"].startswith("2")]
ONE_OF_EACH = {link["role"]: link["code"] for link in data("golden.toml")["links"]}


def of(code):
    return result(code, catalogue())


SITE = "producers.example"
SHEETS = pytest.mark.parametrize("sheet", [cards.CARD, cards.STORY], ids=["card", "story"])


def picture(code, sheet=cards.CARD):
    return cards.picture(of(code), catalogue(), SITE, sheet)


@pytest.mark.unmeasured
@SHEETS
@settings(max_examples=25)
@given(answers())
def test_a_picture_has_its_size_is_light_and_not_blank(sheet, given_answers):
    content = picture(codes.build(given_answers), sheet)
    image = Image.open(BytesIO(content))
    assert image.size == sheet.size
    assert len(content) <= 100_000
    assert len(set(image.convert("RGB").resize((60, 30)).get_flattened_data())) > 20


@pytest.mark.unmeasured
@SHEETS
@pytest.mark.parametrize("code", ONE_OF_EACH.values(), ids=ONE_OF_EACH.keys())
def test_a_picture_has_the_ink_of_every_role_in_its_mark(code, sheet):
    colours = Image.open(BytesIO(picture(code, sheet))).convert("RGB").getcolors(1 << 24)
    found = {colour for _, colour in colours}
    for role in catalogue().roles:
        ink_of_role = ImageColor.getrgb(ink(role).dark)
        assert min(sum(abs(a - b) for a, b in zip(ink_of_role, colour, strict=True)) for colour in found) <= 12


@pytest.mark.unmeasured
@SHEETS
@pytest.mark.parametrize("version", catalogue().questionnaires)
def test_the_longest_reason_fits_at_a_size_that_can_be_read(version, sheet):
    options = [option for question in catalogue().questionnaires[version].questions for option in question.options]
    for reason in {reason for option in options for reason in option.because.values()}:
        text, letters = cards.set_in(first_person(reason), sheet)
        lines = text.splitlines()
        assert " ".join(lines) == first_person(reason)
        assert letters.size >= sheet.letters[1] / 2
        assert max(map(letters.getlength, lines)) <= sheet.words[0]
        assert len(lines) * 1.2 * letters.size <= sheet.words[1]


def test_a_word_wider_than_the_picture_is_set_smaller():
    text, letters = cards.set_in("Donaudampfschifffahrtsgesellschaft", cards.CARD)
    assert text == "Donaudampfschifffahrtsgesellschaft"
    assert letters.getlength(text) <= cards.CARD.words[0]


def test_a_result_without_a_reason_still_has_a_card(monkeypatch):
    code = ONE_OF_EACH["mix"]
    usual = picture(code)
    monkeypatch.setattr(Result, "reasons_for", ())
    assert picture(code) != usual


def test_the_card_names_the_side(monkeypatch):
    leaning = next(code for code in SECOND if of(code).accent)
    usual = picture(leaning)
    monkeypatch.setattr(Result, "accent", None)
    assert picture(leaning) != usual


@pytest.mark.unmeasured
@SHEETS
def test_pictures_of_different_roles_differ(sheet):
    assert len({picture(code, sheet) for code in ONE_OF_EACH.values()}) == 3


@pytest.mark.unmeasured
@pytest.mark.parametrize("code", ONE_OF_EACH.values(), ids=ONE_OF_EACH.keys())
def test_the_same_result_draws_the_same_card(code):
    assert picture(code) == picture(code)


@pytest.mark.parametrize("role", catalogue().roles)
def test_a_drawing_begins_with_its_wall_and_its_desk(role):
    _, *shapes = (cards.ART / f"_{role}.html").read_text().splitlines()
    wall, desk, edge = (
        re.search(r'class="([\w-]+)".* (?:y|d)="(M?0)', shape).groups() for shape in shapes[: cards.WALL]
    )
    assert (wall, desk, edge) == (("panel", "0"), ("raised", "M0"), ("line", "M0"))
    assert f"M0 {cards.DESK}h480" in shapes[1]
    assert f"M0 {cards.DESK}h480" in shapes[2]


def calendar(outcome, start, **timing):
    content = cards.calendar(outcome, Timing(start, **timing), URL, catalogue())
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
