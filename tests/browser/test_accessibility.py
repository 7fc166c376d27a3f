"""axe on every page type, in both themes and at both ends of the widths; no sideways scrolling; large targets."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from quiz import codes
from tests.conftest import by_id

SHEET = by_id(experience="listener", budget="medium", owned=["daw"])
PAGES = {
    "home": "/",
    "question": "/quiz/",
    "question with a message": "/quiz/?a=1&pick=z",
    "any-of question": f"/quiz/?a={codes.so_far(SHEET)[:-2]}",
    "changed question": f"/quiz/?a={codes.so_far(SHEET)}&change=budget",
    "review": f"/quiz/?a={codes.so_far(SHEET)}",
    "result": f"/result/{codes.build(SHEET)}/",
    "wrong code": "/result/xx/",
    "bedroom": "/roles/bedroom-producer/",
    "studio": "/roles/studio-producer/",
    "mix": "/roles/mix-mastering-engineer/",
    "method": "/method/",
    "not found": "/nope/",
}
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_axe_finds_nothing_and_nothing_scrolls_sideways(browser: Browser, base_url, path, theme, width):
    context = browser.new_context(base_url=base_url, color_scheme=theme, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_every_option_is_at_least_48_pixels_high(page, base_url):
    for path in (PAGES["question"], PAGES["any-of question"]):
        page.goto(path)
        for option in page.locator(".option").all():
            assert option.bounding_box()["height"] >= 48
