"""The lab on how sound works: comb filters, levels that add, and the first mode of a room."""

import numpy as np
import pytest

from tests.browser.sound import RATE, Studio, db, lufs, response, rms


def copied(studio: Studio, metres: float, level: float) -> np.ndarray:
    """The impulse response of a source and its copy."""
    script = """(() => {
      const buffer = new AudioBuffer({ length: 2, sampleRate: 48000 });
      buffer.copyToChannel(Float32Array.of(1), 0);
      return m.chain(m.start(new AudioBufferSourceNode(context, { buffer })), m.comb(context, given));
    })()"""
    return studio.render("waves", 0.1, script, {"metres": metres, "level": level})


def test_34_cm_are_1_ms_and_cancel_500_and_1500_hertz(studio: Studio):
    samples = copied(studio, 0.343, 0)
    assert int(np.argmax(samples[1:])) + 1 == RATE // 1000
    for hertz in (500, 1500, 2500):
        assert response(samples, hertz) < -40
    for hertz in (1000, 2000):
        assert response(samples, hertz) == pytest.approx(6.02, abs=0.1)
    assert studio.run("waves", "m.firstNotch(0.343)") == pytest.approx(500)
    assert int(np.argmax(copied(studio, 0.34, 0)[1:])) + 1 == pytest.approx(RATE / 1000, abs=1)


@pytest.mark.parametrize("level", [0, -6, -12])
@pytest.mark.parametrize("hertz", [100, 250, 400, 1000, 1700])
def test_the_drawn_comb_is_the_heard_one(studio: Studio, level, hertz):
    drawn = studio.run("waves", "m.combAt(given[0], { metres: 0.343, level: given[1] })", [hertz, level])
    assert response(copied(studio, 0.343, level), hertz) == pytest.approx(drawn, abs=0.5)


@pytest.mark.parametrize(("kind", "expected"), [("same", 6.02), ("other", 3.01)])
@pytest.mark.parametrize("level", [0, -6])
def test_levels_add_as_the_lab_says(studio: Studio, kind, expected, level):
    alone, both = (
        rms(studio.render("waves", 4, "m.pair(context, given)", {"kind": kind} | second))
        for second in ({}, {"level": level})
    )
    assert db(alone) == pytest.approx(-26, abs=0.1)
    said = studio.run("waves", "m.sumOf(given[0], given[1])", [kind, level])
    assert db(both / alone) == pytest.approx(said, abs=0.1)
    if level == 0:
        assert said == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(("metres", "hertz"), [(4, 42.9), (3, 57.2), (2.4, 71.5)])
def test_the_first_mode_comes_from_the_length_and_is_gone_halfway(studio: Studio, metres, hertz):
    assert studio.run("waves", "m.firstMode(given)", metres) == pytest.approx(hertz, abs=0.05)
    script = "m.pure(context, { frequency: m.firstMode(given[0]), gain: m.pressure(given[1]) })"
    wall, between, middle = (studio.render("waves", 1, script, [metres, place]) for place in (0, 0.25, 0.5))
    assert db(rms(wall)) == pytest.approx(-20, abs=0.1)
    assert np.sum((wall[:-1] < 0) & (wall[1:] >= 0)) == pytest.approx(hertz, abs=1)
    assert db(rms(between) / rms(wall)) == pytest.approx(-3.01, abs=0.05)
    assert rms(middle) < 1e-6


def test_a_tone_of_100_hertz_is_3_43_metres_long(studio: Studio):
    assert studio.run("waves", "m.wavelength(100)") == pytest.approx(3.43)


@pytest.mark.parametrize("level", [0, -12])
@pytest.mark.parametrize("metres", ["0.09", "0.34", "1.37"])
def test_the_sounds_of_the_test_differ_in_the_copy_alone(studio: Studio, metres, level):
    script = "m.combTest.sounds(given.metres, given.level, m.random(7))"
    made = studio.sounds("engine waves", script, {"metres": metres, "level": level})
    one, two = (sides[0] for sides in made)
    assert abs(lufs(one) - lufs(two)) <= 0.3
    spectra = [np.abs(np.fft.rfft(sound)) ** 2 for sound in (one, two)]
    hertz = np.fft.rfftfreq(len(one), 1 / RATE)

    def near(middle):
        band = (hertz > 0.98 * middle) & (hertz < 1.02 * middle)
        return 10 * np.log10(spectra[1][band].sum() / spectra[0][band].sum())

    notch = 343 / 2 / float(metres)
    expected = 20 * np.log10((1 + 10 ** (level / 20)) / max(1 - 10 ** (level / 20), 0.04))
    assert near(2 * notch) - near(notch) == pytest.approx(expected, rel=0.25)
