"""The sound of the labs is what the controls say."""

import re

import numpy as np
import pytest
from django.conf import settings

from tests.browser.sound import (
    RATE,
    Studio,
    db,
    flatness,
    lufs,
    mono_loss,
    octaves,
    off_slope,
    phone_loss,
    response,
    rms,
    rt60,
)

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
    sound = studio.sound("sounds", f"m.loopOf('{loop}')")
    assert lufs(sound) == pytest.approx(-20, abs=0.5)
    assert db(np.max(np.abs(sound))) <= -4.9
    assert np.max(np.abs(sound[:, 0] - sound[:, -1])) < 0.05
    assert mono_loss(sound) >= -2


def test_the_loudness_of_the_labs_is_that_of_the_recommendation(studio: Studio):
    """EBU Tech 3341: a sine of 1 kHz at −23 dBFS on both sides measures −23 LUFS, and silence after it is left out: here ten seconds."""
    sine = "Float32Array.from({ length: 960000 }, (_, i) => (i < given ? 10 ** (-23 / 20) : 0) * Math.sin((2 * Math.PI * 1000 * i) / 48000))"
    for heard in (960_000, 480_000):
        said = studio.run(
            "sound/loudness", f"(() => {{ const sine = {sine}; return m.loudness([sine, sine]); }})()", heard
        )
        assert said == pytest.approx(-23, abs=0.1)
    for loop in ("drums", "voice"):
        said = studio.run("engine sounds", f"m.loopOf('{loop}').then(m.lufs)")
        assert said == pytest.approx(lufs(studio.sound("sounds", f"m.loopOf('{loop}')")), abs=0.1)


@pytest.mark.parametrize(
    ("modules", "source", "least"),
    [
        ("sound/drums", "kick", -13),
        ("sound/tones", "keys", -8),
        ("sound/tones", "bass", -6),
        ("sound/drums", "snare", -6),
    ],
)
def test_a_phone_can_play_a_source(studio: Studio, modules, source, least):
    assert phone_loss(studio.sound(modules, f"m.{source}()")) >= least


def test_a_song_has_presence_without_hiss_and_a_phone_can_play_it(studio: Studio):
    sound = studio.sound("sounds", "m.loopOf('song')")
    assert off_slope(sound) <= 4
    assert phone_loss(sound) >= -6


@pytest.mark.parametrize("velocity", [0.4, 1])
def test_a_hat_is_metal_and_not_hiss(studio: Studio, velocity):
    hat = studio.sound("sound/drums", "m.hat(given)", {"velocity": velocity})
    assert flatness(hat[0], 7000, 16000) <= 0.25


def test_an_open_hat_rings_until_the_foot_comes_down(studio: Studio):
    hat = studio.sound("sound/drums", "m.hat({ open: 0.5, choke: 0.3 })")[0]
    assert rms(hat[round(0.25 * RATE) : round(0.29 * RATE)]) > 0.01
    assert not np.abs(hat[round(0.315 * RATE) :]).max() > 1e-4


@pytest.mark.parametrize("voice", ["kick", "snare", "hat"])
def test_hits_differ_a_little_and_a_seed_repeats_one(studio: Studio, voice):
    one, again, other, soft = (
        studio.sound("sound/drums", f"m.{voice}(given)", settings)
        for settings in ({"seed": 1}, {"seed": 1}, {"seed": 2}, {"seed": 1, "velocity": 0.4})
    )
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert abs(lufs(one) - lufs(other)) < 1
    brightness = [octaves(sound, (8000,))[0] - octaves(sound, (500,))[0] for sound in (one, soft)]
    assert lufs(soft) < lufs(one) - 5
    assert brightness[1] <= brightness[0] + 1


def test_a_kick_has_a_body_of_a_quarter_of_a_second_at_its_note(studio: Studio):
    kick = studio.sound("sound/drums", "m.kick({ note: 33 })")[0]
    loud = np.flatnonzero(np.abs(kick) > np.abs(kick).max() / 100)
    assert loud[-1] / RATE >= 0.2
    tail = kick[round(0.08 * RATE) : round(0.28 * RATE)]
    spectrum = np.abs(np.fft.rfft(tail * np.hanning(len(tail)), 1 << 17))
    assert np.argmax(spectrum) * RATE / (1 << 17) == pytest.approx(55, abs=2)


@pytest.mark.parametrize("note", [28, 33, 40])
def test_a_bass_is_strongest_at_its_note(studio: Studio, note):
    bass = studio.sound("sound/tones", "m.bass({ note: given, length: 0.8 })", note)[0]
    spectrum = np.abs(np.fft.rfft(bass, 1 << 17))
    assert np.argmax(spectrum) * RATE / (1 << 17) == pytest.approx(440 * 2 ** ((note - 69) / 12), rel=0.03)


@pytest.mark.parametrize("kind", ["convolver", "delays"])
def test_the_treble_of_a_room_dies_first_and_its_sides_differ(studio: Studio, kind):
    impulse = {
        "convolver": "m.impulse(1.8)",
        "delays": "(() => { const [a, b] = [new Float32Array(144000), new Float32Array(144000)]; a[0] = b[0] = 1;"
        " return m.room([[[a, b], 1]], { length: 3, seconds: 1.5, early: 0 }); })()",
    }[kind]
    sound = studio.sound("sound/impulse sound/room", impulse)
    middle, treble = (rt60(sound[0], hertz) for hertz in (1000, 8000))
    assert middle == pytest.approx({"convolver": 1.8, "delays": 1.5}[kind], rel=0.25)
    assert treble <= 0.6 * middle
    assert abs(np.corrcoef(sound[:, RATE // 10 :])[0, 1]) < 0.3


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
    assert abs(lufs(off) - lufs(on)) <= 0.3
    assert rms(on - off) > 0.1 * rms(off)


@pytest.mark.parametrize(
    ("effect", "first", "last"),
    [
        ("compressor", {"threshold": 0, "ratio": 8, "attack": 10, "release": 150}, {"threshold": -50}),
        ("bell", {"frequency": 60, "gain": 12, "octaves": 1}, {"frequency": 8000}),
    ],
)
def test_on_and_off_stay_equally_loud_while_a_control_moves(studio: Studio, effect, first, last):
    """A control is dragged for a second; every 20 ms the gain in use is held against one that is measured at leisure."""
    script = f"""(async () => {{
      const settings = {{ ...given.first }};
      const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      const panel = {{ choice: () => ({{ value: "1" }}), write: () => {{}} }};
      const source = () => m.loopOf("drums");
      const effect = (context) => m.{effect}(context, settings);
      const device = m.ab(panel, "x", source, effect, {{ foresee: m.foresight(effect) }});
      await device.listen();
      await wait(1500);
      const seen = [];
      for (let step = 0; step <= 50; step++) {{
        for (const [name, to] of Object.entries(given.last)) {{
          settings[name] = name === "frequency" ? given.first[name] * (to / given.first[name]) ** (step / 50) : to * step / 50;
        }}
        device.changed();
        seen.push([{{ ...settings }}, device.gain]);
        await wait(20);
      }}
      await wait(1500);
      const errors = [];
      for (const [then, gain] of seen.filter((_, i) => i % 7 === 0)) {{
        const measured = await m.matching(await source(), (context) => m.{effect}(context, then));
        errors.push(m.toDb(gain / measured));
      }}
      const last = await m.matching(await source(), effect);
      return {{ errors, still: m.toDb(device.gain / last) }};
    }})()"""
    found = studio.run("engine sounds compressor eq ab foresight", script, {"first": first, "last": last})
    assert max(map(abs, found["errors"])) <= 1, found
    assert abs(found["still"]) <= 0.3


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
    sound = studio.sound(
        "engine sounds compressor",
        f"m.render(8.6, async (context) => {script})",
        {"chosen": chosen, "settings": settings},
    )
    return sound[:, round(4.3 * RATE) :]


@pytest.mark.parametrize("level", [12, 6, 3, 1.5])
def test_the_sounds_of_the_band_test_differ_in_the_band_alone_and_not_in_level(studio: Studio, level):
    flat, changed = sounds(studio, "eq", "m.bandTest", "800", level)
    assert abs(lufs(flat) - lufs(changed)) <= 0.3
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
    assert abs(lufs(first) - lufs(second)) <= 0.3
    punch = [float(np.max(np.abs(sound))) for sound in (first, second)]
    assert np.sign(round(punch[1] - punch[0], 4)) == sign


def sounds(studio: Studio, module: str, test: str, answer: str, level: float | str) -> list[np.ndarray]:
    script = f"{test}.sounds(given.answer, given.level, m.random(7))"
    return [sides[0] for sides in studio.sounds(f"engine {module}", script, {"answer": answer, "level": level})]


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
