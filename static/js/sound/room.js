// Rooms: early reflections, then a tail whose treble dies first. And echoes from side to side.

import { filter, RATE, stereo } from "./dsp.js";
import { EARLY } from "./impulse.js";

const LINES = [1117, 1327, 1559, 1741, 1973, 2213, 2467, 2741]; // samples; no two have a common factor
/** Every second sample, for a room whose treble nobody misses: half the work. */
function halved(samples) {
  const out = new Float32Array(samples.length >> 1);
  for (let i = 0; i < out.length; i++) out[i] = 0.5 * (samples[2 * i] + samples[2 * i + 1]);
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
function reflect([left, right], out, size, level) {
  for (const [ms, toLeft, toRight] of EARLY) {
    const late = Math.round((ms * size * RATE) / 2000);
    const [one, two] = [level * toLeft, level * toRight];
    const end = Math.min(left.length, out[0].length - late);
    for (let i = 0; i < end; i++) {
      const [x, y] = [left[i], right[i]];
      out[0][i + late] += one * x + 0.5 * two * y;
      out[1][i + late] += two * y + 0.5 * one * x;
    }
  }
}

/** Eight delays that feed each other, as one array with eight places in it. Adds to `out`. */
function tail([left, right], out, { seconds, dark, size, from, level }) {
  const lengths = Int32Array.from(LINES, (length) => Math.round(0.5 * length * size));
  const gains = Float64Array.from(lengths, (length) => 10 ** ((-6 * length) / (RATE * seconds)));
  const lines = Array.from(lengths, (length) => new Float32Array(length));
  const [at, low] = [new Int32Array(8), new Float64Array(8)];
  for (let i = 0; i + from < out[0].length; i++) {
    const [x, y] = i < left.length ? [0.35 * left[i], 0.35 * right[i]] : [0, 0];
    let sum = 0;
    for (let n = 0; n < 8; n++) {
      low[n] += (1 - dark) * (lines[n][at[n]] - low[n]);
      sum += low[n];
    }
    sum *= 0.25;
    for (let n = 0; n < 8; n++) {
      lines[n][at[n]] = gains[n] * (low[n] - sum) + (n % 2 ? y : x);
      at[n] = at[n] + 1 === lengths[n] ? 0 : at[n] + 1;
    }
    out[0][i + from] += level * (low[0] - low[2] + low[4] - low[6] + 0.2 * (low[1] - low[5]));
    out[1][i + from] += level * (low[1] - low[3] + low[5] - low[7] + 0.2 * (low[2] - low[6]));
  }
}

/**
 * What a room adds to a sound, `length` seconds of it. `seconds` is how long 1 kHz takes to fall by 60 dB, `dark` from 0 to 0.6
 * how much faster treble falls, `gap` the delay of the tail in seconds.
 */
export function room(sound, settings = {}) {
  const { seconds = 1.2, dark = 0.2, size = 1, gap = 0.012, early = 0.5, level = 0.5 } = settings;
  const length = Math.round((settings.length ?? sound[0].length / RATE + seconds) * RATE);
  const out = [0, 1].map(() => new Float32Array(length >> 1));
  const into = sound.map((samples) => filter(halved(samples), "highpass", 2 * 180, 0.6)); // 180 Hz at half the rate
  reflect(into, out, size, early);
  tail(into, out, { seconds, dark, size, level, from: Math.round((gap * RATE) / 2) });
  return out.map((samples) => doubled(samples, length));
}

/** Echoes that go from side to side, each duller than the one before. */
export function pingPong([left, right], { length, seconds = 0.35, feedback = 0.4, level = 0.4 } = {}) {
  const out = stereo(length ?? left.length / RATE + 6 * seconds);
  const late = Math.round(seconds * RATE);
  let [one, two] = [0, 0];
  for (let i = late; i < out[0].length; i++) {
    const from = i - late;
    const x = from < left.length ? 0.5 * (left[from] + right[from]) : 0;
    one += 0.45 * (x + feedback * out[1][from] - one);
    two += 0.45 * (out[0][from] - two);
    out[0][i] = one;
    out[1][i] = two * 0.9;
  }
  for (const samples of out) for (let i = 0; i < samples.length; i++) samples[i] *= level;
  return out;
}
