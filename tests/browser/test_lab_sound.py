"""The sound of the labs is what the controls say."""

import re

import numpy as np
import pytest
from django.conf import settings

from tests.browser.sound import RATE, Studio, db, response, rms

LOOPS = ["drums", "bass", "keys", "lead", "voice", "song", "pink"]
SINE = "m.chain(m.tone(context, { frequency: 1000, length: 9 }), new GainNode(context, { gain: m.fromDb(given.db) }))"

# Every module with a blind test, and the name of the test.
BLIND_TESTS = [
    f"{file.stem} {name}"
    for file in sorted((settings.BASE_DIR / "static" / "js" / "labs").glob("*.js"))
    for name in re.findall(r"export const (\w+Test) = ", file.read_text(encoding="utf-8"))
]


def impulse(studio: Studio, modules: str, effect: str) -> np.ndarray:
    """The impulse response of an effect."""
    return studio.render(
        modules,
        1,
        f"""(() => {{
          const buffer = new AudioBuffer({{ length: 2, sampleRate: 48000 }});
          buffer.copyToChannel(Float32Array.of(1), 0);
          return m.chain(m.start(new AudioBufferSourceNode(context, {{ buffer }})), {effect});
        }})()""",
    )


@pytest.mark.parametrize("loop", LOOPS)
def test_every_loop_is_at_working_level_and_repeats_without_a_click(studio: Studio, loop):
    samples = studio.samples("sounds", f"m.loopOf('{loop}')")
    assert -30 < db(rms(samples)) < -19.9
    assert db(np.max(np.abs(samples))) < -9.9
    assert abs(samples[0] - samples[-1]) < 0.05


def test_a_bell_one_octave_wide_has_its_gain_in_the_middle_and_half_of_it_half_an_octave_away(studio: Studio):
    samples = impulse(studio, "eq", "m.bell(context, { frequency: 1000, gain: 6, octaves: 1 })")
    for hertz, expected in [(50, 0), (707.1, 3), (1000, 6), (1414.2, 3), (16000, 0)]:
        assert response(samples, hertz) == pytest.approx(expected, abs=0.5), hertz


@pytest.mark.parametrize(("level", "expected"), [(-8, -17), (-40, -40)])
def test_a_compressor_does_what_its_curve_says(studio: Studio, level, expected):
    settings = "{ threshold: -20, ratio: 4, attack: 1, release: 500 }"
    script = f"m.chain({SINE}, m.compressor(context, {settings}))"
    samples = studio.render("sounds compressor", 3, script, {"db": level})
    assert db(np.max(np.abs(samples[2 * RATE :]))) == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize("attack", [0.3, 10, 100])
@pytest.mark.parametrize(("threshold", "ratio"), [(-26, 4), (-45, 20)])
def test_on_and_off_are_equally_loud(studio: Studio, threshold, ratio, attack):
    settings = {"threshold": threshold, "ratio": ratio, "attack": attack, "release": 120}
    off, on = (arm(studio, chosen, settings) for chosen in (0, 1))
    assert abs(db(rms(off)) - db(rms(on))) <= 0.3
    assert rms(on - off) > 0.1 * rms(off)


def test_off_is_as_late_as_on(studio: Studio):
    off, on = (arm(studio, chosen, {"threshold": 0, "ratio": 1}) for chosen in (0, 1))
    assert db(rms(on - off) / rms(off)) < -60


def arm(studio: Studio, chosen: int, settings: dict[str, float]) -> np.ndarray:
    """The second repeat of the drums with the compressor off (0) or on (1), as the lab plays them."""
    script = """(async () => {
      const buffer = await m.loopOf("drums");
      const effect = (context) => m.compressor(context, given.settings);
      const gain = await m.matching(buffer, effect);
      const input = m.loop(context, buffer);
      return m.compare(context, input, effect(context), { gain, latency: m.LOOKAHEAD, chosen: given.chosen }).output;
    })()"""
    samples = studio.render("sounds compressor", 8.6, script, {"chosen": chosen, "settings": settings})
    return samples[round(4.3 * RATE) :]


@pytest.mark.parametrize("level", [12, 6, 3, 1.5])
def test_the_sounds_of_the_band_test_differ_in_the_band_alone_and_not_in_level(studio: Studio, level):
    flat, changed = sounds(studio, "eq", "m.bandTest", "800", level)
    assert abs(db(rms(flat)) - db(rms(changed))) <= 0.1
    spectra = [np.abs(np.fft.rfft(sound)) ** 2 for sound in (flat, changed)]
    hertz = np.fft.rfftfreq(len(flat), 1 / RATE)

    def around(middle):
        band = (hertz > middle / 2**0.1) & (hertz < middle * 2**0.1)
        return 10 * np.log10(spectra[1][band].sum() / spectra[0][band].sum())

    assert abs(around(800) - around(100)) == pytest.approx(level, abs=0.1 * level + 0.3)


@pytest.mark.parametrize("level", ["wide", "clear", "close", "narrow"])
@pytest.mark.parametrize(("answer", "sign"), [("faster", -1), ("same", 0), ("slower", 1)])
def test_the_sounds_of_the_attack_test_differ_in_the_punch_alone(studio: Studio, level, answer, sign):
    first, second = sounds(studio, "compressor", "m.attackTest", answer, level)
    assert abs(db(rms(first)) - db(rms(second))) <= 0.1
    punch = [float(np.max(np.abs(sound))) for sound in (first, second)]
    assert np.sign(round(punch[1] - punch[0], 4)) == sign


def sounds(studio: Studio, module: str, test: str, answer: str, level: float | str) -> list[np.ndarray]:
    script = f"{test}.sounds(given.answer, given.level, m.random(7))"
    return [
        studio.samples(
            f"engine {module}", f"({script}).then((all) => all[{number}])", {"answer": answer, "level": level}
        )
        for number in (0, 1)
    ]


def test_no_sample_is_above_the_ceiling(studio: Studio):
    script = f"m.chain({SINE}, m.ceiling(context))"
    limit = studio.run("engine", "m.CEILING")
    assert limit < 1
    for level in (0, 30):
        loud = studio.render("sounds", 0.5, script, {"db": level})
        assert np.max(np.abs(loud)) <= limit + 1e-6
    quiet = studio.render("sounds", 0.5, script, {"db": -20})
    assert db(np.max(np.abs(quiet))) == pytest.approx(-20, abs=0.05)


def test_after_a_stop_there_is_silence(studio: Studio):
    script = """(async () => {
      const node = m.loop(context, await m.loopOf("pink"));
      context.suspend(0.5).then(() => { m.stopAll(context); context.resume(); });
      return node;
    })()"""
    samples = studio.render("sounds", 1, script)
    assert rms(samples[: RATE // 2]) > 0.05
    assert not samples[RATE // 2 + RATE // 25 :].any()


@pytest.mark.parametrize("seed", [1, 2, 2**32 - 1])
@pytest.mark.parametrize("test", BLIND_TESTS)
def test_a_blind_order_is_uniform_and_its_seed_repeats_it(studio: Studio, test, seed):
    module, name = test.split()
    script = f"""(() => {{
      const next = m.random(given);
      return Array.from({{ length: 400 }}, () => m.draw(next, Object.keys(m.{name}.options)));
    }})()"""
    drawn = [studio.run(f"engine ear {module}", script, seed) for _ in range(2)]
    assert drawn[0] == drawn[1]
    options = studio.run(module, f"Object.keys(m.{name}.options)")
    expected = 400 / len(options)
    surprise = sum((drawn[0].count(option) - expected) ** 2 / expected for option in options)
    assert surprise < {2: 10.8, 3: 13.8, 4: 16.3, 5: 18.5, 8: 24.3}[len(options)]  # chi squared, p = 0.001
    repeats = sum(one == other for one, other in zip(drawn[0], drawn[0][1:], strict=False))
    assert repeats == pytest.approx(expected, abs=4 * expected**0.5)


def test_a_round_that_is_passed_leads_to_a_harder_one_and_guessing_to_an_easier_one(studio: Studio):
    def after(level, right):
        return studio.run("ear eq", f"m.nextLevel(m.bandTest, {{ level: {level}, right: {right} }})")

    assert [after(6, right) for right in (2, 3, 4, 6, 7, 10)] == [12, 12, 6, 6, 3, 3]
    assert after(12, 0) == 12
    assert after(1.5, 10) == 1.5
