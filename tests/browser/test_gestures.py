"""One gesture gives one answer: second clicks and taps, held keys, forms sent twice."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from quiz import codes
from tests.browser.conftest import watch_context
from tests.browser.test_journey import OWNED, RESULT, completions, seen
from tests.conftest import ASKED, V, by_id

# The question as it is so many milliseconds after it came, and stays.
AT = """ms => {
  const question = document.getElementById("question");
  question.classList.remove("question");
  question.getAnimations(); // the one that runs ends here, and the next begins
  question.classList.add("question");
  const [animation] = question.getAnimations();
  animation.pause();
  animation.currentTime = ms;
}"""
# As on a machine that is quicker than any: whatever happens, happens within a second.
NO_TIME_PASSES = "Object.defineProperty(Event.prototype, 'timeStamp', { get: () => window.now ?? 0 })"
SECOND_OF_SECOND = {ASKED[1].id: ASKED[1].options[1].id}
DELAYS = [*range(20, 500, 20), 499]  # ms


@pytest.fixture
def answers(page: Page) -> list[str]:
    """What was sent of answers, in order."""
    sent = []
    page.on("request", lambda request: sent.append(request.url.split("?")[1]) if "pick=" in request.url else None)
    return sent


def middle(page: Page, option: int) -> tuple[float, float]:
    box = page.locator(".option").nth(option).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def press(page: Page, option: int) -> None:
    page.mouse.click(*middle(page, option))


def tap(page: Page, option: int) -> None:
    page.touchscreen.tap(*middle(page, option))


def key(page: Page, option: int) -> None:
    page.keyboard.press(str(option + 1))


def second_gestures(page: Page, *gestures: Callable[[Page, int], None]) -> None:
    """Answer, and again at every delay: a question takes its answer after half a second, and not before."""
    page.goto("/quiz/")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    for number, gesture in enumerate(gestures, 1):
        page.evaluate(AT, 500)
        gesture(page, 1)
        expect(page.get_by_text(f"Question {number + 1} of")).to_be_visible()
        for delay in DELAYS:
            page.evaluate(AT, delay)
            gesture(page, 1)
    expect(page).to_have_url(re.compile(f"/quiz/.a={V}{'1' * len(gestures)}$"))


def test_a_second_click_or_key_within_half_a_second_answers_nothing(page: Page, answers):
    second_gestures(page, press, key)
    assert answers == [f"a={V}&pick=1", f"a={V}1&pick=1"]


def test_a_second_tap_within_half_a_second_answers_nothing(browser: Browser, base_url, faults):
    context = browser.new_context(
        base_url=base_url, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}
    )
    watch_context(context, faults)
    second_gestures(context.new_page(), tap, tap)
    context.close()


def test_a_second_click_without_javascript_answers_nothing(without_scripts: Page):
    page = without_scripts
    page.goto(f"/quiz/?a={V}2")
    for delay in DELAYS:
        page.evaluate(AT, delay)
        press(page, 1)
    expect(page).to_have_url(re.compile(f"a={V}2$"))
    page.evaluate(AT, 500)
    press(page, 1)
    expect(page).to_have_url(re.compile(f"a={V}21$"))


def test_a_double_click_gives_one_answer(page: Page, answers):
    page.goto("/quiz/")
    page.locator(".option").nth(1).dblclick()
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert answers == [f"a={V}&pick=1"]


@pytest.mark.parametrize("milliseconds", [20, 999, 5000])
def test_while_an_answer_is_on_its_way_no_other_is_sent(page: Page, answers, milliseconds):
    def press_others(route: Route) -> None:
        page.evaluate("ms => { window.now = ms; }", milliseconds)
        press(page, 2)
        key(page, 0)
        route.continue_()

    page.add_init_script(NO_TIME_PASSES)
    page.route(f"**/quiz/?a={V}&pick=*", press_others)
    page.goto("/quiz/")
    seen(page)
    press(page, 1)
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    assert answers == [f"a={V}&pick=1"]


def test_a_key_that_is_held_gives_one_answer_and_the_next_press_another(page: Page, answers):
    page.goto("/quiz/")
    for number in (1, 2):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"Question {number} of")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        seen(page)
        page.keyboard.down("2")
        expect(page.get_by_text(f"Question {number + 1} of")).to_be_visible()
        seen(page)
        for _ in range(30):
            page.keyboard.down("2")  # while it is down, Playwright repeats it as a held key does
        page.keyboard.up("2")
    assert answers == [f"a={V}&pick=1", f"a={V}1&pick=1"]


def test_number_keys_are_ours_and_other_keys_the_browsers(page: Page):
    page.goto("/quiz/")
    page.evaluate("window.taken = {}; addEventListener('keydown', (e) => { taken[e.key] = e.defaultPrevented; })")
    for pressed in ("9", "0", "a", "/", "'"):
        page.keyboard.press(pressed)
    page.keyboard.press("Control+1")
    page.keyboard.press("Alt+2")
    page.get_by_role("link", name="ProducerGuide").focus()
    page.keyboard.press("3")
    taken = page.evaluate("taken")
    assert [pressed for pressed in "9123a0/'" if taken[pressed]] == ["9", "/"]  # the slash is for the search
    expect(page.get_by_text("Question 1 of")).to_be_visible()


def test_a_click_leaves_no_option_of_the_next_question_outlined(page: Page):
    page.goto("/quiz/")
    page.locator(".option").nth(1).click()
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    seen(page)
    page.mouse.move(*middle(page, 1))
    expect(page.locator(".option").nth(1)).not_to_have_css("background-color", background(page, 2))
    looks = page.locator(".option").evaluate_all(
        "options => options.map(getComputedStyle).map((s) => [s.borderColor, s.outlineStyle, s.boxShadow].join())"
    )
    assert len(set(looks)) == 1


def test_a_tap_leaves_no_option_of_the_next_question_lit(browser: Browser, base_url):
    context = browser.new_context(
        base_url=base_url, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto("/quiz/")
    page.locator(".option").nth(1).tap()
    expect(page.get_by_text("Question 2 of")).to_be_visible()
    seen(page)
    tap_beside = page.get_by_role("heading", level=1).bounding_box()
    page.touchscreen.tap(tap_beside["x"] + 1, tap_beside["y"] + 1)
    assert len({background(page, option) for option in range(page.locator(".option").count())}) == 1
    context.close()


def background(page: Page, option: int) -> str:
    return page.locator(".option").nth(option).evaluate("option => getComputedStyle(option).backgroundColor")


@pytest.fixture
def sent_by(page: Page) -> Callable[[Locator], list[str]]:
    """Press a button twice, and again whenever something is sent; the methods of what was sent until the result came.

    The page comes after this: a request just after the first route was set may pass it by.
    """
    place: list[float] = []
    sent = []

    def press_again(route: Route) -> None:
        if place:
            sent.append(route.request.method)
            page.mouse.click(*place)
        route.continue_()

    def press(button: Locator) -> list[str]:
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        place.extend((box["x"] + 20, box["y"] + 20))
        page.mouse.dblclick(*place)
        expect(page).to_have_url(RESULT)
        return sent

    page.route(re.compile("/quiz/|/result/[^/]*/$"), press_again)
    return press


def test_the_last_answer_is_sent_once_however_often_its_button_is_pressed(page: Page, site, sent_by):
    answers = by_id(**SECOND_OF_SECOND, owned=[OWNED[0].id])
    counted = len(completions(site))
    page.add_init_script(NO_TIME_PASSES)
    page.goto(f"/quiz/?a={codes.so_far(answers)[:-2]}")
    seen(page)
    page.get_by_label(OWNED[0].text).check()
    assert sent_by(page.get_by_role("button", name="See your result")) == ["POST", "GET"]
    assert completions(site)[counted:] == [codes.build(answers)]


@pytest.mark.parametrize(("query", "method"), [("", "POST"), (f"&change={ASKED[1].id}", "GET")])
def test_a_form_that_the_browser_sends_itself_is_sent_once(page: Page, sent_by, query, method):
    """The review of all answers, and an answer that is changed: htmx sends neither."""
    page.add_init_script(NO_TIME_PASSES)
    page.goto(f"/quiz/?a={codes.so_far(by_id(**SECOND_OF_SECOND))}{query}")
    seen(page)
    button = page.locator(".option, #question .button").first
    assert sent_by(button) == [method]  # the browser follows the redirect by itself


def test_a_double_click_on_the_last_button_is_counted_once_without_javascript(without_scripts: Page, site):
    page = without_scripts
    answers = by_id(**SECOND_OF_SECOND, owned=[OWNED[1].id])
    counted = len(completions(site))
    page.goto(f"/quiz/?a={codes.so_far(answers)[:-2]}")
    page.locator(".option").nth(1).click()
    page.get_by_role("button", name="See your result").dblclick()
    expect(page).to_have_url(RESULT)
    assert completions(site)[counted:] == [page.url.split("/")[-2]]
