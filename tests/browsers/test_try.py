"""The auditions play and end in every browser, on a phone and a wide screen, by touch and by keys."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browsers.visitor import Visitor

SLUGS = ["bedroom-producer", "studio-producer", "mix-mastering-engineer"]
SAYS = "return document.querySelector('.try-stage .lab-status').textContent;"
DONE = "return document.querySelectorAll('.try-said li').length > 0;"


@pytest.fixture(params=[(390, 844), (1280, 900)], ids=["phone", "desk"])
def window(visitor: Visitor, request: pytest.FixtureRequest) -> Iterator[None]:
    """A browser that has a least width makes its window as narrow as it can."""
    before = visitor.driver.get_window_size()
    visitor.driver.set_window_size(*request.param)
    yield
    visitor.driver.set_window_size(before["width"], before["height"])


@pytest.mark.usefixtures("window")
@pytest.mark.parametrize("slug", SLUGS)
def test_an_audition_plays_within_one_tap_and_says_what_was_done(visitor: Visitor, slug: str):
    visitor.open(f"/try/{slug}/")
    visitor.tap(".try-start")
    visitor.sees(".try-sound", "Stop the sound")
    assert visitor.run("return document.documentElement.scrollWidth <= innerWidth;")
    assert visitor.run(SAYS) == ""
    visitor.tap(".try-done")
    visitor.until(DONE)
    assert visitor.run(SAYS) == ""


@pytest.mark.parametrize("slug", SLUGS)
def test_keys_alone_play_it(visitor: Visitor, slug: str):
    visitor.open(f"/try/{slug}/")
    visitor.sees(".try-start")
    visitor.run("document.querySelector('.try-start').focus();")
    visitor.press(Keys.ENTER)
    visitor.sees(".try-sound", "Stop the sound")
    visitor.until("return document.activeElement.closest('.try-panel') !== null;")
    visitor.press(Keys.ARROW_RIGHT)
    visitor.run("document.querySelector('.try-done').focus();")
    visitor.press(Keys.ENTER)
    visitor.until(DONE)
    visitor.until("return document.activeElement.matches('.try-said h3');")
