"""The sampling lab: where slices are cut, how they join, and their pitch and length at another speed."""

import numpy as np
import pytest

from tests.browser.sound import RATE, Studio, db, lufs, rms

RIFF = "(await m.prepare())[0]"
SLICES = f"(async () => {{ const riff = {RIFF}; return m.slices(riff, given); }})()"


def slices(studio: Studio, **settings) -> list[np.ndarray]:
    script = f"{SLICES}.then((all) => {{ const every = new AudioBuffer({{ length: 8 * all[0].length, sampleRate: 48000 }}); all.forEach((slice, i) => every.copyToChannel(slice.getChannelData(0), 0, i * slice.length)); return every; }})"
    return np.split(studio.samples("sampling", script, settings), 8)


@pytest.fixture
def riff(studio: Studio) -> np.ndarray:
    return studio.samples("sampling", f"(async () => {RIFF})()")


def test_the_slices_in_their_order_are_the_riff(studio: Studio, riff):
    parts = slices(studio, fade=0)
    for number, part in enumerate(parts):
        begin = int(number * len(riff) / 8 + 0.5)
        assert np.array_equal(part, riff[begin : begin + len(part)])
    assert 0 <= len(riff) - sum(map(len, parts)) < 8
    assert -24 < lufs(riff) < -18


@pytest.mark.parametrize("cut", [-60, 40])
def test_a_moved_cut_takes_what_is_before_or_after(studio: Studio, riff, cut):
    for number, part in enumerate(slices(studio, fade=0, cut=cut)):
        begin = int(number * len(riff) / 8 + 0.5) + cut * RATE // 1000
        assert np.array_equal(part, np.take(riff, range(begin, begin + len(part)), mode="wrap"))


def test_a_faded_slice_ends_at_zero_and_another_in_a_step(studio: Studio):
    faded, bare = slices(studio, fade=15), slices(studio, fade=0)
    assert max(abs(part[-1]) for part in faded) == 0
    assert max(abs(part[-1]) for part in bare) > 0.02
    # Only the last 15 ms differ.
    kept = len(bare[0]) - RATE * 15 // 1000 - 1
    assert all(np.array_equal(one[:kept], other[:kept]) for one, other in zip(faded, bare, strict=True))


@pytest.mark.parametrize("semitones", [-12, -5, 0, 3, 7, 12])
def test_a_shift_multiplies_the_pitch_and_divides_the_length(studio: Studio, semitones):
    script = """(async () => {
      const tone = await m.render(1, (context) => m.tone(context, { frequency: 440, length: 1 }));
      return m.repitch(tone, given);
    })()"""
    samples = studio.samples("engine sounds sampling", script, semitones)
    speed = 2 ** (semitones / 12)
    assert len(samples) / RATE == pytest.approx(1 / speed, abs=0.001)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 20))
    assert np.argmax(spectrum) * RATE / (1 << 20) == pytest.approx(440 * speed, rel=0.001)
    assert studio.run("sampling", "m.rate(given)", semitones) == pytest.approx(speed)


@pytest.mark.parametrize("level", [5, 1, 0.5])
@pytest.mark.parametrize(("answer", "shift"), [("down2", -2), ("down1", -1), ("same", 0), ("up1", 1), ("up2", 2)])
def test_the_sounds_of_the_shift_test_differ_in_the_shift_alone(studio: Studio, answer, shift, level):
    script = f"m.shiftTest.sounds('{answer}', {level}, m.random(3))"
    before, after = studio.sounds("engine sampling", script)
    assert before.shape == after.shape
    assert abs(lufs(before) - lufs(after)) <= 0.3
    assert rms(before) > 0.05
    pitches = [fundamental(samples[0]) for samples in (before, after)]
    assert 12 * np.log2(pitches[1] / pitches[0]) == pytest.approx(level * shift, abs=0.15)


def fundamental(samples: np.ndarray) -> float:
    """The strongest frequency between 150 and 1500 Hz in the first quarter of a second."""
    part = samples[: RATE // 4]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 18))
    low, high = (round(hertz * (1 << 18) / RATE) for hertz in (150, 1500))
    return (low + np.argmax(spectrum[low:high])) * RATE / (1 << 18)


def test_each_place_plays_its_slice_in_time(studio: Studio, riff):
    script = """(async () => {
      const [riff, drums] = await m.prepare();
      const places = [1, 4, 3, 0, 5, 8, 3, 7].map((slice) => ({ slice, pitch: 0 }));
      const settings = { slices: m.slices(riff, { fade: 0 }), places, pitch: 0, beat: false };
      const real = globalThis.setInterval;
      let look;
      globalThis.setInterval = (called) => { look = called; };
      const live = m.sampler(context, drums, settings);
      globalThis.setInterval = real;
      for (let at = 0.1; at < 2.3; at += 0.1) context.suspend(at).then(() => { look(); context.resume(); });
      return live.output;
    })()"""
    samples = studio.render("sampling", 2.3, script)
    size = len(riff) / 8
    for place, slice_ in enumerate([1, 4, 3, 0, 5, 8, 3, 7]):
        # A quarter of the slice's time, starting a little after its begin.
        begin, inside = round(0.05 * RATE + place * size), round(size / 8)
        heard = samples[begin + inside : begin + 3 * inside]
        if slice_ == 0:
            assert db(rms(heard)) < -80
            continue
        source = round((slice_ - 1) * size) + inside
        # The clock does not run in whole samples.
        best = max(np.corrcoef(heard, riff[source + off : source + off + len(heard)])[0, 1] for off in (-2, -1, 0, 1))
        assert best > 0.99, place
