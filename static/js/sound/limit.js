// A limiter that looks ahead: it turns down before a peak and comes back slowly, so that nothing is cut off.

import { RATE } from "./dsp.js";

const AHEAD = 0.003 * RATE;
const BACK = Math.exp(-1 / (0.08 * RATE));

/** The gain at each sample that keeps the channels at or under `top`; 1 where nothing is near it. */
export function reduction(channels, top) {
  const gain = new Float32Array(channels[0].length).fill(1);
  for (const samples of channels) {
    for (let i = 0; i < gain.length; i++) {
      const size = Math.abs(samples[i]);
      if (size * gain[i] > top) gain[i] = top / size;
    }
  }
  // Backwards the gain opens in a line, so that forwards it closes before the peak; then it comes back slowly.
  let open = 1;
  for (let i = gain.length - 1; i >= 0; i--) {
    open += 1 / AHEAD;
    if (gain[i] < open) open = gain[i];
    gain[i] = open;
  }
  for (let i = 0; i < gain.length; i++) {
    open = 1 - BACK * (1 - open);
    if (gain[i] < open) open = gain[i];
    gain[i] = open;
  }
  return gain;
}

/** The channels kept under `top`. In place. */
export function limit(channels, top) {
  const gain = reduction(channels, top);
  for (const samples of channels) for (let i = 0; i < samples.length; i++) samples[i] *= gain[i];
  return channels;
}
