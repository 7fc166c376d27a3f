// Small percussion. Each is ({ velocity, seed, pan, level }) => sound.

import { down, ended, fall, filter, near, panned, RATE, random, shape, silence, sine, wave, white } from "./dsp.js";

/** Decaying sines: [[hertz, gain, seconds to −60 dB], …]. */
function rings(seconds, modes) {
  const samples = silence(seconds);
  for (const [hertz, gain, time] of modes) {
    for (let i = 0; i < samples.length; i++) samples[i] += gain * fall(i / RATE, time) * sine((hertz * i) / RATE);
  }
  return samples;
}

export function shaker({ velocity = 1, seed = 0, pan = 0.35, level = 1 } = {}) {
  const next = random(seed + 71);
  const [rise, peak] = [0.028 * near(next, 0.25), 5600 * near(next, 0.06)];
  const samples = shape(white(0.16, next), (t) => (t < rise ? (t / rise) ** 2 : fall(t - rise, 0.13)));
  filter(filter(samples, "highpass", 3200), "bandpass", peak, 0.7);
  return ended(panned(samples, pan, 0.9 * level * velocity));
}

export function tambourine({ velocity = 1, seed = 0, pan = -0.4, level = 1 } = {}) {
  const next = random(seed + 83);
  const jingles = Array.from({ length: 9 }, () => [4200 + 7600 * next(), 0.16, 0.12 + 0.3 * next()]);
  const samples = rings(0.4, jingles);
  const hits = [0, 0.012 + 0.01 * next(), 0.031 + 0.01 * next()];
  const noise = filter(white(0.4, next), "highpass", 5200);
  for (let i = 0; i < samples.length; i++) {
    let shakes = 0;
    for (let n = 0; n < 3; n++) if (i / RATE >= hits[n]) shakes += [1, 0.5, 0.35][n] * fall(i / RATE - hits[n], 0.12);
    samples[i] = samples[i] * (0.4 + 0.6 * shakes) + 0.3 * noise[i] * shakes;
  }
  return ended(panned(filter(samples, "highpass", 3000), pan, 0.6 * level * velocity));
}

/** A stick on the rim. */
export function rim({ velocity = 1, seed = 0, pan = -0.15, level = 1 } = {}) {
  const next = random(seed + 97);
  const tune = near(next, 0.01);
  const samples = rings(0.12, [
    [455 * tune, 0.5, 0.06],
    [1667 * tune, 0.8, 0.07],
    [2560 * tune, 0.3, 0.04],
  ]);
  const tick = filter(white(0.12, next), "highpass", 2500);
  for (let i = 0; i < samples.length; i++) {
    samples[i] = Math.min(1, i / 12) * samples[i] + 0.5 * velocity * tick[i] * fall(i / RATE, 0.012);
  }
  return ended(panned(samples, pan, 0.55 * level * velocity));
}

/** `note` is how many semitones it is tuned up. */
export function conga({ velocity = 1, seed = 0, note = 0, pan = 0.3, level = 1 } = {}) {
  const next = random(seed + 101);
  const low = 196 * 2 ** (note / 12) * near(next, 0.008);
  const slap = filter(white(0.34, next), "bandpass", 2100, 0.8);
  let phase = 0;
  const samples = wave(0.34, (t, i) => {
    phase += (low * (1 + 0.09 * down(t / 0.018))) / RATE;
    const skin = fall(t, 0.26) * sine(phase) + 0.4 * fall(t, 0.09) * sine(2.2 * phase);
    const high = 0.2 * velocity * fall(t, 0.04) * sine(4.1 * phase);
    return Math.min(1, t / 0.001) * (skin + high) + 0.4 * velocity ** 2 * slap[i] * fall(t, 0.025);
  });
  return ended(panned(samples, pan, 0.6 * level * velocity));
}
