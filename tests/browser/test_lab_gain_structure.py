"""The gain structure lab: the harmonics of clipping, and where in the chain it happens."""

import re

import numpy as np
import pytest
from django.templatetags.static import static
from playwright.sync_api import Page, expect

from tests.browser.sound import RATE, Studio, db, lufs, rms
from tests.browser.test_checklist import REFUSE

MODULES = "sounds desk gain-structure"
# Sets the tracks as often as there are numbers, at once, and tells when sixteen are made.
TRACKS = """([url, counts]) => {
  const input = document.querySelector("[name=tracks]");
  for (const count of counts) {
    input.value = count;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  import(url).then(({ strips }) => strips(16)).then(() => { window.made = true });
}"""


def harmonics(samples: np.ndarray, hertz: float) -> list[float]:
    """The third and fifth harmonic relative to the first, in decibels."""
    strengths = np.abs(np.fft.rfft(samples[:RATE]))
    return [float(db(strengths[round(n * hertz)] / strengths[round(hertz)])) for n in (3, 5)]


@pytest.mark.parametrize(("over", "expected"), [(6, [-12.8, -26.8]), (12, [-10.2, -16.1])])
def test_a_clipped_sine_has_the_harmonics_of_the_formula(studio: Studio, over, expected):
    script = "m.chain(m.tone(context, { frequency: 100, length: 9 }), m.over(context, { peak: 1, db: given }))"
    levels = harmonics(studio.render(MODULES, 1, script, over), 100)
    assert levels == pytest.approx(expected, abs=0.5)


def test_a_sine_under_the_ceiling_stays_a_sine(studio: Studio):
    script = "m.chain(m.tone(context, { frequency: 100, length: 9 }), m.over(context, { peak: 1, db: -0.1 }))"
    assert max(harmonics(studio.render(MODULES, 1, script), 100)) < -90


def through(studio: Studio, chosen: int, **changes: float) -> np.ndarray:
    """The second repeat of the loop: through the desk (1), or the tracks without any ceiling (0)."""
    settings = {"player": 0, "preamp": 32, "fader": 0, "tracks": 1} | changes
    script = "m.strips(given.tracks).then((tracks) => m.desk(context, tracks, given, given.chosen).output)"
    samples = studio.render(MODULES, 8.6, script, settings | {"chosen": chosen})
    return samples[round(4.3 * RATE) :]


@pytest.mark.parametrize("preamp", [20, 46, 55, 60])
@pytest.mark.parametrize(("tracks", "fader"), [(1, -30), (3, 12), (5, 0)])
def test_the_chain_is_as_loud_as_the_sound_without_ceilings(studio: Studio, tracks, fader, preamp):
    plain, chain = (through(studio, chosen, tracks=tracks, fader=fader, preamp=preamp) for chosen in (0, 1))
    assert abs(lufs(plain) - lufs(chain)) <= 0.3
    assert -24 < lufs(plain) < -19.5


def damage(studio: Studio, **changes: float) -> float:
    """The difference between the output and the input of the chain, in decibels."""
    plain, chain = (through(studio, chosen, **changes) for chosen in (0, 1))
    return float(db(rms(chain - plain) / rms(plain)))


def test_below_the_ceiling_nothing_changes_and_above_it_something_does(studio: Studio):
    assert damage(studio, preamp=45) < -60
    assert damage(studio, preamp=55) > -30


def test_a_fader_does_not_mend_what_the_converter_has_cut(studio: Studio):
    assert damage(studio, preamp=55, fader=-20) == pytest.approx(damage(studio, preamp=55), abs=0.1)


def test_a_fader_mends_what_the_output_would_cut(studio: Studio):
    assert damage(studio, tracks=5, preamp=44, fader=0) > -40
    assert damage(studio, tracks=5, preamp=44, fader=-16) < -60


def test_the_drawing_states_the_measured_peaks(studio: Studio):
    settings = {"player": 3, "preamp": 34, "fader": -5, "tracks": 4}
    said = studio.run(f"engine {MODULES}", "m.strips(4).then((tracks) => m.measure(tracks, given))", settings)
    there = [
        studio.render(MODULES, 4.3, f"m.strips(4).then((tracks) => m.desk(context, tracks, given).{point})", settings)
        for point in ("converter", "bus")
    ]
    assert [said["converter"], said["output"]] == pytest.approx([db(np.max(np.abs(sound))) for sound in there], abs=0.2)
    assert said["converter"] == pytest.approx(-46 + 3 + 34)


def test_the_loudness_beside_the_peak_is_that_of_the_output(studio: Studio):
    settings = {"player": 0, "preamp": 34, "fader": -10, "tracks": 16}
    said = studio.run(f"engine {MODULES}", "m.strips(16).then((tracks) => m.measure(tracks, given).lufs)", settings)
    script = "m.strips(16).then((tracks) => m.desk(context, tracks, given).bus)"
    assert said == pytest.approx(lufs(studio.render(MODULES, 4.3, script, settings)), abs=0.3)


@pytest.mark.parametrize("seconds", [1.0, 4.0])
def test_the_loudness_meter_shows_the_last_moment_and_the_last_three_seconds(studio: Studio, seconds):
    settings = {"player": 0, "preamp": 34, "fader": -10, "tracks": 3}
    script = "m.strips(3).then((tracks) => m.meter(m.measure(tracks, given).powers, given.seconds))"
    momentary, short = studio.run(f"engine {MODULES}", script, settings | {"seconds": seconds})
    samples = studio.render(MODULES, 4.2, "m.strips(3).then((tracks) => m.desk(context, tracks, given).bus)", settings)
    ends = np.roll(samples, -round(seconds * RATE))  # the loop up to that moment
    assert momentary == pytest.approx(lufs(ends[-round(0.4 * RATE) :]), abs=1)
    assert short == pytest.approx(lufs(ends[-3 * RATE :]), abs=1)
    assert abs(momentary - short) > 0.1


def test_the_drawn_loudness_falls_with_the_faders(page: Page):
    page.goto("/learn/gain-structure/")
    page.locator(".lab-play").click()
    expect(page.locator(".lab-play")).to_have_text("Stop")
    page.get_by_role("radio", name="Free play").press("Space")
    page.locator(".lab-play").click()
    expect(
        page.locator(".at-says")
    ).not_to_be_empty()  # the tracks are made; until then the number is that of the template
    number, bars = page.locator(".at-lufs"), page.locator(".loud")
    page.get_by_label("Faders").fill("-1")
    before, drawn = int(number.text_content().replace("−", "-")), bars.get_attribute("d")
    page.get_by_label("Faders").fill("-21")
    expect(number).to_have_text(f"−{20 - before}")
    assert bars.get_attribute("d") != drawn


def test_many_tracks_that_come_late_do_not_replace_the_few_that_were_chosen_since(page: Page):
    page.goto("/learn/gain-structure/")
    page.locator(".lab-play").click()
    page.get_by_role("radio", name="Free play").press("Space")
    page.locator(".lab-play").click()
    says = page.locator(".at-says")
    expect(says).not_to_be_empty()
    one = says.text_content()
    url = static("js/labs/desk.js")
    page.evaluate(TRACKS, [url, [16, 1]])
    page.wait_for_function("() => window.made")
    expect(says).to_have_text(one)
    page.evaluate(TRACKS, [url, [16]])
    expect(says).not_to_have_text(one)


def session_done(page: Page) -> None:
    """Do what the checklist asks for, up to the offer to tick it."""
    page.goto("/learn/gain-structure/")
    page.locator(".lab-play").click()
    page.get_by_role("radio", name="Session").press("Space")
    expect(page.locator(".at-says")).to_contain_text("over, cut off")
    page.get_by_label("Faders").fill("-30")
    for name, value in (("dBFS", "peak"), ("LUFS", "how loud")):
        page.get_by_role("group", name=name).get_by_role("radio", name=value).press("Space")
    page.get_by_role("button", name="Check").click()


@pytest.mark.parametrize("script", [REFUSE, "Storage.prototype.setItem = () => { throw new Error('full'); }"])
def test_a_lab_says_that_a_tick_cannot_be_kept(page: Page, script):
    page.add_init_script(script)
    session_done(page)
    page.get_by_role("button", name="Yes, tick it").click()
    expect(page.locator(".lab-status")).to_contain_text("This browser does not save anything for this page")


def test_a_session_of_sixteen_tracks_without_a_clip_can_be_ticked_by_who_tells_dbfs_from_lufs(page: Page):
    page.goto("/learn/gain-structure/")
    page.locator(".lab-play").click()
    page.get_by_role("radio", name="Session").press("Space")
    check, says = page.get_by_role("button", name="Check"), page.locator(".session-says")
    expect(page.locator(".at-says")).to_contain_text("over, cut off")
    check.click()
    expect(says).to_contain_text("the output: it peaks at")
    page.get_by_label("Faders").fill("-30")
    check.click()
    expect(says).to_have_text(re.compile("Look again at what dBFS tells.*; and at what LUFS tells"))
    for name in ("dBFS peak", "LUFS how loud"):
        group, value = name.split(" ", 1)
        page.get_by_role("group", name=group).get_by_role("radio", name=value).press("Space")
    expect(page.locator(".ear-tick")).to_be_hidden()
    check.click()
    expect(says).to_contain_text("Nothing is cut")
    page.get_by_role("button", name="Yes, tick it").click()
    expect(page.locator(".lab-status")).to_have_text("Ticked on your checklist.")
    assert "gain-structure" in page.evaluate("localStorage['producerguide.ticks']")


@pytest.mark.parametrize("level", [12, 6, 3, 1.5])
def test_the_sounds_of_the_test_are_equally_loud_and_only_the_right_one_is_cut(studio: Studio, level):
    def flat(samples):
        """How many samples are at the ceiling."""
        return int(np.sum(np.abs(samples) > 0.9999 * np.max(np.abs(samples))))

    for answer, cut in {"first": [True, False], "second": [False, True], "neither": [False, False]}.items():
        script = "m.clipTest.sounds(given.answer, given.level)"
        made = studio.sounds(f"engine {MODULES}", script, {"answer": answer, "level": level})
        pair = [sides[0] for sides in made]
        assert abs(lufs(pair[0]) - lufs(pair[1])) <= 0.3
        assert [flat(samples) > 20 for samples in pair] == cut
