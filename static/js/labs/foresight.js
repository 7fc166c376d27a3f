// The gain that will bring an effect back to its loudness, at once: a measurement takes longer than a control takes to move.

import { powerSpectrum } from "../sound/fft.js";
import { gated, weighted } from "../sound/loudness.js";
import { channels, fromDb, RATE, toDb } from "./engine.js";

/** foresight(effect)(buffer) is that gain: exact for a filter, near for a compressor. `effect(context)` builds one of them. */
export function foresight(effect) {
  return (buffer) => {
    const built = effect(new OfflineAudioContext(1, 1, RATE)); // a new one, since one that never runs never frees a node
    if (built instanceof BiquadFilterNode) return filterGain(built, spectrumOf(buffer));
    return fromDb(-makeUpOf(built)) * squeezeGain(built.input, levelsOf(buffer));
  };
}

const makeUpOf = ({ output, input }) =>
  toDb(output.gain.value) - 0.6 * input.threshold.value * (1 - 1 / input.ratio.value);

/** What each buffer was found to have, found once. */
function kept(find) {
  const all = new WeakMap();
  return (buffer) => all.get(buffer) ?? all.set(buffer, find(buffer)).get(buffer);
}

const BANDS = 240; // from 20 Hz to 20 kHz
const BAND_HERTZ = Float32Array.from({ length: BANDS }, (_, i) => 20 * 1000 ** (i / (BANDS - 1)));
const SIZE = 8192;

/** The K-weighted power of a buffer in narrow bands. */
const spectrumOf = kept((buffer) => {
  const bands = new Float32Array(BANDS);
  const sides = weighted(channels(buffer));
  for (let from = 0; from + SIZE <= buffer.length; from += SIZE) {
    const powers = powerSpectrum(...sides.map((samples) => samples.subarray(from, from + SIZE)));
    for (let bin = 4; bin < powers.length; bin++) {
      const band = Math.round(((BANDS - 1) * Math.log((bin * RATE) / SIZE / 20)) / Math.log(1000));
      if (band >= 0 && band < BANDS) bands[band] += powers[bin];
    }
  }
  return bands;
});

function filterGain(filter, powers) {
  const gains = new Float32Array(BANDS);
  filter.getFrequencyResponse(BAND_HERTZ, gains, new Float32Array(BANDS));
  let [before, after] = [0, 0];
  for (let i = 0; i < BANDS; i++) {
    before += powers[i];
    after += powers[i] * gains[i] ** 2;
  }
  return Math.sqrt(before / Math.max(after, 1e-12));
}

const STEP = 32; // samples from one look of a browser’s compressor to the next
const LATE = 9; // steps that the sound comes after the look
const BLOCK = 150; // steps of 100 ms

/** For each step of a loop the peak, and the K-weighted power. */
const levelsOf = kept((buffer) => {
  const [plain, heard] = [channels(buffer), weighted(channels(buffer))];
  const count = Math.floor(buffer.length / STEP);
  const [peaks, powers] = [new Float32Array(count), new Float32Array(count)];
  for (let i = 0; i < count * STEP; i++) {
    const step = Math.floor(i / STEP);
    for (const samples of plain) peaks[step] = Math.max(peaks[step], Math.abs(samples[i]));
    for (const samples of heard) powers[step] += samples[i] ** 2;
  }
  return { peaks, powers };
});

/** What the loudness of a loop loses in a compressor, as the gain that brings it back. */
function squeezeGain(compressor, { peaks, powers }) {
  const gainAt = follower(compressor);
  const count = Math.floor(peaks.length / BLOCK);
  const [before, after] = [new Array(count).fill(0), new Array(count).fill(0)];
  for (const peak of peaks) gainAt(peak); // the first time round, so that it has settled
  for (let i = 0; i < count * BLOCK; i++) {
    const block = Math.floor(i / BLOCK);
    const power = powers[(i - LATE + powers.length) % powers.length] / (BLOCK * STEP);
    before[block] += power;
    after[block] += power * gainAt(peaks[i]) ** 2;
  }
  return fromDb(gated(before) - gated(after));
}

// How the release of a compressor depends on how far it has to go: polynomials from Blink, which all browsers share.
const RELEASES = [
  [1, 0, 0, 0],
  [-1.5788320352845888, 2.3305837032074286, -0.9141194204840429, 0.1623677525612032],
  [0.5334142869106424, -1.272736789213631, 0.9258856042207512, -0.18656310191776226],
  [0.08783463138207234, -0.1694162967925622, 0.08588057951595272, -0.00429891410546283],
  [-0.042416883008123074, 0.1115693827987602, -0.09764676325265872, 0.028494263462021576],
].map((row) => row.reduce((sum, factor, i) => sum + factor * [0.09, 0.16, 0.42, 0.98][i], 0));

/** The compressor of a browser, without knee and make-up gain: each peak of a step gives the gain of that step. */
function follower({ threshold, ratio, attack, release }) {
  const [top, slope] = [fromDb(threshold.value), 1 / ratio.value - 1];
  const [attackSteps, releaseSteps] = [attack, release].map(({ value }) => (Math.max(0.001, value) * RATE) / STEP);
  let [detected, gain, most] = [1, 1, -1];
  const closing = (difference) => {
    most = Math.max(most, difference);
    return (0.25 / Math.max(0.5, most)) ** (1 / attackSteps);
  };
  const opening = (difference) => {
    most = -1;
    const x = 0.25 * (Math.max(-12, difference) + 12);
    const steps = releaseSteps * RELEASES.reduce((sum, factor, i) => sum + factor * x ** i, 0);
    return Math.min(1, gain * fromDb(5 / steps));
  };
  return (peak) => {
    const wanted = (2 / Math.PI) * Math.asin(detected);
    const difference = toDb(gain / wanted);
    gain = wanted > gain ? opening(difference) : wanted + (gain - wanted) * closing(difference);
    const squeezed = peak > top ? (peak / top) ** slope : 1;
    const rate = fromDb(Math.max(2, -toDb(squeezed)) / 120) - 1;
    detected = squeezed < detected ? squeezed : squeezed + (detected - squeezed) * (1 - rate) ** STEP;
    return Math.sin((Math.PI / 2) * gain);
  };
}
