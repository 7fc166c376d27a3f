"""The arrangement lab: parts play in the bars where they are on, and the sounds of the test differ in one part."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.sound import RATE, Studio, db, lufs, rms

PARTS = ["drums", "bass", "keys", "lead", "pad"]


def test_each_part_plays_in_its_bars_and_in_no_other(studio: Studio):
    script = "(async () => m.arrange(context, await m.loops(), given))()"
    form = [*4 * [["drums"]], *4 * [[]], *4 * [["pad"]], *4 * [PARTS]]
    bar = studio.run("form", "m.BAR")
    samples = studio.render("form", 17 * bar, script, form)
    blocks = [samples[round((4 * n * bar + 0.1) * RATE) : round(((4 * n + 4) * bar - 0.1) * RATE)] for n in range(4)]
    drums, silence, pad, everything = (rms(block) for block in blocks)
    assert silence < 1e-6
    assert drums > 0.02
    assert pad > 0.02
    assert everything > max(drums, pad)
    assert np.max(np.abs(samples)) < studio.run("engine", "m.CEILING")
    assert not samples[round((16 * bar + 0.1) * RATE) :].any()


def test_a_form_is_counted_by_its_line_ups_its_changes_and_its_full_bars(studio: Studio):
    assert studio.run("form", "m.shape(m.SONG_FORM)") == {"lineUps": 9, "changes": 10, "full": 8}
    assert studio.run("form", "m.shape(given)", [PARTS] * 72) == {"lineUps": 1, "changes": 0, "full": 72}


def test_the_form_is_as_long_as_the_checklist_asks_for(studio: Studio):
    assert 150 <= studio.run("form", "m.SONG_FORM.length * m.BAR") < 155
    assert studio.run("form", "m.SONG_FORM.length % m.BLOCK") == 0


def test_the_form_plays_from_the_section_that_was_tapped(page: Page):
    page.goto("/learn/arrangement/")
    page.locator(".lab-play").click()
    lab = page.locator(".lab")
    lab.get_by_label("Free play").check()
    drawing = lab.locator("svg:has(.chosen)")
    box = drawing.bounding_box()
    unit = min(box["width"] / 320, box["height"] / 196)
    left = (box["width"] - 320 * unit) / 2
    drawing.click(position={"x": left + 236 * unit, "y": box["height"] * 0.75})  # the seventh, beside its boxes
    expect(lab.get_by_role("slider", name="Section")).to_have_attribute("aria-valuetext", "bars 49–56")
    page.locator(".lab-play").click()
    page.locator(".lab-play").click()
    expect(lab.locator(".bar-now")).to_contain_text(re.compile(r"Bar (49|5\d) of 72, at 1:4\d"))


@pytest.fixture(scope="module")
def parts(studio: Studio) -> np.ndarray:
    """The left side of the loop of each part, as rows."""
    return np.array([studio.samples("form", "m.loopOfPart(given)", name) for name in PARTS])


@pytest.mark.parametrize("level", [40, 3])
@pytest.mark.parametrize("answer", PARTS)
def test_the_sounds_of_the_test_differ_in_one_part_and_not_in_level(studio: Studio, parts, answer, level):
    script = "m.softerTest.sounds(given.answer, given.level)"
    one, two = studio.sounds("form", script, {"answer": answer, "level": level})
    assert abs(lufs(one) - lufs(two)) <= 0.3
    # How much of each part is in it, by a projection on all parts.
    shares = np.linalg.solve(parts @ parts.T, parts @ np.array([one[0], two[0]]).T).T
    softer = PARTS.index(answer)
    other = 0 if softer else 1
    change = shares[1][softer] / shares[1][other] / (shares[0][softer] / shares[0][other])
    assert db(change) == pytest.approx(-level, abs=0.1)


def test_the_last_bar_of_a_section_can_differ_from_the_others(page: Page):
    page.goto("/learn/arrangement/")
    page.locator(".lab-play").click()
    lab = page.locator(".lab")
    lab.get_by_label("Free play").check()
    lab.get_by_role("slider", name="Section").fill("4")
    row = lab.locator(".form-row-drums")
    before = row.get_attribute("d")
    lab.get_by_label("only the last").check()
    lab.get_by_role("checkbox", name="Drums").uncheck()
    assert set(boxes(before)) - set(boxes(row.get_attribute("d"))) == {f"M{60 + 3.4 * 39:g} 30h2.4v14h-2.4Z"}
    lab.get_by_label("all eight").check()
    expect(lab.get_by_role("checkbox", name="Drums")).to_be_checked()
    lab.get_by_role("checkbox", name="Drums").uncheck()
    assert len(boxes(before)) - len(boxes(row.get_attribute("d"))) == 8


def test_without_scripts_the_drawing_is_that_of_the_form_that_plays_first(page: Page):
    page.goto("/learn/arrangement/")
    still = page.locator(".lab figure").inner_html()
    page.locator(".lab-play").click()
    expect(page.locator(".lab-play")).to_have_text("Stop")
    page.locator(".lab-play").click()
    for name in [*(f"form-row-{part}" for part in PARTS), "energy"]:
        assert page.locator(f".{name}").get_attribute("d") in still


def boxes(path: str) -> list[str]:
    return [f"M{part}" for part in path.split("M")[1:]]
