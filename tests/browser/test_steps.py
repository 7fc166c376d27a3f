"""Steps are ticked on a result and on a checklist alike, and home greets a browser that has ticks."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from quiz import codes
from quiz.catalogue import catalogue
from tests.browser.tab import settle
from tests.browser.test_checklist import BEDROOM, KEY, REFUSE, STUDIO, box, keep, kept, says
from tests.conftest import leaning

RESULT = f"/result/{codes.build(leaning('bedroom'))}/"
DAW, THEORY = catalogue().skills["daw"], catalogue().skills["theory"]
FIRST, SECOND, THIRD, FOURTH, *_ = DAW.steps


def step(page: Page, one) -> Locator:
    return page.get_by_label(one.do, exact=True)


def unfold(page: Page, skill: str = "daw") -> None:
    page.locator(f"#skill-{skill} .steps summary").click()


def next_steps(page: Page) -> list[str]:
    return page.locator(".next-three label:visible").all_inner_texts()


def test_a_step_ticked_on_the_result_is_ticked_on_the_checklist_and_makes_room_for_the_next(page: Page):
    page.goto(RESULT)
    assert next_steps(page) == [FIRST.do, SECOND.do, THIRD.do]
    step(page, SECOND).check()
    expect(page.get_by_text("It is ticked on the checklist too.")).to_be_visible()
    assert kept(page) == ["daw.bass"]
    expect(step(page, SECOND)).to_be_checked()
    page.goto(BEDROOM)
    unfold(page)
    expect(step(page, SECOND)).to_be_checked()
    expect(step(page, FIRST)).not_to_be_checked()
    page.goto(RESULT)
    expect(page.locator(".next-three label").nth(1)).to_have_text(THIRD.do)
    assert next_steps(page) == [FIRST.do, THIRD.do, FOURTH.do]
    link = page.locator(".next-three li").nth(2).get_by_role("link")
    expect(link).to_have_attribute("href", f"{BEDROOM}#skill-daw")


def test_a_tick_on_the_result_can_be_taken_back(page: Page):
    page.goto(RESULT)
    step(page, FIRST).check()
    expect(page.get_by_text("It is ticked on the checklist too.")).to_be_visible()
    step(page, FIRST).uncheck()
    expect(page.get_by_text("To do again.")).to_be_visible()
    assert kept(page) == []


def test_a_tick_taken_back_and_made_again_before_the_checklist_has_come_counts(page: Page):
    page.route(f"**{BEDROOM}", lambda route: None)  # unanswered until the route is removed
    page.goto(RESULT)
    step(page, FIRST).check()
    expect(page.get_by_text("It is ticked on the checklist too.")).to_be_visible()
    step(page, FIRST).uncheck()
    step(page, FIRST).check()
    with page.expect_response(f"**{BEDROOM}"):
        page.unroute(f"**{BEDROOM}")
    for one in (SECOND, THIRD):
        step(page, one).click()
    expect(page.locator(".next-three label").first).to_have_text(FOURTH.do)
    assert kept(page) == ["daw.open", "daw.bass", "daw.phone"]


def test_when_all_three_are_ticked_the_next_three_come(page: Page):
    page.goto(RESULT)
    for one in (FIRST, SECOND, THIRD):
        step(page, one).click()
    expect(page.locator(".next-three label").first).to_have_text(FOURTH.do)
    expect(page.locator(".next-three :checked")).to_have_count(0)
    assert kept(page) == ["daw.open", "daw.bass", "daw.phone"]


@pytest.mark.parametrize("script", ["next", "results"])
def test_ticks_made_before_their_script_has_come_all_count(page: Page, script: str):
    page.route(f"**/js/{script}.*", lambda route: None)  # unanswered until the route is removed
    page.goto("/robots.txt")
    page.evaluate("url => { location.href = url }", RESULT)
    for one in (FIRST, SECOND, THIRD):
        step(page, one).click()
    page.unroute(f"**/js/{script}.*")
    expect(page.locator(".next-three label").first).to_have_text(FOURTH.do)
    assert sorted(kept(page)) == ["daw.bass", "daw.open", "daw.phone"]


def test_a_step_ticked_before_the_script_has_come_stays_ticked_for_whom_has_ticks_of_other_skills(page: Page):
    keep(page, json.dumps([f"theory.{THEORY.steps[0].id}"]))
    page.route("**/js/next.*", lambda route: None)  # unanswered until the route is removed
    page.goto(RESULT)
    step(page, SECOND).click()
    page.unroute("**/js/next.*")
    expect(page.get_by_text("It is ticked on the checklist too.")).to_be_visible()
    expect(step(page, SECOND)).to_be_checked()
    assert "daw.bass" in kept(page)


def test_a_result_says_when_nothing_is_left(page: Page):
    keep(page, json.dumps([skill.id for skill in catalogue().skills.values()]))
    page.goto(RESULT)
    expect(page.get_by_text("Nothing is left to do on this list")).to_be_visible()
    assert next_steps(page) == []


def test_a_result_says_that_nothing_can_be_kept(page: Page):
    page.add_init_script(REFUSE)
    page.goto(RESULT)
    step(page, FIRST).check()
    expect(page.get_by_text("This browser does not save anything for this page")).to_be_visible()
    expect(step(page, FIRST)).to_be_checked()


def test_a_skill_that_is_ticked_has_its_steps_ticked_and_is_open_again_without_one_of_them(page: Page):
    page.goto(BEDROOM)
    unfold(page)
    box(page, "daw").check()
    expect(page.locator("#skill-daw .steps :checked")).to_have_count(len(DAW.steps))
    step(page, SECOND).uncheck()
    expect(box(page, "daw")).not_to_be_checked()
    expect(page.locator("#skill-daw .steps :checked")).to_have_count(len(DAW.steps) - 1)
    assert "daw" not in kept(page)
    step(page, SECOND).check()
    expect(box(page, "daw")).to_be_checked()
    box(page, "daw").uncheck()
    expect(page.locator("#skill-daw .steps :checked")).to_have_count(0)
    assert kept(page) == []


def test_the_hours_left_count_the_steps(page: Page):
    page.goto(BEDROOM)
    unfold(page)
    for one in (FIRST, SECOND):
        step(page, one).check()
    says(page, f"{SECOND.do}: done. 0 of 22 done, 487 hours left.")
    page.reload()
    expect(page.locator(".meter-value").first).to_have_text("0 of 22 done, 487 hours left")


def test_ticks_of_steps_that_no_longer_exist_are_kept_and_counted_nowhere(page: Page):
    keep(page, '["daw.gone", "gone.step", "daw.open"]')
    page.goto(BEDROOM)
    expect(page.locator(".meter-value").first).to_have_text("0 of 22 done, 488 hours left")
    box(page, "daw").check()
    page.get_by_role("button", name="Clear all ticks").click()
    assert kept(page) == ["daw.gone", "gone.step"]


def test_steps_can_be_read_without_javascript(without_scripts: Page):
    page = without_scripts
    page.goto(BEDROOM)
    unfold(page)
    expect(step(page, FIRST)).to_be_visible()
    expect(page.locator("#skill-daw .steps")).to_contain_text(FIRST.done)
    page.goto(RESULT)
    assert next_steps(page) == [FIRST.do, SECOND.do, THIRD.do]


def test_home_greets_a_browser_that_has_ticks_with_what_was_finished_and_what_is_next(page: Page):
    page.goto("/")
    greeting = page.get_by_text("Welcome back.")
    expect(greeting).to_be_hidden()
    page.goto(STUDIO)
    unfold(page)
    step(page, FIRST).check()
    page.goto("/")
    expect(greeting).to_be_visible()
    expect(greeting).to_contain_text("Last time you finished “Install a free DAW, or open BandLab in your browser”.")
    greeting.get_by_role("link", name="Put a bass under that beat (60 minutes)").click()
    expect(page).to_have_url(re.compile(f"{STUDIO}#skill-daw$"))
    settle(page)
    box(page, "daw").check()
    page.goto("/")
    expect(greeting).to_contain_text(f"Last time you finished “{DAW.name}”.")
    expect(greeting.get_by_role("link")).to_contain_text(THEORY.steps[0].title)


def test_home_greets_nobody_for_ticks_that_it_does_not_know(page: Page):
    keep(page, '["skill-of-1999"]')
    with page.expect_response(f"**{BEDROOM}"):
        page.goto("/")
    expect(page.get_by_text("Welcome back.")).to_be_hidden()
    assert page.evaluate(f"localStorage.getItem('{KEY}')") == '["skill-of-1999"]'


def test_a_week_of_the_plan_prints_on_one_page(page: Page):
    page.add_init_script("window.print = () => {}")
    page.goto(f"/result/{codes.build(leaning('studio').choose('hours', ['twenty']))}/plan/")
    for button in page.get_by_role("button", name="Print this week").all():
        button.click()
        paper = page.pdf(format="A4", print_background=False)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
        page.evaluate("dispatchEvent(new Event('afterprint'))")


def test_the_days_of_the_plan_follow_the_day_it_starts(page: Page):
    page.clock.set_fixed_time("2026-11-23T10:00:00")  # a Monday
    page.goto(f"{RESULT}plan/")
    sessions = page.locator(".week h3")
    expect(sessions.first).to_contain_text("Monday 30 November, 60 minutes")
    page.get_by_label("The day you start").fill("2027-01-05")
    expect(sessions.first).to_contain_text("Tuesday 5 January, 60 minutes")
