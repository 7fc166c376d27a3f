// Rooms: early reflections, then a tail whose treble dies first. And echoes from side to side.

import { filter, RATE, stereo } from "./dsp.js";
import { EARLY } from "./impulse.js";

const LINES = [1117, 1327, 1559, 1741, 1973, 2213, 2467, 2741]; // samples; no two have a common factor
/** The first copies of a sound from the walls of a room, `size` 1 being that of a small studio. Adds to `out`. */
function reflect([left, right], out, size, level, from) {
  for (const [ms, toLeft, toRight] of EARLY) {
    const late = Math.round((ms * size * RATE) / 1000) + from;
    for (let i = 0; i + late < out[0].length && i < left.length; i++) {
      out[0][i + late] += level * (toLeft * left[i] + toRight * 0.5 * right[i]);
      out[1][i + late] += level * (toRight * right[i] + toLeft * 0.5 * left[i]);
    }
  }
}

/** Eight delays that feed each other. Adds to `out`. */
function tail([left, right], out, { seconds, dark, size, from, level }) {
  const lines = LINES.map((length) => ({
    buffer: new Float32Array(Math.round(length * size)),
    at: 0,
    low: 0,
    gain: 0,
  }));
  for (const line of lines) line.gain = 10 ** ((-3 * line.buffer.length) / (RATE * seconds));
  const heard = new Float64Array(8);
  const span = left.length;
  for (let i = 0; i + from < out[0].length; i++) {
    const [x, y] = i < span ? [left[i], right[i]] : [0, 0];
    let sum = 0;
    for (let n = 0; n < 8; n++) {
      const line = lines[n];
      line.low += (1 - dark) * (line.buffer[line.at] - line.low);
      heard[n] = line.low;
      sum += heard[n];
    }
    sum *= 0.25;
    for (let n = 0; n < 8; n++) {
      const line = lines[n];
      line.buffer[line.at] = line.gain * (heard[n] - sum) + 0.35 * (n % 2 ? y : x);
      line.at = line.at + 1 === line.buffer.length ? 0 : line.at + 1;
    }
    out[0][i + from] += level * (heard[0] - heard[2] + heard[4] - heard[6] + 0.2 * (heard[1] - heard[5]));
    out[1][i + from] += level * (heard[1] - heard[3] + heard[5] - heard[7] + 0.2 * (heard[2] - heard[6]));
  }
}

/**
 * What a room adds to a sound, `length` seconds of it. `seconds` is how long 1 kHz takes to fall by 60 dB, `dark` from 0 to 0.6
 * how much faster treble falls, `gap` the delay of the tail in seconds.
 */
export function room(
  sound,
  { length, seconds = 1.2, dark = 0.35, size = 1, gap = 0.012, early = 0.5, level = 0.5 } = {},
) {
  const out = stereo(length ?? sound[0].length / RATE + seconds);
  const into = sound.map((samples) => filter(samples.slice(), "highpass", 180, 0.6));
  reflect(into, out, size, early, 0);
  tail(into, out, { seconds, dark, size, level, from: Math.round(gap * RATE) });
  return out;
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
