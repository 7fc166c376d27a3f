"""From the first question to a result that is kept and sent, in every browser."""

import re
from datetime import date, timedelta

import pytest
from selenium.webdriver.common.keys import Keys

from quiz import codes
from tests.browsers.visitor import Visitor
from tests.conftest import ASKED, QUESTIONS, V, leaning

RESULT = re.compile(r"/result/[0-9a-z]{18}/")
FRIEND = f"/result/{codes.build(leaning('mix'))}/"

AGAIN = ["reload", "back"]
# Keys are for a question that has been there for a moment (static/js/quiz.js).
READY = """const question = document.getElementById("question");
return document.activeElement.id === "question-text" && getComputedStyle(question).pointerEvents !== "none";"""
MONEY = 'return document.getElementById("budget").selectedOptions[0].text;'
KITS = {"Nothing for now": "that costs nothing", "Up to $1,500": "for $1,500"}
START = 'return document.getElementById("start").value;'
CHOOSE = """const select = document.getElementById("budget");
select.closest("details").open = true;
return [...select.options].find(({ text }) => text === arguments[0]);"""
SET_DATE = """const input = document.getElementById("start");
input.value = arguments[0];
input.dispatchEvent(new Event("input", { bubbles: true }));"""


def asks(visitor: Visitor, number: int) -> None:
    visitor.sees("#question-text", f"Question {number} of {QUESTIONS}")


def arrives(visitor: Visitor) -> None:
    visitor.sees("h2", "Keep it or send it")
    assert RESULT.fullmatch(visitor.path)


def test_a_tap_on_each_answer_leads_to_the_result_and_home_remembers_it(visitor: Visitor):
    visitor.open("/")
    for number in range(1, QUESTIONS):
        asks(visitor, number)
        visitor.tap("li:nth-child(2) > .option")
    asks(visitor, QUESTIONS)
    visitor.tap(".option", ASKED[-1].options[0].text)
    visitor.tap("button", "See your result")
    arrives(visitor)
    path = visitor.path
    visitor.open("/")
    assert visitor.sees("[data-last] a").get_attribute("href") == visitor.url + path


@pytest.mark.least
def test_number_keys_lead_to_the_result(visitor: Visitor):
    visitor.open("/quiz/")
    for number in range(1, QUESTIONS):
        asks(visitor, number)
        visitor.until(READY)
        visitor.press("2")
    asks(visitor, QUESTIONS)
    visitor.until(READY)
    visitor.press("1")
    visitor.until("return document.querySelector('.option input').checked;")
    visitor.sees("button", "See your result").send_keys(Keys.ENTER)
    arrives(visitor)


def test_back_and_forward_show_the_step_of_the_address(visitor: Visitor):
    visitor.open("/quiz/")
    visitor.tap("li:nth-child(3) > .option")
    asks(visitor, 2)
    visitor.tap("li:nth-child(1) > .option")
    asks(visitor, 3)
    visitor.driver.back()
    asks(visitor, 2)
    assert visitor.path.startswith(f"/quiz/?a={V}20&change=")  # with the answer that was given
    visitor.driver.back()
    asks(visitor, 1)
    visitor.driver.forward()
    asks(visitor, 2)
    visitor.tap("li:nth-child(2) > .option")
    asks(visitor, 3)
    visitor.driver.refresh()
    asks(visitor, 3)
    assert visitor.path == f"/quiz/?a={V}21"


@pytest.mark.least
@pytest.mark.parametrize("again", AGAIN)
def test_changed_money_and_days_agree_with_what_the_page_says_after(visitor: Visitor, again: str):
    visitor.open(FRIEND)
    visitor.sees("h2", "A starter kit")
    visitor.run(CHOOSE, "Up to $1,500").click()
    visitor.sees("h2", "A starter kit for $1,500")
    visitor.run(SET_DATE, "2027-01-04")
    visitor.sees("h3", "2 January 2028")
    visitor.leave_and_come_back(again)
    visitor.until(START)
    heading = visitor.sees("h2", "A starter kit").text
    assert heading.removeprefix("A starter kit ") == KITS[visitor.run(MONEY)]
    last = date.fromisoformat(visitor.run(START)) + timedelta(days=52 * 7 - 1)
    visitor.sees("h3", f"By week 52, {last.day} {last:%B %Y}")


@pytest.mark.least
@pytest.mark.parametrize("again", AGAIN)
def test_a_list_is_for_what_its_form_says(visitor: Visitor, again: str):
    visitor.open("/resources/")
    visitor.run("return document.querySelector('#level option:last-child');").click()
    visitor.leave_and_come_back(again)
    agree = "const level = document.getElementById('level').value; return [location.search.includes(`level=${level}`), level];"
    assert visitor.run(agree) in ([True, "3"], [False, ""])


def test_the_link_is_copied_with_one_tap(visitor: Visitor):
    visitor.open(FRIEND)
    visitor.tap("button", "Copy the link")
    visitor.sees(".copy [role=status]", "Copied.")
    visitor.open("/roles/bedroom-producer/gear/")
    field = visitor.sees("#budget")
    field.clear()
    field.send_keys(Keys.CONTROL, "v")
    visitor.until("return document.getElementById('budget').value === arguments[0];", visitor.url + FRIEND)


def test_the_share_button_is_there_where_the_browser_can_share(visitor: Visitor):
    visitor.open(FRIEND)
    visitor.sees("button", "Copy the link")
    shown, able = visitor.run("return [!document.querySelector('[data-share]').hidden, 'share' in navigator];")
    assert shown == able
