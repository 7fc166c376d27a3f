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
function falling(seconds, to, bends, level) {
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
function blend([left, right], shared) {
  for (let i = 0; i < left.length; i++) {
    const [x, y] = [left[i], right[i]];
    left[i] = (1 - shared) * x + shared * y;
    right[i] = (1 - shared) * y + shared * x;
  }
  return ended([left, right]);
}

/** `body` is how long it sounds, in seconds; `click` how hard the beater is. */
export function kick({ note = 31, velocity = 1, seed = 0, body = 0.32, drive = 3.2, click = 0.65, level = 1 } = {}) {
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
    if (i < beater.length) samples[i] += 0.62 * hit * beater[i] * fall(i / RATE, 0.026);
    if (i < knock.length) samples[i] += 0.55 * hit * knock[i];
  }
  return ended(panned(samples, 0, 0.68 * level * velocity));
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
  const rattle = (t) => snap * (0.55 * fall(t, 0.09) + 0.3 * fall(t, 0.36) * Math.min(1, t / 0.004));
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

/** Four hands, one after the other. */
export function clap({ velocity = 1, seed = 0, tail = 0.3, level = 1 } = {}) {
  const next = random(seed + 37);
  const sides = [0, 1].map(() => {
    const hands = [0, 0.0095, 0.0205, 0.0295].map((at) => at * near(next, 0.12));
    const noise = shape(white(tail + 0.12, next), (t) => {
      let sum = 0;
      for (let i = 0; i < 4 && t >= hands[i]; i++) {
        const age = t - hands[i];
        sum += i < 3 ? fall(age, 0.028) : 0.8 * fall(age, 0.05) + 0.35 * fall(age, tail);
      }
      return 0.3 * level * velocity * sum;
    });
    filter(filter(filter(noise, "highpass", 620), "bell", 1150, 1.1, 11), "bell", 2600, 1, 4);
    return filter(noise, "lowpass", 5000 + 8000 * velocity);
  });
  return blend(sides, 0.2);
}

const METAL = [205.3, 304.4, 369.6, 522.7, 540, 800]; // Hz, the six squares of an 808

/** The squares of a cymbal, `up` times as high. */
function metal(seconds, next, up = 1, partials = METAL) {
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
  const [first, second] = [0.04 * near(next, 0.1), 0.15 * near(next, 0.12) + 1.15 * ring];
  const closes = (t) => {
    const body = 0.6 * fall(t, first) + (ring ? 0.55 : 0.4) * fall(t, second);
    return 0.62 * level * velocity * (t < choke ? body : body * Math.max(0, 1 - (t - choke) / 0.012));
  };
  const seconds = Math.min(0.14 + 1.2 * ring, choke + 0.02);
  const sides = [0, 1].map(() => {
    const samples = metal(seconds, next, near(next, 0.012));
    filter(samples, "bandpass", 10000, 0.9);
    filter(samples, "highpass", 7000 - 900 * velocity, 0.9);
    return shape(filter(samples, "lowpass", 6500 + 11000 * velocity ** 1.5), closes);
  });
  return blend(sides, 0.25);
}

const CYMBAL = [...METAL, 317.2, 413.9, 634.1, 711.7, 893.3, 1042.6];

export function crash({ velocity = 1, seed = 0, seconds = 2.4, level = 1 } = {}) {
  const next = random(seed + 53);
  const sides = [0, 1].map(() => {
    const samples = metal(seconds, next, 1.31 * near(next, 0.02), CYMBAL);
    const noise = white(seconds, next);
    for (let i = 0; i < samples.length; i++) samples[i] = 0.16 * samples[i] + 0.35 * noise[i] * fall(i / RATE, 1.2);
    filter(filter(samples, "highpass", 2800), "bell", 5200, 0.6, 4);
    closing(samples, (t) => 4200 + 12000 * down(t / 0.6));
    return shape(samples, (t) => 0.25 * level * velocity * Math.min(1, t / 0.002) * (fall(t, 0.5) + fall(t, seconds)));
  });
  return ended(blend(sides, 0.2), 0.05);
}

export function tom({ note = 45, velocity = 1, seed = 0, pan = 0, level = 1 } = {}) {
  const next = random(seed + 61);
  const low = hz(note) * near(next, 0.005);
  const bends = [
    [0.5, 0.05],
    [1.2, 0.006],
  ];
  const body = falling(0.6, low, bends, (t) => Math.min(1, t / 0.0008) * fall(t, 0.55));
  const over = falling(0.6, 1.59 * low, [[0.3, 0.03]], (t) => 0.35 * fall(t, 0.22));
  const skin = shape(filter(white(0.6, next), "bandpass", 1900, 0.6), (t) => 0.5 * velocity * fall(t, 0.06));
  for (let i = 0; i < body.length; i++) body[i] = soft(1.5 * (body[i] + over[i] + skin[i]));
  return ended(panned(body, pan, 0.6 * level * velocity));
}
