// A room for a convolver.

import { filter, RATE, random } from "./dsp.js";

export const EARLY = [
  // milliseconds, level left and right
  [7.1, 0.62, 0.28],
  [11.3, 0.25, 0.58],
  [16.9, 0.45, 0.2],
  [19.7, 0.18, 0.42],
  [26.3, 0.3, 0.2],
  [31.9, 0.16, 0.28],
  [39.1, 0.2, 0.12],
  [45.7, 0.1, 0.18],
];

/** Noise that falls as a room does, for a convolver: treble first, and different on each side. Each side has energy 1. */
export function impulse(seconds, seed = 5) {
  return [0, 1].map((side) => {
    const next = random(seed + side);
    const length = Math.round(seconds * RATE);
    const noise = Float32Array.from({ length }, () => 2 * next() - 1);
    const low = split(noise.slice(), 2600);
    const high = noise.map((x, i) => x - low[i]);
    const sum = low.map(
      (x, i) => 1.6 * x * 10 ** ((-3 * i) / length) + 0.6 * high[i] * 10 ** ((-3 * i) / (0.45 * length)),
    );
    const taps = EARLY.map(([ms, ...levels]) => [
      Math.round(((ms * RATE) / 1000) * (0.7 + 0.2 * Math.min(2, seconds))),
      levels[side],
    ]);
    const energy = Math.sqrt(sum.reduce((all, x) => all + x * x, 0));
    for (const [at, level] of taps) if (at < length) sum[at] += 0.25 * level * energy;
    const whole = Math.sqrt(sum.reduce((all, x) => all + x * x, 0));
    return sum.map((x) => x / whole);
  });
}

/** The part of a noise under a frequency: twice a second-order low-pass. */
const split = (samples, frequency) => filter(filter(samples, "lowpass", frequency), "lowpass", frequency);
