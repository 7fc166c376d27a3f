// Loudness as ITU-R BS.1770-4 measures it, in LUFS: filtered as the head and the ear do, in blocks, without the quiet ones.

import { RATE, runAll } from "./dsp.js";

// The two filters of the recommendation, at 48 kHz: the head, and the low end.
const HEAD = [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585];
const LOW = [1, -2, 1, -1.99004745483398, 0.99007225036621];
const STEP = 0.1 * RATE; // a block has four of these

/** K-weighted copies of the channels. */
export const weighted = (channels) =>
  runAll(
    channels.map((samples) => samples.slice()),
    [HEAD, LOW],
  );

const lufs = (power) => -0.691 + 10 * Math.log10(power);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The power of each step of 100 ms, summed over the channels. */
function steps(channels) {
  const count = Math.max(1, Math.floor(channels[0].length / STEP));
  const length = Math.min(STEP, channels[0].length);
  return Array.from({ length: count }, (_, step) => {
    let sum = 0;
    for (const samples of channels) {
      for (let i = step * STEP; i < step * STEP + length; i++) sum += samples[i] * samples[i];
    }
    return sum / length;
  });
}

/** The power of each 100 ms of one or two channels. A single channel counts as two alike, which is how it is played. */
export const powers = (channels) =>
  steps(weighted(channels)).map((power) => (channels.length === 1 ? 2 * power : power));

/** The loudness of one or two channels. */
export const loudness = (channels) => gated(powers(channels));

/** The loudness of what has these powers, one for each 100 ms. */
export function gated(powers) {
  const size = Math.min(4, powers.length);
  const blocks = powers.slice(size - 1).map((_, i) => mean(powers.slice(i, i + size)));
  const heard = blocks.filter((power) => lufs(power) > -70);
  if (heard.length === 0) return -Infinity;
  const gate = lufs(mean(heard)) - 10;
  return lufs(mean(heard.filter((power) => lufs(power) > gate)));
}

/** The gain that brings channels to a loudness. */
export const gainFor = (channels, level) => 10 ** ((level - loudness(channels)) / 20);
