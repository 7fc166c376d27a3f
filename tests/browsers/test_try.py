"""The auditions play and end in every browser."""

import pytest

from tests.browsers.visitor import Visitor

SLUGS = ["bedroom-producer", "studio-producer", "mix-mastering-engineer"]
SAYS = "return document.querySelector('.try-stage .lab-status').textContent;"


@pytest.mark.parametrize("slug", SLUGS)
def test_an_audition_plays_within_one_tap_and_says_what_was_done(visitor: Visitor, slug: str):
    visitor.open(f"/try/{slug}/")
    visitor.tap(".try-start")
    visitor.sees(".try-sound", "Stop the sound")
    assert visitor.run(SAYS) == ""
    visitor.tap(".try-done")
    visitor.until("return document.querySelectorAll('.try-said li').length > 0;")
    assert visitor.run(SAYS) == ""
