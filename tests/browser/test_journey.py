"""Visitors take the quiz, in a real Chromium against the real server."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from quiz import codes
from tests.browser.conftest import watch_context
from tests.browser.tab import settle
from tests.conftest import ASKED, QUESTIONS, V, by_id

OWNED = ASKED[-1].options
TO_CHANGE = ASKED[3]
RESULT = re.compile(r"/result/[0-9a-z]{18}/$")


def seen(page: Page) -> None:
    """The question is read: no need to wait for the time in which it takes no answer."""
    expect(page.locator(".htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)
    page.evaluate("for (const animation of document.getAnimations()) animation.finish()")


def answer_all(page: Page, *things: str) -> None:
    """Answer every question with the second option. The same answers again within ten minutes are not counted: a test that
    looks at the count owns other things than the others."""
    for number in range(1, QUESTIONS):
        expect(page.get_by_text(f"Question {number} of {QUESTIONS}")).to_be_visible()
        seen(page)
        page.locator(".option").nth(1).click()
    answer_the_last(page, *things)


def answer_the_last(page: Page, *things: str) -> None:
    expect(page.get_by_text(f"Question {QUESTIONS} of {QUESTIONS}")).to_be_visible()
    seen(page)
    for thing in things or (OWNED[0].text, OWNED[-1].text):
        page.get_by_label(thing).check()
    page.get_by_role("button", name="See your result").click()
    expect(page).to_have_url(RESULT)


def completions(site) -> list[str]:
    with closing(sqlite3.connect(site.database)) as database:
        return [code for (code,) in database.execute("SELECT code FROM quiz_completion")]


def test_a_visitor_takes_the_quiz_and_a_friend_sees_the_same_page(page: Page, browser: Browser, site, faults):
    counted = len(completions(site))
    page.goto("/")
    page.locator(".option").nth(1).click()
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Question 1 of")).to_be_visible()
    settle(page)
    answer_all(page, OWNED[0].text, OWNED[1].text)
    expect(page.locator("[data-next-monday]")).not_to_have_value("")  # the scripts of the page have run
    code = page.url.split("/")[-2]
    assert completions(site)[counted:] == [code]
    mine = page.locator(".verdict, main section").all_inner_texts()
    assert any("Answer again" in text for text in mine)
    mine = [text.replace("Answer again", "Take the quiz yourself") for text in mine]
    mine[0] = mine[0].replace("You are a", "Your friend is a")

    fresh = browser.new_context(base_url=site.url)
    watch_context(fresh, faults)
    friend = fresh.new_page()
    friend.goto(page.get_by_label("The link to this result").input_value())
    expect(friend.locator("[data-next-monday]")).not_to_have_value("")
    assert friend.locator(".verdict, main section").all_inner_texts() == mine
    assert fresh.cookies() == page.context.cookies() == []
    assert len(completions(site)) == counted + 1
    fresh.close()


def test_the_same_journey_without_javascript(without_scripts: Page):
    page = without_scripts
    page.goto("/")
    answer_all(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Copy the link")).to_be_hidden()


def test_with_the_keyboard_alone(page: Page):
    page.goto("/quiz/")
    heading = page.get_by_role("heading", level=1)
    for number in range(1, QUESTIONS):
        expect(heading).to_contain_text(f"Question {number} of {QUESTIONS}")
        expect(heading).to_be_focused()
        seen(page)
        page.keyboard.press("2")
    expect(heading).to_contain_text(f"Question {QUESTIONS}")
    expect(heading).to_be_focused()
    seen(page)
    page.keyboard.press("1")
    expect(page.get_by_label(OWNED[0].text)).to_be_checked()
    page.get_by_role("button", name="See your result").press("Enter")
    expect(page).to_have_url(RESULT)


def test_number_keys_are_left_alone_outside_the_question(page: Page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/quiz/")
    page.get_by_role("link", name="ProducerGuide").focus()
    page.keyboard.press("2")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Question 1 of")).to_be_visible()
    assert not [url for url in asked if "pick=" in url]


def test_htmx_changes_the_question_alone_and_the_address_with_it(page: Page):
    page.goto("/quiz/")
    page.evaluate("window.sameDocument = true")
    page.locator(".option").nth(2).click()
    expect(page).to_have_url(re.compile(rf"/quiz/\?a={V}2$"))
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    expect(page).to_have_title(re.compile("A friend sends you"))
    assert page.evaluate("window.sameDocument")


def test_back_and_forward_and_direct_links_show_the_step_of_the_address(page: Page):
    page.goto("/quiz/")
    page.locator(".option").nth(2).click()
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    page.locator(".option").nth(0).click()
    expect(page.get_by_text("Question 3 of")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    page.go_forward()
    expect(page.get_by_text("Question 3 of")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    page.goto(f"/quiz/?a={V}2001")
    expect(page.get_by_text("Question 5 of")).to_be_visible()


def shows(page: Page, question: int, given: int) -> None:
    """Question `question` is asked, and option `given`, from 0, is marked as the answer."""
    expect(page.get_by_text(f"Question {question} of")).to_be_visible()
    expect(page.locator(".option[aria-current=true]")).to_have_count(1)
    option = page.locator(".option").nth(given)
    expect(option).to_have_attribute("aria-current", "true")
    expect(option).to_have_css("box-shadow", re.compile("inset"))


def test_the_browsers_back_shows_the_answer_that_was_given(page: Page):
    page.goto("/quiz/")
    page.locator(".option").nth(2).click()
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    page.locator(".option").nth(0).click()
    expect(page.get_by_text("Question 3 of")).to_be_visible()
    page.go_back()
    shows(page, 2, given=0)
    page.go_back()
    shows(page, 1, given=2)
    page.go_forward()
    shows(page, 2, given=0)
    settle(page)  # htmx has loaded the page again, and its scripts write into the history what is answered
    page.locator(".option").nth(1).click()
    expect(page).to_have_url(re.compile(rf"/quiz/\?a={V}21$"))
    page.go_back()
    shows(page, 2, given=1)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_link_back_shows_the_answer_that_was_given_and_keeps_the_later_ones(
    page: Page, without_scripts: Page, scripts
):
    page = page if scripts else without_scripts
    page.goto(f"/quiz/?a={V}201")
    page.get_by_role("link", name="Back").click()
    shows(page, 3, given=1)
    page.get_by_role("link", name="Back").click()
    shows(page, 2, given=0)
    page.get_by_role("link", name="Back").click()
    shows(page, 1, given=2)
    page.locator(".option").nth(3).click()
    expect(page.get_by_text("Question 4 of")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/quiz/\?a={V}301$"))


def test_an_answer_is_changed_from_the_result_and_the_others_stay(page: Page):
    first, second = TO_CHANGE.options[:2]
    before = by_id(budget="medium", **{TO_CHANGE.id: first.id})
    page.goto(f"/result/{codes.build(before)}/")
    page.get_by_text("each with a link to change it").click()
    page.get_by_role("link", name=f"Change the answer to: {TO_CHANGE.text}").click()
    expect(page.locator(".option[aria-current]")).to_contain_text(first.text)
    page.get_by_role("button", name=second.text).click()
    expect(page).to_have_url(re.compile(codes.build(by_id(budget="medium", **{TO_CHANGE.id: second.id}))))


def test_the_link_is_copied_with_one_tap(page: Page, base_url):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base_url)
    page.goto(f"/result/{codes.build(by_id())}/")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_if_copying_is_not_allowed_the_link_is_selected(page: Page):
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))")
    page.goto(f"/result/{codes.build(by_id())}/")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_label("The link to this result")).to_be_focused()
    assert page.evaluate("getSelection().toString()") == page.url


def test_a_lost_connection_is_announced_and_loses_no_answer(page: Page, faults):
    page.goto(f"/quiz/?a={V}2")
    page.context.set_offline(True)
    page.locator(".option").nth(1).click()
    expect(page.locator("#problem")).to_contain_text("You seem to be offline")
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    page.context.set_offline(False)
    page.locator(".option").nth(1).click()
    expect(page.get_by_text("Question 3 of")).to_be_visible()
    expect(page.locator("#problem")).to_be_empty()
    faults.clear()  # the browser reports the failed request


def test_a_server_error_is_announced_and_loses_no_answer(page: Page, faults):
    page.route(f"**/quiz/?a={V}2&pick=1", lambda route: route.fulfill(status=500, body="broken"))
    page.goto(f"/quiz/?a={V}2")
    page.locator(".option").nth(1).click()
    expect(page.locator("#problem")).to_contain_text("Something went wrong on our side")
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    faults.clear()


def test_a_busy_site_says_when_to_answer_again(page: Page, faults):
    page.route(
        f"**/quiz/?a={V}2&pick=1", lambda route: route.fulfill(status=429, headers={"Retry-After": "7"}, body="busy")
    )
    page.goto(f"/quiz/?a={V}2")
    page.locator(".option").nth(1).click()
    expect(page.locator("#problem")).to_contain_text("Choose again in 7 seconds")
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    faults.clear()


def test_back_before_htmx_has_come_shows_the_step_of_the_address_too(page: Page):
    page.goto("/quiz/")
    page.locator(".option").nth(2).click()
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    held = []
    page.route("**/htmx-2.min*.js", lambda route: held.append(route), times=1)
    with page.expect_request("**/htmx-2.min*.js"):
        page.evaluate("location.reload()")
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    page.evaluate("history.back()")
    expect(page).to_have_url(re.compile("change="))
    for route in held:
        route.continue_()
    expect(page.get_by_text("Question 1 of")).to_be_visible()


def test_a_wrong_link_says_so_and_offers_the_quiz(page: Page, faults):
    page.goto("/result/1200012303121237zz/")
    expect(page.get_by_role("heading", level=1)).to_have_text("We cannot read this result link")
    faults.clear()  # the browser reports the 404
    page.get_by_role("link", name="Take the quiz yourself").click()
    expect(page.get_by_text("Question 1 of")).to_be_visible()


def test_a_form_on_another_site_is_refused(page: Page, site, faults):
    page.route(
        "http://elsewhere.test/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="{site.url}/quiz/finish/"><input name="a" value="1"><button>Go</button></form>',
        ),
    )
    page.goto("http://elsewhere.test/")
    with page.expect_response("**/quiz/finish/") as response:
        page.get_by_role("button").click()
    assert response.value.status == 403
    faults.clear()
