"""axe on every type of page, in both themes, narrow and wide; no sideways scrolling; large targets."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from quiz import codes
from quiz.catalogue import catalogue
from tests.browser.axe import COLOURS, LOOKS, RULES, barriers
from tests.browser.conftest import watch_context
from tests.browser.tab import settle
from tests.conftest import by_id

SHEET = by_id(experience="listener", budget="medium", owned=["daw"])
PAGES = {
    "home": "/",
    "question": "/quiz/",
    "question with a message": f"/quiz/?a={codes.so_far(SHEET)[0]}&pick=z",
    "any-of question": f"/quiz/?a={codes.so_far(SHEET)[:-2]}",
    "changed question": f"/quiz/?a={codes.so_far(SHEET)}&change=budget",
    "review": f"/quiz/?a={codes.so_far(SHEET)}",
    "result": f"/result/{codes.build(SHEET)}/",
    "result with auditions": f"/result/{codes.build(SHEET)}/?tried=1c7",
    "auditions so far": f"/try/?r={codes.build(SHEET)}&tried=10c",
    "plan": f"/result/{codes.build(SHEET)}/plan/",
    "wrong code": "/result/xx/",
    "kit": "/roles/mix-mastering-engineer/gear/?budget=500&own=daw",
    "gear with a message": "/roles/mix-mastering-engineer/gear/?budget=lots",
    "no resource": "/resources/?role=mix&level=1",
    "found": "/search/?q=sidechain",
    "nothing found": "/search/?q=xyzzy",
    "a group of questions": "/questions/?group=ai",
    "kit varied": f"/result/{codes.build(SHEET)}/?budget=much",
    "compared": f"/compare/{codes.build(SHEET)}/{codes.build(by_id())}/",
    "group": f"/group/?c={codes.build(SHEET)}&c={codes.build(by_id())}&c=no+link",
    "not found": "/nope/",
} | {path: path for path in catalogue().pages}
NOT_FOUND = {PAGES["wrong code"], PAGES["not found"]}
SMALLEST = {"width": 320, "height": 800}


@pytest.fixture(scope="module")
def tab(browser: Browser, browser_context_args) -> Iterator[Page]:
    with browser.new_context(**browser_context_args) as context:
        yield context.new_page()


@pytest.fixture(scope="module", params=PAGES.values(), ids=PAGES.keys())
def opened(request: pytest.FixtureRequest, tab: Page) -> Iterator[Page]:
    """A page with all of its details open, for whatever is asked of each page; it came to the smallest phone."""
    faults: list[str] = []
    unwatch = watch_context(tab.context, faults)
    tab.set_viewport_size(SMALLEST)
    tab.goto(request.param)
    settle(tab)
    tab.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    yield tab
    unwatch()
    assert not faults or request.param in NOT_FOUND  # the browser reports the 404


def test_axe_finds_nothing_and_nothing_scrolls_sideways(opened: Page):
    rules = RULES
    for width in (320, 1280):
        opened.set_viewport_size({"width": width, "height": 800})
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        for theme in ("dark", "light"):
            opened.emulate_media(color_scheme=theme, reduced_motion="reduce")
            assert barriers(opened, rules) == "", f"{width} px, {theme}"
            rules = COLOURS
        rules = LOOKS


@pytest.fixture
def letters(opened: Page) -> Iterator[Callable[[int], None]]:
    """Sets the size of the reader's letters on the smallest phone, in pixels; what opens later, such as labs and messages, is open."""
    opened.set_viewport_size(SMALLEST)
    tools = opened.context.new_cdp_session(opened)
    hidden = opened.evaluate_handle("[...document.querySelectorAll('main [hidden]')]")
    hidden.evaluate("parts => parts.forEach(part => part.hidden = false)")

    def resize(size: int) -> None:
        tools.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
        ours = size * 17 / 16  # --step-0 of tokens.css
        opened.wait_for_function(
            "ours => getComputedStyle(document.documentElement).fontSize === `${ours}px`", arg=ours
        )

    yield resize
    resize(16)
    tools.detach()
    hidden.evaluate("parts => parts.forEach(part => part.hidden = true)")


def test_nothing_scrolls_sideways_with_text_twice_as_large_on_the_smallest_phone(opened: Page, letters):
    for size in (16, 20, 24, 28, 32):
        letters(size)
        assert opened.evaluate("document.scrollingElement.scrollWidth") <= 320, f"{size} px"


def test_every_option_is_at_least_48_pixels_high(page: Page):
    for path in (PAGES["question"], PAGES["any-of question"]):
        page.goto(path)
        for option in page.locator(".option").all():
            assert option.bounding_box()["height"] >= 48
