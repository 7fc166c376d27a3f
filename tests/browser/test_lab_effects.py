"""The effects: the times of echoes, the decay of rooms, and the delays of modulated copies."""

import numpy as np
import pytest

from tests.browser.sound import RATE, Studio, db, lufs, rms, rt60

BLOCK = 128
SETTINGS = "{ ...m.SETTINGS[given.kind], ...given.settings }"


def impulse(studio: Studio, length: float, kind: str, **settings: float) -> np.ndarray:
    """The impulse response of an effect, with the impulse a tenth of a second after the start."""
    script = f"""(() => {{
      const buffer = new AudioBuffer({{ length: 4801, sampleRate: 48000 }});
      buffer.copyToChannel(Float32Array.of(1), 0, 4800);
      const source = m.start(new AudioBufferSourceNode(context, {{ buffer }}));
      return m.chain(source, m.EFFECTS[given.kind](context, {SETTINGS}));
    }})()"""
    samples = studio.render("fx", length + 0.1, script, {"kind": kind, "settings": settings})
    return samples[4800:]


@pytest.mark.parametrize("bpm", [60, 112, 120, 180])
@pytest.mark.parametrize("note", [1, 0.75, 0.5, 0.25])
def test_echoes_come_at_the_tempo_and_weaken_by_the_feedback(studio: Studio, bpm, note):
    samples = impulse(studio, 3.1, "delay", bpm=bpm, note=note, feedback=50, mix=-6)
    late = 60 / bpm * note * RATE
    for number in (1, 2, 3):
        about = round(number * late)
        near = np.abs(samples[about - 2 * BLOCK : about + 2 * BLOCK])
        assert abs(int(np.argmax(near)) - 2 * BLOCK) <= BLOCK
        # An echo between two samples is spread over both.
        assert db(near.sum()) == pytest.approx(-6 - 6.02 * (number - 1), abs=0.2)


@pytest.mark.parametrize("seconds", [0.3, 1.2, 3])
def test_a_room_falls_by_60_db_in_the_time_it_says_and_treble_sooner(studio: Studio, seconds):
    samples = impulse(studio, seconds + 0.2, "reverb", seconds=seconds, gap=0)[1:]
    middle, treble = (rt60(samples, hertz) for hertz in (1000, 8000))
    assert middle == pytest.approx(seconds, rel=0.2)
    assert treble <= 0.6 * middle


@pytest.mark.parametrize("mix", [0, -12])
def test_a_room_begins_after_its_gap_and_is_as_strong_as_it_says(studio: Studio, mix):
    samples = impulse(studio, 2, "reverb", seconds=1, gap=40, mix=mix)
    dry, gap, room = samples[0], samples[1 : round(0.04 * RATE) - BLOCK], samples[round(0.04 * RATE) - BLOCK :]
    assert dry == pytest.approx(1, abs=1e-3)
    assert not gap.any()
    assert db(np.sqrt(np.sum(room**2))) == pytest.approx(mix, abs=0.3)


def test_a_room_goes_on_sounding_when_the_browser_collects_its_garbage(studio: Studio):
    studio.run(
        "engine fx",
        """(() => {
          window.rendered = m.render(1, async (context) => {
            const buffer = new AudioBuffer({ length: 2, sampleRate: 48000 });
            buffer.copyToChannel(Float32Array.of(1), 0);
            window.paused = context.suspend(0.5).then(() => context);
            return m.chain(m.start(new AudioBufferSourceNode(context, { buffer })), m.EFFECTS.reverb(context, m.SETTINGS.reverb));
          });
          return window.paused.then(() => null);
        })()""",
    )
    studio.page.context.new_cdp_session(studio.page).send("HeapProfiler.collectGarbage")
    samples = studio.samples("engine", "window.paused.then((context) => context.resume()).then(() => window.rendered)")
    assert samples[round(0.6 * RATE) :].any()


@pytest.mark.parametrize(("kind", "low", "high"), [("chorus", 15, 35), ("flanger", 1, 10)])
def test_a_copy_moves_within_the_delays_of_its_kind(studio: Studio, kind, low, high):
    """Measures the delay of the copies of clicks, every 50 ms for one loop."""
    depth = (high - low) / 2
    script = f"""(() => {{
      const buffer = new AudioBuffer({{ length: 2400, sampleRate: 48000 }});
      buffer.copyToChannel(Float32Array.of(1), 0);
      return m.chain(m.loop(context, buffer), m.EFFECTS[given.kind](context, {SETTINGS}));
    }})()"""
    samples = studio.render("fx", 4.3, script, {"kind": kind, "settings": {"depth": depth}})
    clicks = samples[: len(samples) // 2400 * 2400].reshape(-1, 2400)[2:]
    gaps = np.argmax(np.abs(clicks[:, 5:]), axis=1) + 5
    assert gaps.min() / RATE * 1000 == pytest.approx(low, abs=0.3)
    assert gaps.max() / RATE * 1000 == pytest.approx(high, abs=0.3)


@pytest.mark.parametrize("kind", ["delay", "reverb", "chorus", "flanger"])
def test_with_and_without_an_effect_it_is_equally_loud(studio: Studio, kind):
    script = """(async () => {
      const buffer = await m.loopOf("keys");
      const effect = (context) => m.EFFECTS[given.kind](context, m.SETTINGS[given.kind]);
      const gain = await m.matching(buffer, effect);
      return m.compare(context, m.loop(context, buffer), effect(context), { gain, chosen: given.chosen }).output;
    })()"""
    off, on = (
        studio.stereo("sounds fx", 8.6, script, {"kind": kind, "chosen": chosen})[:, round(4.3 * RATE) :]
        for chosen in (0, 1)
    )
    assert abs(lufs(off) - lufs(on)) <= 0.3
    assert rms(on - off) > 0.1 * rms(off)


@pytest.mark.parametrize("level", [0, -12])
@pytest.mark.parametrize("answer", ["chorus", "flanger", "reverb"])
def test_the_sounds_of_the_test_differ_in_the_effect_alone(studio: Studio, answer, level):
    script = "m.whichTest.sounds(given.answer, given.level, m.random(7))"
    dry, wet = studio.sounds("engine fx", script, {"answer": answer, "level": level})
    assert dry.shape == wet.shape
    assert abs(lufs(dry) - lufs(wet)) <= 0.3
    assert rms(wet - dry) > 0.05 * rms(dry)
    assert np.max(np.abs(wet[:, 0] - wet[:, -1])) < 0.05
