"""The synthesis lab: the filter, the envelope and the LFO follow their units, and the goal of a match can be reached."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.sound import RATE, Studio, db, lufs
from tests.browser.test_lab_panel import open_lab

MODULES = "sounds synth match synthesis"


def held(studio: Studio, seconds: float = 1, at: str = "output", **changes: float | str) -> np.ndarray:
    """One long note at 110 Hz."""
    script = f"""(() => {{
      const device = m.synth(context, {{ ...m.INIT, ...given }});
      device.note(45, 0);
      return device.{at};
    }})()"""
    return studio.render(MODULES, seconds, script, {"notes": "held"} | changes)


def strengths(samples: np.ndarray) -> np.ndarray:
    """The harmonics of 110 Hz in decibels; the first is at index 1."""
    steady = samples[RATE // 10 : RATE // 10 + RATE // 2]
    return db(np.abs(np.fft.rfft(steady))[::55] + 1e-9)


@pytest.mark.parametrize("resonance", [0, 6, 15, 24])
def test_the_resonance_is_the_gain_at_the_cutoff_in_decibels(studio: Studio, resonance):
    settings = {"cutoff": 1100, "resonance": resonance}
    change = strengths(held(studio, **settings)) - strengths(held(studio, cutoff=23000))
    assert change[10] == pytest.approx(resonance, abs=0.5)
    assert change[1] == pytest.approx(0, abs=0.5)


def test_the_filter_falls_by_12_decibels_an_octave(studio: Studio):
    change = strengths(held(studio, cutoff=220)) - strengths(held(studio, cutoff=23000))
    assert change[8] - change[16] == pytest.approx(12, abs=0.5)


@pytest.mark.parametrize(("attack", "decay", "sustain", "release"), [(100, 300, 0.5, 200), (400, 100, 0.2, 60)])
def test_the_envelope_keeps_its_times_and_its_level(studio: Studio, attack, decay, sustain, release):
    length = studio.run("synth", "m.NOTES.held.length")
    settings = {"attack": attack, "decay": decay, "sustain": sustain, "release": release, "amount": 1}
    octaves = held(studio, 2, "moves", **settings) / 1200

    def level(seconds):
        return octaves[round(seconds * RATE)]

    assert level(attack / 2000) == pytest.approx(0.5, abs=0.02)
    assert level(attack / 1000) == pytest.approx(1, abs=0.02)
    assert level((attack + decay) / 1000) == pytest.approx(sustain + 0.05 * (1 - sustain), abs=0.02)
    assert level(length - 0.01) == pytest.approx(sustain, abs=0.02)
    assert level(length + release / 1000) == pytest.approx(0.05 * sustain, abs=0.02)


def test_a_note_begins_at_the_level_of_the_last_one(studio: Studio):
    script = """(() => {
      const device = m.synth(context, { ...m.INIT, ...given });
      [0, 0.4, 0.8].forEach((at) => device.note(45, at));
      return device.moves;
    })()"""
    samples = studio.render(
        MODULES, 1.5, script, {"attack": 200, "release": 2000, "sustain": 0.6, "amount": 1, "notes": "riff"}
    )
    assert np.max(np.abs(np.diff(samples))) < 1


@pytest.mark.parametrize("rate", [2, 8])
def test_the_lfo_moves_the_cutoff_as_often_and_as_far_as_it_says(studio: Studio, rate):
    samples = held(studio, 2, "moves", rate=rate, depth=900)
    strengths = np.abs(np.fft.rfft(samples))
    assert np.argmax(strengths) / 2 == rate
    assert np.max(np.abs(samples)) == pytest.approx(900, rel=0.01)


@pytest.mark.parametrize(
    "changes", [{}, {"wave": "sine"}, {"cutoff": 300, "resonance": 24}, {"cutoff": 300, "sustain": 0.2, "amount": 3}]
)
def test_every_patch_comes_to_working_level(studio: Studio, changes):
    script = """m.levelOf({ ...m.INIT, ...given }).then((gain) =>
      m.chain(m.bar(context, { ...m.INIT, ...given }), new GainNode(context, { gain })))"""
    samples = studio.render(MODULES, 2.14, script, changes)
    peak = db(np.max(np.abs(samples)))
    assert max(peak + 5, lufs(samples) + 20) == pytest.approx(0, abs=0.3)


@pytest.mark.parametrize(
    ("kind", "pitches"),
    [("held", [45]), ("chords", [57, 60, 64])],  # A2, and A minor
)
def test_a_patch_is_heard_with_notes_or_with_chords(studio: Studio, kind, pitches):
    patch = {"wave": "sine", "notes": kind, "sustain": 1}
    samples = studio.render(MODULES, 1, "m.bar(context, { ...m.INIT, ...given })", patch)[RATE // 10 : RATE * 7 // 10]
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 8 * RATE))
    peaks = [i / 8 for i in range(400, 4000) if spectrum[i] == spectrum[i - 40 : i + 41].max() > 0.2 * spectrum.max()]
    assert peaks == pytest.approx([440 * 2 ** ((pitch - 69) / 12) for pitch in pitches], abs=0.5)


def test_the_pad_to_build_plays_chords_and_the_bass_short_notes(page: Page):
    open_lab(page, "synthesis")
    page.get_by_label("Match", exact=True).check(force=True)
    for target, notes in [("Pad", "Chord"), ("Bass", "Short")]:
        page.get_by_label(target, exact=True).check(force=True)
        expect(page.get_by_label(notes, exact=True)).to_be_checked()
        expect(page.locator(".meter-value")).to_contain_text("dB")
    page.get_by_label("Pad", exact=True).check(force=True)
    page.get_by_role("button", name="Init").click()
    expect(page.get_by_label("Chord", exact=True)).to_be_checked()


@pytest.mark.parametrize("level", ["1", "1/2", "1/4", "1/8"])
@pytest.mark.parametrize(("answer", "sign"), [("lower", -1), ("same", 0), ("higher", 1)])
def test_the_sounds_of_the_test_differ_in_brightness_and_not_in_level(studio: Studio, level, answer, sign):
    script = "m.cutoffTest.sounds(given.answer, given.level, m.random(3))"
    made = studio.sounds(f"engine {MODULES}", script, {"answer": answer, "level": level})
    pair = [sides[0] for sides in made]
    assert abs(lufs(pair[0]) - lufs(pair[1])) <= 0.3

    def brightness(samples):
        spectrum = np.abs(np.fft.rfft(samples)) ** 2
        return np.sum(spectrum * np.arange(len(spectrum))) / np.sum(spectrum)

    change = brightness(pair[1]) / brightness(pair[0]) - 1
    assert np.sign(round(change, 3)) == sign


def test_a_match_is_judged_in_octaves_and_times(studio: Studio):
    def verdict(**given):
        goal = {"wave": "square", "cutoff": 500, "decay": 200}
        return studio.run("match", "m.verdict(given.goal, given.given)", {"goal": goal, "given": goal | given})

    assert verdict()["close"]
    assert "That is a match." in verdict()["text"]
    assert "it is a square" in verdict(wave="sine")["text"]
    assert "1.0 octaves too high" in verdict(cutoff=1000)["text"]
    assert "0.5 times as long" in verdict(decay=100)["text"]
    near, far = verdict(cutoff=500 * 2**0.4, decay=280), verdict(cutoff=500 * 2**0.6)
    assert (near["close"], far["close"]) == (True, False)


def test_every_goal_of_a_match_is_within_reach_of_the_sliders(studio: Studio):
    goals = studio.run("targets", "Object.values(m.TARGETS)")
    assert len(goals) == 4
    assert {goal["wave"] for goal in goals} == {"triangle", "sawtooth", "square"}
    assert all(80 <= goal["cutoff"] <= 12900 and 20 <= goal["decay"] <= 2000 for goal in goals)
