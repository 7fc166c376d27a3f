"""Leaving the quiz half-way is counted at its question; answering, going back and finishing are not leaving."""

import json
import re
import sqlite3
import time
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from quiz import codes
from tests.browser.server import Site
from tests.browser.tab import settle
from tests.browser.test_journey import V, answer_all
from tests.conftest import by_id

# Playwright does not report beacons sent while a page unloads, so the page records them.
WRITE_DOWN = """
const send = navigator.sendBeacon.bind(navigator);
navigator.sendBeacon = (...sent) => {
  localStorage.setItem("sent", JSON.stringify([...JSON.parse(localStorage.getItem("sent") ?? "[]"), sent]));
  return send(...sent);
};
"""


@pytest.fixture(autouse=True)
def written_down(page: Page) -> None:
    page.add_init_script(WRITE_DOWN)


def sent(page: Page) -> list[list[str]]:
    return json.loads(page.evaluate("localStorage.getItem('sent')") or "[]")


def counted(site: Site) -> int:
    with closing(sqlite3.connect(site.database)) as database:
        return database.execute("SELECT COALESCE(SUM(count), 0) FROM quiz_unfinished WHERE number = 3").fetchone()[0]


def test_leaving_is_counted_once_by_the_number_of_the_question_alone(page: Page, site: Site):
    before = counted(site)
    page.goto("/quiz/")
    for number in (1, 2):
        expect(page.get_by_text(f"Question {number} of")).to_be_visible()
        page.locator(".option").first.click()
    expect(page.get_by_text("Question 3 of")).to_be_visible()
    page.get_by_role("link", name="Guide", exact=True).first.click()
    expect(page).to_have_url(re.compile("/guide/$"))
    assert sent(page) == [["/quiz/left/", "3"]]
    last = time.monotonic() + 20
    while counted(site) == before:  # the page does not wait for the response, so there is no event to wait for
        assert time.monotonic() < last
    assert counted(site) == before + 1


def test_a_search_from_the_quiz_is_leaving_and_no_answer(page: Page):
    page.goto("/quiz/")
    page.locator(".option").first.click()
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    page.get_by_role("searchbox", name="Search").fill("bass")
    page.get_by_role("searchbox", name="Search").press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=bass"))
    assert sent(page) == [["/quiz/left/", "2"]]


def test_finishing_and_stepping_back_are_not_leaving(page: Page):
    page.goto("/quiz/")
    page.locator(".option").first.click()
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_text("Question 1 of")).to_be_visible()
    settle(page)
    answer_all(page)
    page.get_by_role("link", name="Guide", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert sent(page) == []


def test_changing_an_answer_of_a_result_is_not_leaving(page: Page):
    page.goto(f"/quiz/?a={codes.so_far(by_id())}&change=budget")
    page.get_by_role("link", name="Guide", exact=True).first.click()
    expect(page).to_have_url(re.compile("/guide/$"))
    assert sent(page) == []


def test_the_browsers_back_is_not_leaving(page: Page):
    page.goto("/quiz/")
    page.locator(".option").first.click()
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Question 1 of")).to_be_visible()
    assert sent(page) == []


def test_who_goes_back_and_leaves_from_there_is_counted_there(page: Page):
    page.goto(f"/quiz/?a={V}20")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    settle(page)
    page.get_by_role("link", name="Guide", exact=True).first.click()
    expect(page).to_have_url(re.compile("/guide/$"))
    assert sent(page) == [["/quiz/left/", "2"]]
