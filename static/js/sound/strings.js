// Plucked strings (Karplus and Strong’s loop): a burst of noise that goes round in a line as long as the string.

import { down, ended, filter, hz, near, place, RATE, random, scale, silence, stereo } from "./dsp.js";

/** One string. `pick` is where it is plucked (0 to 0.5 of its length), `ring` its seconds to −60 dB, `bright` 0 to 1. */
function string(note, seconds, { pick, ring, bright, next }) {
  const period = RATE / (hz(note) * near(next, 0.0006));
  const loss = 10 ** (-3 / (ring * hz(note)));
  const blend = 0.5 + 0.48 * bright; // of this sample, and the rest of the one before: the string’s own low-pass
  const whole = Math.floor(period - (1 - blend) - 0.3);
  const part = period - (1 - blend) - whole; // of a sample, by an all-pass
  const tune = (1 - part) / (1 + part);
  const line = new Float32Array(whole);
  let smooth = 0;
  for (let i = 0; i < whole; i++) {
    smooth += (0.08 + 0.38 * bright) * (2 * next() - 1 - smooth);
    line[i] = smooth;
  }
  const comb = Math.max(1, Math.round(pick * whole));
  const start = line.map((x, i) => x - line[(i + whole - comb) % whole]);
  const samples = silence(seconds);
  let [before, last, held] = [0, 0, 0];
  for (let i = 0, at = 0; i < samples.length; i++) {
    const out = start[at];
    samples[i] = i < 48 ? (out * i) / 48 : out; // the pick leaves the string within a millisecond
    const damped = loss * (blend * out + (1 - blend) * before);
    before = out;
    const tuned = tune * damped + last - tune * held;
    last = damped;
    held = tuned;
    start[at] = tuned;
    at = at + 1 === whole ? 0 : at + 1;
  }
  return samples;
}

/** A plucked note, twice: a little different on each side, as if played by two. */
export function pluck({ note = 76, length = 0.4, velocity = 1, seed = 0, ring = 1.6, level = 1 } = {}) {
  const next = random(seed + 19);
  const seconds = length + 0.35;
  const bright = 0.3 + 0.65 * velocity;
  const sound = stereo(seconds);
  for (const [pan, off] of [
    [-0.55, -0.04],
    [0.55, 0.05],
  ]) {
    const samples = string(note + off, seconds, { pick: 0.21, ring, bright, next });
    for (let i = 0; i < samples.length; i++) samples[i] *= i < length * RATE ? 1 : down((i / RATE - length) / 0.08);
    filter(filter(filter(samples, "highpass", 160), "bell", 2400, 0.8, 2), "lowpass", 3500 + 7000 * velocity, 0.6);
    place(sound, samples, { pan });
  }
  return ended(
    sound.map((samples) => scale(samples, 0.42 * level * (0.4 + 0.6 * velocity))),
    0.02,
  );
}

/** A strummed chord, from the low string up, or from the high one with `up`. `mute` is the palm on the strings. */
export function guitar({
  notes = [52, 59, 64, 67],
  length = 0.8,
  velocity = 1,
  seed = 0,
  up = false,
  mute = false,
  pan = -0.5,
  level = 1,
} = {}) {
  const next = random(seed + 29);
  const seconds = length + 0.5;
  const sound = stereo(seconds + 0.1);
  const ring = mute ? 0.22 : 2.6;
  const order = up ? [...notes].reverse() : notes;
  for (const [i, note] of order.entries()) {
    const samples = string(note, seconds, {
      pick: 0.13,
      ring: ring * 2 ** ((52 - note) / 24),
      bright: mute ? 0.25 : 0.25 + 0.35 * velocity,
      next,
    });
    for (let n = 0; n < samples.length; n++) samples[n] *= n < length * RATE ? 1 : down((n / RATE - length) / 0.06);
    place(sound, samples, { pan: pan + 0.04 * (i - 1.5), at: i * 0.011 * near(next, 0.2) });
  }
  for (const samples of sound) {
    // The body of the instrument: its air and its top.
    filter(filter(filter(samples, "highpass", 90), "bell", 108, 2, 4), "bell", 215, 2.5, 3);
    filter(filter(samples, "bell", 2900, 0.8, 1), "lowpass", 2400 + 2400 * velocity, 0.6);
    scale(samples, 0.3 * level * (0.4 + 0.6 * velocity));
  }
  return ended(sound, 0.02);
}
