"""What a test leaves in the tab is not there for the next."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.browser.tab import SIZE, Tabs

LEFT = """() => [localStorage.length, sessionStorage.length, document.cookie, window.left ?? "", innerWidth,
  matchMedia("(prefers-color-scheme: dark)").matches, matchMedia("(prefers-reduced-motion)").matches, matchMedia("print").matches]"""
AS_NEW = [0, 0, "", "", SIZE["width"], False, False, False]


@pytest.fixture
def tabs(browser: Browser, browser_context_args) -> Iterator[Tabs]:
    tabs = Tabs(lambda: browser.new_context(**browser_context_args))
    yield tabs
    if tabs.context:
        tabs.context.close()


def test_a_tab_that_is_handed_on_is_as_good_as_new(tabs):
    tab = tabs.take().pages[0]
    tab.add_init_script("window.left = 'a script'")
    tab.emulate_media(media="print", color_scheme="dark", reduced_motion="reduce")
    tab.set_viewport_size({"width": 320, "height": 800})
    tab.goto("/about/")
    tab.evaluate("localStorage.a = sessionStorage.a = document.cookie = 'a=1'")
    assert tab.evaluate(LEFT) != AS_NEW
    tabs.give_back()
    assert tabs.take().pages == [tab]
    tab.goto("/about/")
    assert tab.evaluate(LEFT) == AS_NEW
    tab.emulate_media(media="print")
    tab.reload()
    assert tab.evaluate("matchMedia('print').matches")


def test_a_page_that_a_test_opened_is_not_kept_for_the_next(tabs):
    tab = tabs.take().pages[0]
    tab.goto("/about/")
    tabs.give_back()
    context = tabs.take()
    context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        tab.goto("/about/")


def lasting(tab: Page) -> None:
    tab.route("**", lambda route: route.abort())


def another(tab: Page) -> None:
    tab.context.new_page()


@pytest.mark.parametrize("leaves", [lasting, another])
def test_a_tab_with_something_that_lasts_is_not_handed_on(tabs, leaves):
    tab = tabs.take().pages[0]
    leaves(tab)
    tabs.give_back()
    assert tabs.take().pages[0] is not tab
