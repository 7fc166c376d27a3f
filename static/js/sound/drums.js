// Drums. Each is ({ velocity, seed, … }) => sound; the hit of another seed is a little different, as a drummer’s is.

import {
  blep,
  closing,
  down,
  ended,
  fall,
  filter,
  hz,
  near,
  panned,
  RATE,
  random,
  shape,
  silence,
  sine,
  soft,
  wave,
  white,
} from "./dsp.js";

/** A sine that falls to `to` hertz, `bends` being [[octaves above it, seconds], …]; `level(t)` is its envelope. */
export function falling(seconds, to, bends, level) {
  let [phase, step] = [0, 0];
  return wave(seconds, (t, i) => {
    if (i % 8 === 0) {
      let octaves = 0;
      for (const [up, time] of bends) octaves += up * down(t / time);
      step = (to * 2 ** octaves) / RATE;
    }
    phase += step;
    return level(t) * sine(phase);
  });
}

/** Two sides that share so much of each other. */
export function blend([left, right], shared) {
  for (let i = 0; i < left.length; i++) {
    const [x, y] = [left[i], right[i]];
    left[i] = (1 - shared) * x + shared * y;
    right[i] = (1 - shared) * y + shared * x;
  }
  return ended([left, right]);
}

/** A hit begins within a third of a millisecond: what begins at once is a click. */
const opening = (i) => Math.min(1, i / 16);

/** `body` is how long it sounds, in seconds; `click` how hard the beater is. */
export function kick({ note = 31, velocity = 1, seed = 0, body = 0.32, drive = 3.2, click = 0.92, level = 1 } = {}) {
  const next = random(seed + 11);
  const bends = [
    [1.6, 0.022 * near(next, 0.05)],
    [2.2 * velocity, 0.0045],
  ];
  const held = (t) => Math.min(1, t / 0.0006) * (t < 0.05 ? 1 : down((t - 0.05) / (body / 5.5)));
  const samples = falling(body + 0.06, hz(note) * near(next, 0.004), bends, held);
  const hard = drive * (0.5 + 0.5 * velocity);
  const hit = click * velocity ** 1.5 * near(next, 0.1);
  const beater = filter(filter(white(0.03, next), "highpass", 1600), "bell", 3400, 1, 8);
  const knock = falling(0.05, 620 * near(next, 0.03), [[0.8, 0.006]], (t) => fall(t, 0.06));
  for (let i = 0; i < samples.length; i++) {
    samples[i] = soft(hard * samples[i]) / soft(hard);
    if (i < beater.length) samples[i] += 0.62 * hit * beater[i] * opening(i) * fall(i / RATE, 0.026);
    if (i < knock.length) samples[i] += 0.55 * hit * knock[i];
  }
  return ended(panned(samples, 0, 0.62 * level * velocity));
}

/** `snap` is how much of it is the wires, `ring` how long the head sounds, in seconds. */
export function snare({ velocity = 1, seed = 0, tune = 188, snap = 0.95, ring = 0.16, level = 1 } = {}) {
  const next = random(seed + 23);
  const modes = [
    [tune, 1, ring],
    [1.77 * tune, 0.5, 0.7 * ring],
    [2.6 * tune, 0.2, 0.4 * ring],
  ].map(([hertz, gain, seconds]) =>
    falling(
      0.42,
      hertz * near(next, 0.008),
      [[0.35, 0.012]],
      (t) => gain * Math.min(1, t / 0.0004) * fall(t, 2.2 * seconds),
    ),
  );
  const rattle = (t) =>
    snap * opening(t * RATE) * (0.55 * fall(t, 0.09) + 0.3 * fall(t, 0.36) * Math.min(1, t / 0.004));
  const sides = [0, 1].map(() => {
    const wires = filter(white(0.42, next), "highpass", 480 + 500 * (1 - velocity));
    filter(wires, "bell", 3900, 0.6, 5);
    return shape(
      closing(wires, (t) => (3500 + 11500 * velocity) * down(t / 0.25)),
      rattle,
    );
  });
  const sound = blend(sides, 0.25);
  for (const samples of sound) {
    for (let i = 0; i < samples.length; i++) {
      samples[i] = 0.8 * level * velocity * soft(1.1 * (0.62 * (modes[0][i] + modes[1][i] + modes[2][i]) + samples[i]));
    }
  }
  return ended(sound);
}

export const METAL = [205.3, 304.4, 369.6, 522.7, 540, 800]; // Hz, the six squares of an 808

/** The squares of a cymbal, `up` times as high. */
export function metal(seconds, next, up = 1, partials = METAL) {
  const samples = silence(seconds);
  for (const hertz of partials) {
    const step = (up * hertz) / RATE;
    let phase = next();
    for (let i = 0; i < samples.length; i++) {
      phase += step;
      if (phase >= 1) phase -= 1;
      const half = phase < 0.5 ? phase + 0.5 : phase - 0.5;
      samples[i] += (phase < 0.5 ? 1 : -1) + blep(phase, step) - blep(half, step);
    }
  }
  return samples;
}

/** Closed, or `open` for so many seconds. `choke` cuts an open one off when the foot comes down. */
export function hat({ velocity = 1, seed = 0, open = 0, choke = 9, length = 0, level = 1 } = {}) {
  const next = random(seed + 41);
  const ring = Math.max(open, length);
  const [first, second] = [0.04 * near(next, 0.1), 0.15 * near(next, 0.12) + 1.65 * ring];
  const closes = (t) => {
    const body = opening(t * RATE) * (0.6 * fall(t, first) + (ring ? 0.55 : 0.4) * fall(t, second));
    return 0.62 * level * velocity * (t < choke ? body : body * Math.max(0, 1 - (t - choke) / 0.012));
  };
  const seconds = Math.min(0.14 + 1.5 * ring, choke + 0.02);
  const sides = [0, 1].map(() => {
    const samples = metal(seconds, next, near(next, 0.012));
    filter(samples, "bandpass", 10000, 0.9);
    filter(samples, "highpass", 7000 - 900 * velocity, 0.9);
    return shape(filter(samples, "lowpass", 6500 + 11000 * velocity ** 1.5), closes);
  });
  return blend(sides, 0.25);
}
