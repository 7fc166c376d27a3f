// Sounds as files: 24-bit WAV at 48 kHz.

import { RATE } from "../sound/dsp.js";

/** The bytes of a stereo WAV file of a sound. */
export function wav([left, right]) {
  const size = left.length * 6;
  const bytes = new Uint8Array(44 + size);
  const view = new DataView(bytes.buffer);
  const text = (at, word) => {
    for (let i = 0; i < word.length; i++) view.setUint8(at + i, word.charCodeAt(i));
  };
  text(0, "RIFF");
  view.setUint32(4, 36 + size, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 2, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, 6 * RATE, true);
  view.setUint16(32, 6, true);
  view.setUint16(34, 24, true);
  text(36, "data");
  view.setUint32(40, size, true);
  let at = 44;
  for (let i = 0; i < left.length; i++) {
    for (const samples of [left, right]) {
      const value = Math.round(Math.max(-1, Math.min(1, samples[i])) * 0x7fffff);
      bytes[at++] = value & 255;
      bytes[at++] = (value >> 8) & 255;
      bytes[at++] = (value >> 16) & 255;
    }
  }
  return bytes;
}
