// Bass, keys and a lead: ({ note or notes, length, velocity, seed, … }) => sound.

import {
  blep,
  closing,
  decay,
  down,
  ended,
  filter,
  hz,
  near,
  panned,
  place,
  RATE,
  random,
  shape,
  silence,
  sine,
  soft,
  stereo,
  wave,
} from "./dsp.js";

/** Opens in `attack` seconds, holds for `length`, and falls in `release`. */
export const gate = (t, attack, length, release) =>
  Math.min(1, t / attack) * (t < length ? 1 : Math.max(0, 1 - (t - length) / release) ** 2);

const BLOCK = 64; // samples from one look at a bend to the next

/** A sawtooth without aliasing; `bend(t)` is in octaves. Adds to samples. */
export function saw(samples, hertz, { phase = 0, bend = () => 0, gain = 1 } = {}) {
  for (let from = 0; from < samples.length; from += BLOCK) {
    const step = (hertz * 2 ** bend(from / RATE)) / RATE;
    const end = Math.min(samples.length, from + BLOCK);
    for (let i = from; i < end; i++) {
      phase += step;
      if (phase >= 1) phase -= 1;
      samples[i] += gain * (2 * phase - 1 - blep(phase, step));
    }
  }
  return samples;
}

/** A sine at the fundamental under a driven sawtooth, which a phone can play. `from` is a note it slides up or down from. */
export function bass({ note = 33, length = 0.3, velocity = 1, seed = 0, grit = 1, from = note, level = 1 } = {}) {
  const next = random(seed + 5);
  const low = hz(note);
  const bend = (t) => ((from - note) / 12) * down(t / 0.03);
  const seconds = length + 0.1;
  const top = saw(silence(seconds), low, { phase: 0.5, bend });
  const open = (900 + 2600 * velocity) * near(next, 0.06);
  closing(top, (t) => 2.4 * low + 180 + open * (0.7 * down(t / 0.09) + 0.3 * down(t / 0.6)), 1.1);
  for (let i = 0; i < top.length; i++) top[i] = soft(2.6 * top[i]);
  filter(filter(filter(top, "highpass", Math.max(80, 1.35 * low)), "bell", 130, 0.9, 1.5), "bell", 1000, 0.6, 6.5);
  let [phase, step] = [0, 0];
  const samples = wave(seconds, (t, i) => {
    if (i % 64 === 0) step = (low * 2 ** bend(t)) / RATE;
    phase += step;
    const upper = 0.85 * grit * top[i] * (0.75 + 0.25 * down(t / 0.2));
    return gate(t, 0.004, length, 0.07) * (0.62 * soft(1.25 * sine(phase)) + upper);
  });
  return ended(panned(samples, 0, 0.4 * level * (0.4 + 0.6 * velocity)));
}

/** One note of an electric piano, added to samples: FM at 1:1, and a tine at 14:1 that is gone after 45 ms. */
function reed(samples, note, length, velocity, next) {
  const step = (hz(note) * near(next, 0.0008)) / RATE;
  const dull = Math.min(1, (78 / note) ** 2);
  const rest = 0.25 * dull;
  const [index, bright] = [1.4 * velocity * dull - rest, 0.26 * velocity ** 2 * dull];
  const spark = 37 * step < 0.45 ? 0.4 : 0;
  const held = length * RATE;
  const fades = [(5.5 * 2 ** ((60 - note) / 18)) / 6.9078, 0.12, 0.32, 0.07].map(decay);
  let [phase, ring, blow, depth, damped] = [next(), 1, 1, 1, 1];
  for (let i = 0; i < samples.length; i++) {
    phase += step;
    ring *= fades[0];
    blow *= fades[1];
    depth *= fades[2];
    if (i > held) damped *= fades[3];
    const level = Math.min(1, i / 72) * ring * damped * (0.72 + 0.28 * blow);
    samples[i] += level * sine(phase + 0.159 * (rest + index * depth) * sine(phase));
    if (i < 0.3 * RATE) {
      const t = i / RATE;
      samples[i] += level * bright * (down(t / 0.045) * sine(14 * phase) + spark * down(t / 0.02) * sine(37 * phase));
    }
  }
}

const TREMOLO = 4.7; // Hz

/** A chord on an electric piano whose tremolo goes from side to side; `at` is where in the tremolo it begins, in seconds. */
export function keys({
  notes = [57, 60, 64],
  length = 0.5,
  velocity = 1,
  seed = 0,
  at = 0,
  sway = 0.26,
  level = 1,
} = {}) {
  const next = random(seed + 3);
  const all = silence(length + 0.4);
  for (const note of notes) reed(all, note, length, velocity, next);
  for (let i = 0; i < all.length; i++) all[i] = 1.6 * soft(0.5 * all[i]);
  filter(filter(all, "highpass", 95), "high", 4200, 0.7, 5);
  const gain = 0.3 * level * (0.35 + 0.65 * velocity);
  const side = (sign) => shape(all.slice(), (t) => gain * (1 + sign * sway * sine(TREMOLO * (at + t))));
  return ended([side(1), side(-1)], 0.02);
}

const VOICES = [
  // cents, place
  [-9, -0.7],
  [0, 0],
  [8, 0.7],
];

/** Three sawtooths beside each other, with a vibrato that comes late. */
export function lead({ note = 76, length = 0.3, velocity = 1, seed = 0, level = 1 } = {}) {
  const next = random(seed + 13);
  const seconds = length + 0.25;
  const sway = next();
  const sound = stereo(seconds);
  for (const [cents, pan] of VOICES) {
    const vibrato = (t) => 0.013 * Math.min(1, Math.max(0, (t - 0.18) / 0.2)) * sine(5.4 * t + sway);
    const bend = (t) => cents / 1200 + vibrato(t) - 0.02 * down(t / 0.02);
    place(sound, saw(silence(seconds), hz(note), { phase: next(), bend }), { pan, gain: 0.2 });
  }
  const open = near(next, 0.06);
  for (const samples of sound) {
    closing(samples, (t) => open * (1700 + 5200 * velocity * down(t / 0.22)), 1.2);
    shape(samples, (t) => level * (0.4 + 0.6 * velocity) * gate(t, 0.008, length, 0.2));
  }
  return ended(sound);
}
