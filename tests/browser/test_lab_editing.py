"""The editing lab: what a join does to the wave and the level; the sounds of the test differ in the join alone."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.sound import RATE, Studio, db, rms
from tests.browser.test_lab_panel import open_lab

MODULES = "engine sounds takes editing"
NOISES = "[1, 2].map((seed) => m.noiseBuffer({ seconds: 1, seed }).getChannelData(0))"


def joined(studio: Studio, second: int, fade: float, shape: str) -> tuple[np.ndarray, float]:
    """Two noises (1), or one and its copy (0), joined at half a second; and the swell in level that the lab states."""
    script = f"""(() => {{
      const noises = {NOISES};
      const pair = [noises[0], noises[given.second]];
      const buffer = new AudioBuffer({{ length: 48000, sampleRate: 48000 }});
      buffer.copyToChannel(m.join(...pair, given), 0);
      return given.said ? m.swell(...pair, given) : buffer;
    }})()"""
    settings = {"second": second, "cut": 0.5, "fade": fade, "shape": shape}
    return studio.samples(MODULES, script, settings), studio.run(MODULES, script, settings | {"said": True})


@pytest.mark.parametrize(
    ("second", "shape", "expected"), [(0, "power", 3), (0, "gain", 0), (1, "power", 0), (1, "gain", -3)]
)
def test_equal_power_suits_what_differs_and_equal_gain_suits_copies(studio: Studio, second, shape, expected):
    samples, said = joined(studio, second, 400, shape)
    outside = rms(samples[: RATE // 5])
    middle = rms(samples[RATE // 2 - 960 : RATE // 2 + 960])
    assert db(middle / outside) == pytest.approx(expected, abs=0.5)
    assert said == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize("fade", [0, 10, 400])
def test_a_join_changes_nothing_outside_the_fade(studio: Studio, fade):
    samples, _ = joined(studio, 1, fade, "power")
    one, two = (studio.samples(MODULES, f"m.noiseBuffer({{ seconds: 1, seed: {seed} }})") for seed in (1, 2))
    half = round(fade / 2000 * RATE)
    assert (samples[: RATE // 2 - half] == one[: RATE // 2 - half]).all()
    assert (samples[RATE // 2 + half :] == two[RATE // 2 + half :]).all()


def click(studio: Studio, answer: str, level: float, number: int) -> float:
    """How far a step between samples stands out from those 5 ms around it, at most: a consonant has many large ones, a click one."""
    script = "m.editTest.sounds(given.answer, given.level, m.random(given.seed)).then((all) => all[0])"
    samples = studio.samples(MODULES, script, {"answer": answer, "level": level, "seed": number})
    assert len(samples) == pytest.approx(2 * RATE, abs=1)
    assert db(rms(samples)) < -18
    steps = np.abs(np.diff(samples))
    around = np.convolve(steps**2, np.r_[np.ones(216), np.zeros(48), np.ones(216)] / 432, mode="same")
    return float(np.max(np.where(steps > 0.02, steps / np.sqrt(around + 1e-9), 0)))


@pytest.mark.parametrize("seed", range(5))
def test_a_hard_cut_clicks_and_a_crossfade_does_not(studio: Studio, seed):
    none = click(studio, "none", 0, seed)
    assert click(studio, "early", 0, seed) > 2 * none
    assert click(studio, "early", 10, seed) < 1.3 * none


def test_a_piece_begins_and_ends_in_silence(studio: Studio):
    samples = studio.samples(MODULES, f"m.piece({NOISES}[0], 0.2, 0.7)")
    assert len(samples) == RATE // 2
    assert max(abs(samples[0]), abs(samples[-1])) < 1e-6


GOOD = {"lanes": [0, 2, 1], "cuts": [2.05, 3.05], "fade": 10, "shape": "power"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, {"right": 6, "cuts": 2, "held": 0, "clicks": 0}),
        ({"lanes": [0, 0, 0]}, {"right": 4, "cuts": 0, "held": 0, "clicks": 0}),
        ({"lanes": [0, 0, 1]}, {"right": 5, "cuts": 1, "held": 0, "clicks": 0}),
        ({"cuts": [2.475, 3.75]}, {"right": 4, "cuts": 2, "held": 2, "clicks": 0}),
        ({"cuts": [2.475, 3.05], "fade": 0}, {"right": 5, "cuts": 2, "held": 1, "clicks": 1}),
    ],
)
def test_a_comp_is_scored_by_its_notes_and_its_cuts(studio: Studio, changed, expected):
    takes = "Promise.all([0, 1, 2].map(m.take)).then((all) => all.map((take) => take.getChannelData(0)))"
    assert studio.run(MODULES, f"{takes}.then((takes) => m.score(takes, given))", GOOD | changed) == expected


def test_no_two_takes_make_a_right_one_with_two_cuts(studio: Studio):
    script = """Promise.all([0, 1, 2].map(m.take)).then((all) => {
      const takes = all.map((take) => take.getChannelData(0));
      const gaps = [0.74, 1.4, 2.05, 3.05, 3.55];
      const right = [];
      for (const lanes of [0, 1, 2].flatMap((a) => [0, 1, 2].flatMap((b) => [0, 1, 2].map((c) => [a, b, c]))))
        for (const one of gaps) for (const two of gaps)
          if (one < two && m.score(takes, { lanes, cuts: [one, two], fade: 10, shape: "power" }).right === 6) right.push(lanes.join(""));
      return [...new Set(right)];
    })"""
    assert studio.run(MODULES, script) == ["021"]


def test_three_takes_are_comped_by_touch_and_by_keyboard(page: Page):
    open_lab(page, "editing")
    page.get_by_label("Comp", exact=True).check(force=True)
    said, wave = page.locator(".comp-score"), page.locator(".join-wave").get_attribute("d")
    expect(said).to_have_text("5 of 6 notes right. Cuts: 2, within a note: 2, with a click: 2.")
    drawing = page.locator("svg:has(.take-2)").first
    box = drawing.bounding_box()
    unit = min(box["width"] / 320, box["height"] / 226)
    left, top = (box["width"] - 320 * unit) / 2, (box["height"] - 226 * unit) / 2
    drawing.click(position={"x": left + 220 * unit, "y": top + 94 * unit})  # the third lane, between the cuts
    expect(page.get_by_label("Then")).to_have_value("3")
    page.get_by_label("At last").press("ArrowLeft")
    for label, value in [("Cut at", "82"), ("Second cut at", "122"), ("Fade length", "20")]:
        page.get_by_label(label, exact=True).fill(value)
    expect(said).to_contain_text("6 of 6 notes right. Cuts: 2, within a note: 0, with a click: 0.")
    assert page.locator(".kept-2").get_attribute("d")
    assert page.locator(".join-wave").get_attribute("d") != wave
    page.get_by_label("Fade", exact=True).check(force=True)  # and back to two takes
    assert "NaN" not in page.locator("path.cut").get_attribute("d")
    page.get_by_label("Comp", exact=True).check(force=True)
    page.get_by_role("button", name="Take it home").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="WAV").click()
    assert download.value.path().read_bytes()[:4] == b"RIFF"
