// A limiter that looks ahead: it turns down before a peak and comes back slowly, so that nothing is cut off.

import { RATE } from "./dsp.js";

const AHEAD = 0.003 * RATE;
const BACK = Math.exp(-1 / (0.08 * RATE));

/** The gain at each sample that keeps the channels at or under `top`; 1 where nothing is near it. */
export function reduction(channels, top) {
  const { length } = channels[0];
  const gain = new Float32Array(length).fill(1);
  for (let i = 0; i < length; i++) {
    let most = 0;
    for (const samples of channels) most = Math.max(most, Math.abs(samples[i]));
    if (most > top) gain[i] = top / most;
  }
  // Backwards the gain opens in a line, so that forwards it closes before the peak; then it comes back slowly.
  for (let i = length - 2; i >= 0; i--) gain[i] = Math.min(gain[i], gain[i + 1] + 1 / AHEAD);
  for (let i = 1; i < length; i++) gain[i] = Math.min(gain[i], 1 - BACK * (1 - gain[i - 1]));
  return gain;
}

/** The channels kept under `top`. In place. */
export function limit(channels, top) {
  const gain = reduction(channels, top);
  for (const samples of channels) for (let i = 0; i < samples.length; i++) samples[i] *= gain[i];
  return channels;
}
