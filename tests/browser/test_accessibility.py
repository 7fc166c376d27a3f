"""axe on every type of page, in both themes, narrow and wide; no sideways scrolling; large targets."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from quiz import codes
from quiz.catalogue import catalogue
from tests.browser.axe import COLOURS, LOOKS, RULES, barriers
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


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Page, faults, path):
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    rules = RULES
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for theme in ("dark", "light"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            assert barriers(page, rules) == "", f"{width} px, {theme}"
            rules = COLOURS
        rules = LOOKS
    if path in NOT_FOUND:
        faults.clear()  # the browser reports the 404


@pytest.fixture(scope="module")
def small_phone(browser: Browser, browser_context_args) -> Iterator[tuple[Page, CDPSession]]:
    with browser.new_context(**browser_context_args, viewport={"width": 320, "height": 800}) as context:
        page = context.new_page()
        yield page, context.new_cdp_session(page)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_nothing_scrolls_sideways_with_text_twice_as_large_on_the_smallest_phone(small_phone, path):
    """What opens later is measured open: details, labs and messages."""
    page, browser = small_phone
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    page.evaluate("document.querySelectorAll('main [hidden]').forEach(part => part.hidden = false)")
    for size in (16, 20, 24, 28, 32):
        browser.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
        page.wait_for_function(
            "size => parseFloat(getComputedStyle(document.documentElement).fontSize) >= size", arg=size
        )
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 320, f"{size} px"


def test_every_option_is_at_least_48_pixels_high(page: Page):
    for path in (PAGES["question"], PAGES["any-of question"]):
        page.goto(path)
        for option in page.locator(".option").all():
            assert option.bounding_box()["height"] >= 48
