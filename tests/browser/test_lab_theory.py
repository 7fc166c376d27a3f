"""The theory lab: scales, chords and keys are spelled as musicians spell them and sound at their pitch."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.sound import RATE, Studio, db, lufs
from tests.browser.test_lab_panel import open_lab

NATURAL = dict(zip("CDEFGAB", (0, 2, 4, 5, 7, 9, 11), strict=True))
STEPS = {"major": [2, 2, 1, 2, 2, 2, 1], "minor": [2, 1, 2, 2, 1, 2, 2]}
CHORDS = [(0, 4, 7), (2, 5, 9), (4, 7, 11), (5, 9, 12), (7, 11, 14), (9, 12, 16)]  # 1 to 6 of C major


def pitch(name: str) -> int:
    return (NATURAL[name[0]] + name.count("♯") - name.count("♭")) % 12


@pytest.mark.parametrize("mode", STEPS)
def test_every_scale_keeps_its_steps_and_uses_each_letter_once(studio: Studio, mode):
    for home in range(12):
        names = studio.run("harmony", "m.names(...given)", [home, mode])
        assert sorted(name[0] for name in names) == list("ABCDEFG")
        assert all(len(name) <= 2 for name in names)
        assert pitch(names[0]) == home
        notes = [pitch(name) for name in names]
        assert [(b - a) % 12 for a, b in zip(notes, [*notes[1:], notes[0]], strict=True)] == STEPS[mode]


@pytest.mark.parametrize(
    ("home", "mode", "expected"),
    [
        (0, "major", "C Dm Em F G Am B dim"),
        (5, "major", "F Gm Am B♭ C Dm E dim"),
        (6, "major", "F♯ G♯m A♯m B C♯ D♯m E♯ dim"),
        (9, "minor", "Am B dim C Dm Em F G"),
        (0, "minor", "Cm D dim E♭ Fm Gm A♭ B♭"),
    ],
)
def test_the_chords_of_a_scale_have_their_names(studio: Studio, home, mode, expected):
    script = "[0, 1, 2, 3, 4, 5, 6].map((degree) => m.chordName(...given, degree)).join(' ')"
    assert studio.run("harmony", script, [home, mode]) == expected


def test_a_key_says_its_place_in_the_scale(studio: Studio):
    called = [studio.run("harmony", "m.called(given, 5, 'major')", note) for note in (10, 0, 6)]
    assert called == [{"place": 4, "name": "B♭"}, {"place": 5, "name": "C"}, {"place": 0, "name": "F♯"}]


@pytest.mark.parametrize(("level", "voices"), [("three", 3), ("two", 2), ("tone", 1), ("semitone", 1)])
@pytest.mark.parametrize("degree", range(6))
def test_a_chord_of_the_test_changes_in_as_many_notes_as_the_level_says(studio: Studio, degree, level, voices):
    turns = studio.run("harmony", "m.turns(given.degree, given.level)", {"degree": degree, "level": level})
    assert turns
    for chord in turns:
        moves = [abs(after - before) for before, after in zip(CHORDS[degree], chord, strict=True)]
        assert sum(move > 0 for move in moves) == voices
        assert max(moves) <= 2
        if voices == 1:
            assert sum(moves) == {"tone": 2, "semitone": 1}[level]
        assert np.diff(sorted(chord)).tolist() in ([4, 3], [3, 4], [3, 5], [5, 4], [4, 5], [5, 3]), chord


@pytest.mark.parametrize("level", ["three", "two", "tone", "semitone"])
@pytest.mark.parametrize("answer", [1, 2, 3, 4])
def test_the_loops_of_the_chord_test_differ_in_the_chord_they_say_and_not_in_level(studio: Studio, answer, level):
    script = f"m.chordTest.sounds('{answer}', '{level}', m.random(5))"
    before, after = (sides[0] for sides in studio.sounds("engine theory", script))
    assert len(before) == len(after)
    assert abs(lufs(before) - lufs(after)) <= 0.3
    # Half a second into each chord the one before has faded, so that only the level can differ.
    parts = [spectra(np.split(samples[: len(samples) // 4 * 4], 4)) for samples in (before, after)]
    unlike = [1 - one @ other for one, other in zip(*parts, strict=True)]
    assert np.argmax(unlike) == answer - 1
    assert sorted(unlike)[-2] < 0.2 * max(unlike)


def spectra(parts: list[np.ndarray]) -> list[np.ndarray]:
    spectra = [np.abs(np.fft.rfft(part[RATE // 4 :] * np.hanning(len(part) - RATE // 4)))[60:700] for part in parts]
    return [one / np.linalg.norm(one) for one in spectra]


@pytest.mark.parametrize("midi", [60, 65, 72])
def test_a_key_sounds_at_its_pitch(studio: Studio, midi):
    script = """(async () => {
      const live = m.band(context, await m.prepare(), { home: 0, mode: "major", chords: [0, 4, 5, 3], does: "" });
      live.press(given);
      return live.output;
    })()"""
    samples = studio.render("theory", 0.5, script, midi)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 18))
    hertz = np.argmax(spectrum) * RATE / (1 << 18)
    # The voice is two strings, 5 cents flat and 6 cents sharp.
    assert abs(1200 * np.log2(hertz / (440 * 2 ** ((midi - 69) / 12)))) < 15


@pytest.mark.parametrize("beats", [3, 4])
def test_the_bars_of_the_tune_are_full_and_some_triad_holds_the_first_note_of_each(studio: Studio, beats):
    for bar in range(4):
        notes = studio.run("harmony", "m.tune(given.bar, given.beats)", {"bar": bar, "beats": beats})
        assert notes[0][0] == 0
        assert [at + length for at, _, length in notes] == [*(at for at, _, _ in notes[1:]), 4 * beats]
    held = studio.run("harmony", "[0, 1, 2, 3, 4, 5, 6].filter((degree) => m.within(degree, 4))")
    assert held == [1, 4, 6]  # D, G and B, in G


def test_a_tune_is_harmonised_bar_by_bar_in_four_or_in_three(page: Page):
    open_lab(page, "theory")
    page.get_by_label("Tune", exact=True).check(force=True)
    said = page.locator(".fit")
    expect(said).to_have_text(
        "Bar 1, C. In the chord: E E G E. Outside it: none. Bars that begin on a note of their chord: 1 of 4."
    )
    page.get_by_label("In three").check(force=True)
    expect(said).to_contain_text("In the chord: E E G. Outside")
    for bar, degree in [(2, 4), (3, 5), (4, 1)]:
        page.locator(f"[name=chord-at][value='{bar}']").check(force=True)
        page.locator(f"[name=chord-{bar}][value='{degree}']").check(force=True)
    expect(said).to_have_text(
        "Bar 4, C. In the chord: E C. Outside it: D. Bars that begin on a note of their chord: 4 of 4."
    )
    drawing = page.locator("svg:has(.tune)")
    box = drawing.bounding_box()
    drawing.click(position={"x": 0.6 * box["width"], "y": 0.9 * box["height"]})
    expect(said).to_contain_text(
        "Bar 3, C. In the chord: G G. Outside it: B. Bars that begin on a note of their chord: 3 of 4."
    )


@pytest.mark.parametrize(("does", "beats"), [("chords", 4), ("tune", 4), ("tune", 3)])
def test_the_first_loop_is_at_working_level(studio: Studio, does, beats):
    script = """(async () => {
      const real = globalThis.setInterval;
      let look;
      globalThis.setInterval = (called) => { look = called; };
      const live = m.band(context, await m.prepare(), { home: 0, mode: "major", chords: [0, 4, 5, 3], ...given });
      globalThis.setInterval = real;
      for (let at = 0.1; at < 4.3; at += 0.1) context.suspend(at).then(() => { look(); context.resume(); });
      return live.output;
    })()"""
    samples = studio.render("theory", 4.3, script, {"does": does, "beats": beats})
    assert -23 < lufs(samples) < -17
    assert db(np.max(np.abs(samples))) < -6
