"""The sequencer and its clock: each step sounds at the time that tempo and swing set."""

from itertools import pairwise

import numpy as np
import pytest

from tests.browser.sound import RATE, Studio, db, lufs, rms

# The live graph in an offline context, with a clock whose timer runs every 25 ms of sound.
LIVE = """(async () => {
  const shots = await m.prepare();
  const row = (text) => Array.from({ length: 16 }, (_, i) => text[i % text.length] === "x");
  const on = Object.fromEntries(m.TRACKS.map((track) => [track, row(given.on[track] ?? ".")]));
  const real = globalThis.setInterval;
  let look;
  globalThis.setInterval = (called) => { look = called; };
  try {
    const live = m.sequencer(context, shots, { mute: [], solo: [], ...given, on });
    for (let at = 0.1; at < given.seconds; at += 0.1) context.suspend(at).then(() => { look(); context.resume(); });
    return live.output;
  } finally {
    globalThis.setInterval = real;
  }
})()"""
PATTERN = {
    "kick": "x..x..x...x.....",
    "snare": "....x.......x...",
    "hat": "x.xxx.x.x.xxx.x.",
    "bass": "x..x..x...x..x..",
}


def played(studio: Studio, seconds: float, on: dict[str, str], **settings) -> np.ndarray:
    """The left side: all but the hi-hat is in the middle."""
    given = {"tempo": 112, "swing": 50, "on": on, "seconds": seconds} | settings
    return studio.render("daw", seconds, LIVE, given)


def onsets(samples: np.ndarray) -> np.ndarray:
    """The times at which a hit begins over what is left of the one before, in seconds."""
    begins: list[int] = []
    for i in np.flatnonzero(np.abs(samples) > 0.005):
        before = np.abs(samples[max(0, i - 240) : i - 24]).max(initial=0)
        if abs(samples[i]) > 4 * before and (not begins or i - begins[-1] > 960):
            begins.append(int(i))
    return np.array(begins) / RATE


@pytest.mark.parametrize(("tempo", "swing"), [(60, 50), (112, 67), (120, 58), (180, 60)])
def test_every_step_sounds_when_tempo_and_swing_say(studio: Studio, tempo, swing):
    times = onsets(played(studio, 3, {"hat": "x"}, tempo=tempo, swing=swing))
    pair = 30 / tempo
    expected = np.array([(n // 2) * pair + (n % 2) * pair * swing / 100 for n in range(len(times))])
    assert len(times) >= 2.8 / pair * 2
    assert times - times[0] == pytest.approx(expected, abs=0.001)


def test_swing_moves_no_beat(studio: Studio):
    straight, swung = (studio.run("daw", "m.starts(given)", {"tempo": 120, "swing": swing}) for swing in (50, 75))
    assert straight[::2] == pytest.approx(swung[::2])
    assert straight[16] == pytest.approx(2)
    assert np.array(swung[1::2]) - np.array(straight[1::2]) == pytest.approx(0.0625)


@pytest.mark.parametrize(
    ("mute", "solo", "heard"),
    [
        ([], [], ["kick", "snare", "hat", "bass"]),
        (["kick"], [], ["snare", "hat", "bass"]),
        ([], ["hat", "bass"], ["hat", "bass"]),
        (["hat"], ["hat", "bass"], ["bass"]),
    ],
)
def test_mute_and_solo_leave_what_they_say(studio: Studio, mute, solo, heard):
    script = "m.TRACKS.filter((track) => m.heard(given, track))"
    assert studio.run("daw", script, {"mute": mute, "solo": solo}) == heard


def test_a_muted_track_is_silent_and_the_others_are_as_before(studio: Studio):
    alone = played(studio, 2, {"snare": PATTERN["snare"]})
    rest = played(studio, 2, PATTERN, mute=["kick", "hat", "bass"])
    assert np.max(np.abs(alone - rest)) < 1e-6
    assert rms(alone) > 0.01


def test_the_first_beat_is_at_working_level_and_the_fullest_stays_under_the_ceiling(studio: Studio):
    first = played(studio, 4.3, PATTERN)
    assert -22.5 < lufs(first) < -17.5
    fullest = played(studio, 4.3, dict.fromkeys(PATTERN, "x"), tempo=180)
    assert db(np.max(np.abs(fullest))) < -3


@pytest.mark.parametrize("level", [66, 62, 58, 55, 53])
@pytest.mark.parametrize("answer", ["first", "second", "neither"])
def test_the_sounds_of_the_swing_test_differ_in_time_alone(studio: Studio, answer, level):
    script = f"m.swingTest.sounds('{answer}', {level})"
    sounds = {name: sound[0] for name, sound in zip(["first", "second"], studio.sounds("daw", script), strict=True)}
    assert len(sounds["first"]) == len(sounds["second"])
    assert abs(lufs(sounds["first"]) - lufs(sounds["second"])) <= 0.3
    sixteenth = 60 / 112 / 4
    for name, samples in sounds.items():
        swing = level if name == answer else 50
        # The second step is a hi-hat alone, so its time can be measured to the millisecond.
        after = round(0.075 * RATE)
        loud = np.flatnonzero(np.abs(np.diff(samples[after : round(1.6 * sixteenth * RATE)])) > 0.01)
        assert (after + loud[0]) / RATE == pytest.approx(2 * sixteenth * swing / 100, abs=0.0015)


def test_the_test_says_its_level_in_real_units(studio: Studio):
    assert studio.run("daw", "m.swingTest.unit(58)") == "a swing of 58 %, which is 21 ms late"


# A context whose time the test sets.
WATCHED = """(() => {
  const context = { currentTime: 0 };
  const steps = [];
  const real = [globalThis.setInterval, globalThis.clearInterval];
  let look, ended = 0;
  globalThis.setInterval = (called) => { look = called; return 7; };
  globalThis.clearInterval = (id) => { if (id === 7) ended += 1; };
  m.clock(context, (number, when) => { steps.push([number, when, context.currentTime]); return number % 2 ? 0.1 : 0.15; });
  for (let n = 1; n <= 400; n++) { context.currentTime = n * 0.025; look(); }
  m.stopAll(context);
  [globalThis.setInterval, globalThis.clearInterval] = real;
  return { steps, ended };
})()"""


def test_a_clock_asks_for_each_step_once_ahead_of_its_time_and_ends_with_the_sound(studio: Studio):
    watched = studio.run("engine clock", WATCHED)
    numbers, whens, nows = (list(column) for column in zip(*watched["steps"], strict=True))
    assert numbers == list(range(len(numbers)))
    assert len(numbers) >= 78  # ten seconds of an eighth of a second each
    assert all(0 < when - now <= 0.2 for when, now in zip(whens, nows, strict=True))
    lengths = np.diff(whens)
    assert lengths == pytest.approx([0.1 if number % 2 else 0.15 for number in numbers[:-1]])
    # A quarter of a second of a busy page is the most that can pass unheard.
    assert max(later - earlier for earlier, later in pairwise(nows)) < 0.2
    assert watched["ended"] == 1


def test_what_comes_too_late_is_left_out(studio: Studio):
    script = """(async () => {
      const buffer = await m.shot(m.kick, {});
      const output = new GainNode(context);
      context.suspend(0.5).then(() => {
        for (const when of given) m.hit(output, buffer, when);
        context.resume();
      });
      return output;
    })()"""
    assert not studio.render("live sounds", 1, script, [0, 0.1, 0.49]).any()
    assert onsets(studio.render("live sounds", 1, script, [0.1, 0.6])) == pytest.approx([0.6], abs=0.001)
