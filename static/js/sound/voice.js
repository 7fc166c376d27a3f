// A voice: one source for a whole phrase, through five resonances that move from vowel to vowel.

import { blep, coefficients, ended, hz, panned, RATE, random, run, silence, sine } from "./dsp.js";

const VOWELS = {
  // where the mouth resonates in hertz, and how strongly in decibels
  a: [
    [650, 1080, 2650, 2900, 3250],
    [0, -5, -8, -9, -20],
  ],
  e: [
    [420, 1700, 2600, 3200, 3580],
    [0, -12, -11, -13, -20],
  ],
  i: [
    [290, 1870, 2800, 3250, 3540],
    [0, -14, -15, -17, -26],
  ],
  o: [
    [430, 820, 2600, 2800, 3000],
    [0, -8, -12, -12, -24],
  ],
  u: [
    [350, 640, 2700, 2900, 3300],
    [0, -14, -17, -16, -26],
  ],
  m: [
    [260, 1100, 2200, 2700, 3300],
    [0, -24, -26, -28, -34],
  ],
  l: [
    [360, 1150, 2750, 3000, 3400],
    [0, -16, -14, -16, -24],
  ],
  w: [
    [300, 680, 2250, 2800, 3200],
    [0, -16, -24, -24, -30],
  ],
};
VOWELS.n = [[280, 1450, 2300, 2800, 3400], VOWELS.m[1]];
VOWELS.y = [VOWELS.i[0], VOWELS.i[1]];
const WIDTHS = [75, 90, 120, 140, 180]; // Hz
const BLOCK = 64; // samples from one look at the phrase to the next

const VOICED = { m: 0.07, n: 0.06, l: 0.07, w: 0.08, y: 0.07 }; // seconds of a consonant that is sung
const NOISY = { s: [0.085, 6200, 0.5], t: [0.022, 4200, 0.7], d: [0.012, 3000, 0.5], h: [0.07, 1700, 0.16] }; // seconds, hertz, level

/** A slow wander between −1 and 1: noise, smoothed. */
function wander(next, speed) {
  let [goal, value] = [0, 0];
  return () => {
    if (next() < 0.02 * speed) goal = 2 * next() - 1;
    value += 0.01 * speed * (goal - value);
    return value;
  };
}

const ease = (from, to, share) => from + (to - from) * share;
const share = (seconds) => 1 - Math.exp(-BLOCK / RATE / seconds);
const SHARES = { scoop: share(0.028), glide: share(0.05), rise: share(0.022), end: share(0.045), mouth: share(0.03) };

/** What the singer does, block by block: the step of the phase, the level, and the shape of the mouth (ten numbers a block). */
function performance(notes, { seconds, seed, vibrato, scoop, wobble }) {
  const next = random(seed + 31);
  const [drift, shiver] = [wander(next, 0.4), wander(next, 3)];
  const count = Math.ceil((seconds * RATE) / BLOCK);
  const [steps, levels, mouths] = [new Float32Array(count), new Float32Array(count), new Float32Array(10 * count)];
  const turn = next();
  const shape = VOWELS[notes[0].vowel].flat();
  let [pitch, level, at] = [notes[0].note - scoop, 0, 0];
  for (let block = 0; block < count; block++) {
    const now = (block * BLOCK) / RATE;
    while (notes[at + 1]?.at <= now + 0.01) at++;
    const one = notes[at];
    const age = now - one.at;
    const sung = age >= -0.01 && age < one.length;
    const consonant = age < VOICED[one.onset];
    if (level < 0.02 && sung) pitch = one.note - scoop;
    pitch = ease(pitch, one.note, age < 0.12 ? SHARES.scoop : SHARES.glide);
    level = ease(level, (sung ? (one.velocity ?? 1) : 0) * (consonant ? 0.5 : 1), sung ? SHARES.rise : SHARES.end);
    const [hertz, strength] = VOWELS[consonant ? one.onset : one.vowel];
    for (let i = 0; i < 5; i++) {
      shape[i] = ease(shape[i], hertz[i], SHARES.mouth);
      shape[i + 5] = ease(shape[i + 5], strength[i], SHARES.mouth);
    }
    mouths.set(shape, 10 * block);
    const sway = vibrato * Math.min(1, Math.max(0, (age - 0.18) / 0.25)) * sine(5.3 * now + turn);
    steps[block] = hz(pitch + sway + wobble * (0.12 * drift() + 0.07 * shiver())) / RATE;
    levels[block] = level * (1 + 0.12 * shiver());
  }
  return { steps, levels, mouths };
}

/** The buzz of the throat, falling by about 8 dB an octave, with breath that comes and goes with it. */
function throat({ steps, levels }, next, { effort, breath, length }) {
  const samples = silence(length / RATE);
  let [phase, dull, airy, step, level] = [0, 0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    if (i % BLOCK === 0) [step, level] = [steps[i / BLOCK], levels[i / BLOCK]];
    if (level < 1e-4) continue;
    phase += step;
    if (phase >= 1) phase -= 1;
    const buzz = 2 * phase - 1 - blep(phase, step);
    dull += 0.16 * (buzz - dull);
    const hiss = 2 * next() - 1;
    airy += 0.35 * (hiss - airy);
    const open = 0.3 + 0.7 * (1 - phase) ** 2;
    samples[i] = level * (ease(dull, buzz, 0.4 + 0.55 * effort * level) + breath * 0.5 * (hiss - airy) * open);
  }
  return samples;
}

const SILENT = 2400; // samples after which a resonance has rung out

/** The source through the five resonances, side by side, whose signs alternate so that they do not cancel between. */
function mouth(source, { steps, levels, mouths }, size) {
  const out = new Float32Array(source.length);
  for (let formant = 0; formant < 5; formant++) {
    const sign = formant % 2 ? -1 : 1;
    let [s1, s2, b0, a1, a2, still] = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < source.length; i++) {
      if (i % BLOCK === 0) {
        const block = i / BLOCK;
        still = levels[block] < 1e-4 ? still + BLOCK : 0;
        if (still > SILENT) {
          [s1, s2] = [0, 0];
          i += BLOCK - 1;
          continue;
        }
        const low =
          formant === 0
            ? Math.max(size * mouths[10 * block], 1.04 * steps[block] * RATE)
            : size * mouths[10 * block + formant];
        [b0, , , a1, a2] = coefficients("bandpass", low, low / WIDTHS[formant]);
        b0 *= sign * 10 ** (mouths[10 * block + 5 + formant] / 20);
      }
      const x = source[i];
      const y = b0 * x + s1;
      s1 = s2 - a1 * y;
      s2 = -b0 * x - a2 * y;
      out[i] += y;
    }
  }
  return out;
}

/** The consonants that are noise: they come just before the note. */
function consonants(out, notes, next) {
  for (const { at, onset, velocity = 1 } of notes) {
    if (!NOISY[onset]) continue;
    const [seconds, hertz, level] = NOISY[onset];
    const noise = Float32Array.from({ length: Math.round(seconds * RATE) }, (_, i) => {
      const x = i / (seconds * RATE);
      return (2 * next() - 1) * Math.sin(Math.PI * Math.min(1, x * 1.02)) ** 0.7;
    });
    run(noise, coefficients("bandpass", hertz, 1.1));
    const from = Math.round((at - 0.7 * seconds) * RATE);
    for (let i = 0; i < noise.length; i++)
      if (from + i >= 0 && from + i < out.length) out[from + i] += 0.9 * level * velocity * noise[i];
  }
}

/**
 * A phrase: `notes` are { at, note, length, vowel, onset, velocity }, in seconds. `size` is the throat’s (1 a tenor, 1.15 an
 * alto), `effort` and `breath` from 0 to 1, `scoop` and `vibrato` in semitones, `wobble` 1 for a steady singer. A sound.
 */
export function sing(notes, settings = {}) {
  const {
    seconds = Math.max(...notes.map(({ at, length }) => at + length)) + 0.3,
    seed = 0,
    effort = 0.6,
    breath = 0.16,
  } = settings;
  const { size = 1.12, vibrato = 0.32, scoop = 1.2, wobble = 1, pan = 0, level = 1 } = settings;
  const next = random(seed + 43);
  const blocks = performance(notes, { seconds, seed, vibrato, scoop, wobble });
  const length = Math.round(seconds * RATE);
  const out = mouth(throat(blocks, next, { effort, breath, length }), blocks, size);
  consonants(out, notes, next);
  run(out, coefficients("highpass", 110));
  run(out, coefficients("bell", 3000, 0.8, 3));
  run(out, coefficients("high", 8000, 0.7, 4));
  return ended(panned(out, pan, 0.9 * level), 0.02);
}

export const voice = ({ note = 57, length = 0.8, vowel = "a", ...settings } = {}) =>
  sing([{ at: 0, note, length, vowel, onset: settings.onset }], { size: 1, ...settings });
