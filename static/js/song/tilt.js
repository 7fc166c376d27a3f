// The balance of a finished record: from 125 Hz to 8 kHz each octave is 3 to 4.5 dB under the one below.

import { coefficients, RATE, runAll } from "../sound/dsp.js";
import { powerSpectrum } from "../sound/fft.js";

const OCTAVES = [125, 250, 500, 1000, 2000, 4000, 8000];
// As bright as that allows, and a little more where a phone plays best; so in decibels, octave by octave.
const BALANCE = [-1.9, -4.1, -5.8, -7.5, -9.9, -13.4, -17.4];
const SIZE = 8192;
const PIECES = 24;

function levels(channels) {
  const powers = OCTAVES.map(() => 1e-9);
  const hop = Math.floor((channels[0].length - SIZE) / PIECES);
  const octaves = Array.from({ length: SIZE / 2 }, (_, bin) => Math.round(Math.log2((bin * RATE) / SIZE / OCTAVES[0])));
  for (let piece = 0; piece < PIECES; piece++) {
    const bins = powerSpectrum(...channels.map((samples) => samples.subarray(piece * hop, piece * hop + SIZE)));
    for (let bin = 1; bin < bins.length; bin++) if (powers[octaves[bin]]) powers[octaves[bin]] += bins[bin];
  }
  return powers.map((power) => 10 * Math.log10(power));
}

/** The bells that bring a mix nearer to that balance: [[hertz, decibels], …]. A part of the way, so that songs still differ. */
export function tilt(channels) {
  const measured = levels(channels);
  const rest = measured.map((level, i) => level - BALANCE[i]);
  const middle = (Math.max(...rest) + Math.min(...rest)) / 2;
  return rest.flatMap((level, i) => {
    const off = level - middle;
    return Math.abs(off) > 0.7 ? [[OCTAVES[i], Math.max(-6, Math.min(6, -0.8 * off))]] : [];
  });
}

const DEEP = [90, 0.7, -5]; // what a phone cannot play must not take all the loudness

export const balance = (channels, bells) =>
  runAll(channels, [
    coefficients("low", ...DEEP),
    ...bells.map(([hertz, gain]) => coefficients("bell", hertz, 1.2, gain)),
  ]);
