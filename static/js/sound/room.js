// Rooms: early reflections, then a tail whose treble dies first. And echoes from side to side.

import { filter, RATE, stereo } from "./dsp.js";
import { EARLY } from "./impulse.js";

const LINES = [1117, 1327, 1559, 1741, 1973, 2213, 2467, 2741]; // samples; no two have a common factor
/** Sounds at their levels together, and every second sample of them: nobody misses the treble of a room. */
function halved(sends, channel, length) {
  const out = new Float32Array(length);
  for (const [sound, level] of sends) {
    const samples = sound[channel];
    const end = Math.min(length, samples.length >> 1);
    for (let i = 0; i < end; i++) out[i] += 0.5 * level * (samples[2 * i] + samples[2 * i + 1]);
  }
  return out;
}

function doubled(samples, length) {
  const out = new Float32Array(length);
  for (let i = 0; i < samples.length; i++) {
    out[2 * i] = samples[i];
    out[2 * i + 1] = 0.5 * (samples[i] + (samples[i + 1] ?? 0));
  }
  return out;
}

/** The first copies of a sound from the walls of a room, `size` 1 being that of a small studio. Adds to `out`. */
function reflect([left, right], [toLeft, toRight], size, level) {
  for (const [ms, atLeft, atRight] of EARLY) {
    const late = Math.round((ms * size * RATE) / 2000);
    const [one, two] = [level * atLeft, level * atRight];
    const end = Math.min(left.length, toLeft.length - late);
    for (let i = 0; i < end; i++) {
      const [x, y] = [one * left[i], two * right[i]];
      toLeft[i + late] += x + 0.5 * y;
      toRight[i + late] += y + 0.5 * x;
    }
  }
}

/** Eight delays that feed each other, as one array with eight places in it. Adds to `out`. */
function tail([left, right], [toLeft, toRight], { seconds, dark, size, from, level }) {
  const lengths = LINES.map((length) => Math.round(0.5 * length * size));
  const gains = Float64Array.from(lengths, (length) => 10 ** ((-6 * length) / (RATE * seconds)));
  // Their lines lie in one array, each from its `first` to its `last`.
  const last = Int32Array.from(lengths, (_, n) => lengths.slice(0, n + 1).reduce((sum, length) => sum + length));
  const first = last.map((end, n) => end - lengths[n]);
  const at = first.slice();
  const lines = new Float32Array(last[7]);
  const low = new Float64Array(8);
  for (let i = 0; i + from < toLeft.length; i++) {
    const [x, y] = i < left.length ? [0.35 * left[i], 0.35 * right[i]] : [0, 0];
    let sum = 0;
    for (let n = 0; n < 8; n++) {
      low[n] = dark * low[n] + (1 - dark) * lines[at[n]];
      sum += low[n];
    }
    sum *= 0.25;
    for (let n = 0; n < 8; n++) {
      lines[at[n]] = gains[n] * (low[n] - sum) + (n % 2 ? y : x);
      at[n] = at[n] + 1 === last[n] ? first[n] : at[n] + 1;
    }
    toLeft[i + from] += level * (low[0] - low[2] + low[4] - low[6] + 0.2 * (low[1] - low[5]));
    toRight[i + from] += level * (low[1] - low[3] + low[5] - low[7] + 0.2 * (low[2] - low[6]));
  }
}

/**
 * What a room adds to sounds, `length` seconds of it; `sends` are [sound, level]. `seconds` is how long 1 kHz takes to fall by 60 dB, `dark` from 0 to 0.6
 * how much faster treble falls, `gap` the delay of the tail in seconds.
 */
export function room(sends, settings = {}) {
  const { seconds = 1.2, dark = 0.2, size = 1, gap = 0.012, early = 0.5, level = 0.5 } = settings;
  const length = Math.round((settings.length ?? sends[0][0][0].length / RATE + seconds) * RATE);
  const out = [0, 1].map(() => new Float32Array(length >> 1));
  // 180 Hz, at half the rate.
  const into = [0, 1].map((channel) => filter(halved(sends, channel, length >> 1), "highpass", 2 * 180, 0.6));
  reflect(into, out, size, early);
  tail(into, out, { seconds, dark, size, level, from: Math.round((gap * RATE) / 2) });
  return out.map((samples) => doubled(samples, length));
}

/** Echoes that go from side to side, each duller than the one before. */
export function pingPong([left, right], { length, seconds = 0.35, feedback = 0.4, level = 0.4 } = {}) {
  const out = stereo(length ?? left.length / RATE + 6 * seconds);
  const [toLeft, toRight] = out;
  const late = Math.round(seconds * RATE);
  let [one, two] = [0, 0];
  for (let i = late; i < toLeft.length; i++) {
    const from = i - late;
    const x = from < left.length ? 0.5 * level * (left[from] + right[from]) : 0;
    one += 0.45 * (x + feedback * toRight[from] - one);
    two += 0.45 * (toLeft[from] - two);
    toLeft[i] = one;
    toRight[i] = 0.9 * two;
  }
  return out;
}
