// The arithmetic of sound: pure, no Web Audio, so that it runs anywhere. A sound is [left, right], two Float32Arrays at 48 kHz.

export const RATE = 48000;

export const hz = (note) => 440 * 2 ** ((note - 69) / 12); // of a MIDI number
export const fromDb = (db) => 10 ** (db / 20);
export const toDb = (ratio) => 20 * Math.log10(ratio);

export const silence = (seconds) => new Float32Array(Math.round(seconds * RATE));
export const stereo = (seconds) => [silence(seconds), silence(seconds)];

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A value near 1, at most `spread` away: no two hits are alike, and yet the same seed repeats them. */
export const near = (next, spread) => 1 + spread * (2 * next() - 1);

/** The samples of a function of seconds. */
export function wave(seconds, at) {
  const samples = silence(seconds);
  for (let i = 0; i < samples.length; i++) samples[i] = at(i / RATE, i);
  return samples;
}

export function white(seconds, next) {
  const samples = silence(seconds);
  for (let i = 0; i < samples.length; i++) samples[i] = 2 * next() - 1;
  return samples;
}

/** A soft limit near 1 (tanh, to half a per cent). */
export function soft(x) {
  if (x > 3) return 1;
  if (x < -3) return -1;
  return (x * (27 + x * x)) / (27 + 9 * x * x);
}

/** What takes the corner out of a sawtooth or square, so that it does not alias; `phase` goes from 0 to 1 in steps of `step`. */
export function blep(phase, step) {
  if (phase < step) {
    const t = phase / step;
    return t + t - t * t - 1;
  }
  if (phase > 1 - step) {
    const t = (phase - 1) / step;
    return t * t + t + t + 1;
  }
  return 0;
}

// Tables, read between their points: several times faster than Math.sin and Math.exp, and the same in every browser.
const SINES = Float32Array.from({ length: 4097 }, (_, i) => Math.sin((2 * Math.PI * i) / 4096));
const FALLS = Float32Array.from({ length: 8193 }, (_, i) => Math.exp(-i / 512));

export function sine(turns) {
  const place = (turns - Math.floor(turns)) * 4096;
  const i = place | 0;
  return SINES[i] + (place - i) * (SINES[i + 1] - SINES[i]);
}

/** exp(−x), for x from 0 on. */
export function down(x) {
  if (x >= 16) return 0;
  const place = x * 512;
  const i = place | 0;
  return FALLS[i] + (place - i) * (FALLS[i + 1] - FALLS[i]);
}

/** What a level is multiplied by at each sample to fall as `down` does in so many seconds. */
export const decay = (seconds) => Math.exp(-1 / (seconds * RATE));

/** Falls by 60 dB in so many seconds. */
export const fall = (t, seconds) => down((6.9078 * t) / seconds);

// Second-order filters as in the Audio EQ Cookbook of R. Bristow-Johnson: [b0, b1, b2, a0, a1, a2].
const KINDS = {
  lowpass: (cos, alpha) => [(1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha],
  highpass: (cos, alpha) => [(1 + cos) / 2, -1 - cos, (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha],
  bandpass: (cos, alpha) => [alpha, 0, -alpha, 1 + alpha, -2 * cos, 1 - alpha],
  bell: (cos, alpha, a) => [1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a],
  low: (cos, alpha, a) => shelf(cos, alpha, a, 1),
  high: (cos, alpha, a) => shelf(cos, alpha, a, -1),
};

function shelf(cos, alpha, a, side) {
  const root = 2 * Math.sqrt(a) * alpha;
  const [up, down] = [a + 1, (a - 1) * side];
  return [
    a * (up - down * cos + root),
    2 * a * side * (a - 1 - up * side * cos),
    a * (up - down * cos - root),
    up + down * cos + root,
    -2 * side * (a - 1 + up * side * cos),
    up + down * cos - root,
  ];
}

export function coefficients(kind, frequency, q = Math.SQRT1_2, gain = 0) {
  const w = (2 * Math.PI * Math.min(frequency, 0.49 * RATE)) / RATE;
  const [b0, b1, b2, a0, a1, a2] = KINDS[kind](Math.cos(w), Math.sin(w) / (2 * q), 10 ** (gain / 40));
  return [b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0];
}

/** Filters samples in place, and returns them. */
export function run(samples, [b0, b1, b2, a1, a2]) {
  let [s1, s2] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i];
    const y = b0 * x + s1;
    s1 = b1 * x + s2 - a1 * y;
    s2 = b2 * x - a2 * y;
    samples[i] = y;
  }
  return samples;
}

export const filter = (samples, kind, frequency, q, gain) => run(samples, coefficients(kind, frequency, q, gain));

/** Two filters over both sides, in place: side by side they take less time than one after the other. */
function runFour([left, right], [b0, b1, b2, a1, a2], [d0, d1, d2, c1, c2]) {
  let [s1, s2, t1, t2, u1, u2, v1, v2] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < left.length; i++) {
    const [x, w] = [left[i], right[i]];
    const y = b0 * x + s1;
    const z = b0 * w + t1;
    s1 = b1 * x + s2 - a1 * y;
    t1 = b1 * w + t2 - a1 * z;
    s2 = b2 * x - a2 * y;
    t2 = b2 * w - a2 * z;
    const p = d0 * y + u1;
    const q = d0 * z + v1;
    u1 = d1 * y + u2 - c1 * p;
    v1 = d1 * z + v2 - c1 * q;
    u2 = d2 * y - c2 * p;
    v2 = d2 * z - c2 * q;
    left[i] = p;
    right[i] = q;
  }
}

const OPEN = [1, 0, 0, 0, 0];

/** One or two channels through filters, each given by its coefficients. In place. */
export function runAll(channels, filters) {
  const [left, right = new Float32Array(left.length)] = channels;
  for (let i = 0; i < filters.length; i += 2) runFour([left, right], filters[i], filters[i + 1] ?? OPEN);
  return channels;
}

/** A low-pass whose cutoff moves (a state-variable filter); `cutoff(seconds)` is asked every 16 samples. In place. */
export function closing(samples, cutoff, q = 0.7) {
  let [one, two, a1, a2, a3] = [0, 0, 0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    if (i % 16 === 0) {
      const g = Math.tan(Math.PI * Math.min(0.45, cutoff(i / RATE) / RATE));
      a1 = 1 / (1 + g * (g + 1 / q));
      a2 = g * a1;
      a3 = g * a2;
    }
    const v3 = samples[i] - two;
    const v1 = a1 * one + a2 * v3;
    const v2 = two + a2 * one + a3 * v3;
    one = 2 * v1 - one;
    two = 2 * v2 - two;
    samples[i] = v2;
  }
  return samples;
}

function lay(out, samples, from, gain) {
  const end = Math.min(samples.length, out.length - from);
  for (let i = Math.max(0, -from); i < end; i++) out[from + i] += gain * samples[i];
}

/** Adds a sound to another from a time in seconds on; what is over its end is left out. */
export function add(to, from, at = 0, gain = 1) {
  const first = Math.round(at * RATE);
  for (const channel of [0, 1]) lay(to[channel], from[channel], first, gain);
  return to;
}

/** Adds samples to a sound at a place from −1 (left) to 1 (right), at constant power. */
export function place(to, samples, { pan = 0, at = 0, gain = 1 } = {}) {
  const angle = ((pan + 1) * Math.PI) / 4;
  for (const [channel, share] of [Math.cos(angle), Math.sin(angle)].entries()) {
    lay(to[channel], samples, Math.round(at * RATE), Math.SQRT2 * share * gain);
  }
  return to;
}

/** A sound of samples at a place. */
export const panned = (samples, pan = 0, gain = 1) =>
  place([new Float32Array(samples.length), new Float32Array(samples.length)], samples, { pan, gain });

/** Multiplies samples by a function of seconds. In place. */
export function shape(samples, at) {
  for (let i = 0; i < samples.length; i++) samples[i] *= at(i / RATE);
  return samples;
}

export function scale(samples, gain) {
  for (let i = 0; i < samples.length; i++) samples[i] *= gain;
  return samples;
}

/** The largest sample of all channels. */
export function peakOf(channels) {
  let most = 0;
  for (const samples of channels) {
    for (let i = 0; i < samples.length; i++) {
      const size = Math.abs(samples[i]);
      if (size > most) most = size;
    }
  }
  return most;
}

/** A sound with its last samples faded, so that it ends without a click. */
export function ended(sound, seconds = 0.005) {
  const length = Math.round(seconds * RATE);
  for (const samples of sound) {
    const from = Math.max(0, samples.length - length);
    for (let i = from; i < samples.length; i++) samples[i] *= (samples.length - i) / length;
  }
  return sound;
}
