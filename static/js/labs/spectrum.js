// The drawing of a spectrum: 20 Hz to 20 kHz in 280 units, and what can be heard there.

import { toDb } from "./engine.js";
import { line } from "./panel.js";

/** So many frequencies, evenly spaced by ear. */
export const frequencies = (count) => Float32Array.from({ length: count }, (_, i) => 20 * 1000 ** (i / (count - 1)));

export const atHz = (hz) => 30 + (280 * Math.log(hz / 20)) / Math.log(1000);

export const hzAt = (x) => 20 * 1000 ** ((x - 30) / 280);

/** The path of a curve; `at` gives y for each of the frequencies. */
export const curve = (hertz, at) => line(Array.from(hertz, (hz, i) => [atHz(hz), at(hz, i)]));

/** The path of an area over the ground line. */
export const area = (hertz, at, ground) => `${curve(hertz, at)}V${ground}H30Z`;

/** The level of what is heard at each of the frequencies, in decibels; +3 an octave, so that pink noise is level. */
export function spectrum(analyser, hertz) {
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const perBin = analyser.context.sampleRate / analyser.fftSize;
  return Array.from(hertz, (hz, i) => {
    const last = Math.max(Math.ceil(hz / perBin), Math.floor((hertz[i + 1] ?? hz) / perBin));
    const db = Math.max(...bins.subarray(Math.floor(hz / perBin), last + 1));
    return Math.max(-120, db + 3 * Math.log2(hz / 1000));
  });
}

/** The gain of a filter at each of the frequencies, in decibels. */
export function response(filter, hertz) {
  const ratios = new Float32Array(hertz.length);
  filter.getFrequencyResponse(hertz, ratios, new Float32Array(hertz.length));
  return Array.from(ratios, toDb);
}
