// A pad and a bell: ({ note or notes, length, velocity, seed, … }) => sound.

import { closing, ended, fall, filter, hz, near, place, RATE, random, shape, silence, sine, stereo } from "./dsp.js";
import { gate, saw } from "./tones.js";

/** Held chords of detuned sawtooths, spread from left to right, that open and close slowly. */
export function pad({
  notes = [57, 60, 64],
  length = 2,
  velocity = 1,
  seed = 0,
  attack = 0.35,
  release = 0.9,
  cutoff = 1900,
  level = 1,
} = {}) {
  const next = random(seed + 7);
  const seconds = length + release;
  const sound = stereo(seconds);
  for (const pan of [-0.85, -0.3, 0.3, 0.85]) {
    const voices = silence(seconds);
    for (const note of notes) {
      const drift = next();
      const bend = (t) => (pan * 0.09 + 0.03 * sine(0.35 * t + drift)) / 12;
      saw(voices, hz(note), { phase: next(), bend, gain: 0.09 });
    }
    place(sound, voices, { pan });
  }
  for (const samples of sound) {
    closing(samples, (t) => cutoff * (0.5 + 0.8 * velocity) * (0.55 + 0.45 * Math.min(1, t / (2 * attack))), 0.8);
    filter(filter(samples, "highpass", 170), "high", 5000, 0.7, 4);
    shape(samples, (t) => level * velocity * gate(t, attack, length, release));
  }
  return ended(sound, 0.02);
}

/** A struck bar: a few partials that fade one after the other, the high ones first. */
export function bell({ note = 76, length = 0.4, velocity = 1, seed = 0, level = 1 } = {}) {
  const next = random(seed + 17);
  const ring = 1.2 + 0.6 * length;
  const gain = 0.3 * level * (0.35 + 0.65 * velocity) * near(next, 0.03);
  const partials = [
    [1, 1, ring],
    [2.001, 0.28, 0.7 * ring],
    [3.93, 0.32 * velocity, 0.32 * ring],
    [9.1, 0.16 * velocity ** 2, 0.1],
  ].filter(([ratio]) => ratio * hz(note) < 20000);
  const sides = [0.9994, 1.0006].map((off) => {
    const samples = silence(ring);
    for (const [ratio, part, time] of partials) {
      const step = (ratio * off * hz(note)) / RATE;
      const end = Math.min(samples.length, 1.2 * time * RATE);
      for (let i = 0; i < end; i++)
        samples[i] += gain * part * Math.min(1, i / 60) * fall(i / RATE, time) * sine(i * step);
    }
    return samples;
  });
  return ended(sides, 0.05);
}
