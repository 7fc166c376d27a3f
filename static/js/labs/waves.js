// Sound in air: wavelength, comb filter, adding levels, room modes.

import { fromDb, loop, matched, toDb } from "./engine.js";
import { minus } from "./lab.js";
import { loopOf, noiseBuffer, tone } from "./sounds.js";

export const SPEED = 343; // metres a second, at room temperature

export const wavelength = (hz) => SPEED / hz;
export const firstMode = (metres) => SPEED / (2 * metres);
export const firstNotch = (metres) => SPEED / (2 * metres); // half a wave farther

/** A sound and its copy from a source that is so many metres farther away, `level` decibels weaker. */
export function comb(context, { metres, level }) {
  const input = new GainNode(context);
  const output = new GainNode(context);
  const delay = new DelayNode(context, { delayTime: metres / SPEED });
  const copy = new GainNode(context, { gain: fromDb(level) });
  input.connect(output);
  input.connect(delay).connect(copy).connect(output);
  return { input, output, delay: delay.delayTime, level: copy.gain };
}

/** What the copy does to a frequency, in decibels. */
export function combAt(hz, { metres, level }) {
  const turn = (2 * Math.PI * hz * metres) / SPEED;
  return toDb(Math.max(1e-4, Math.hypot(1 + fromDb(level) * Math.cos(turn), fromDb(level) * Math.sin(turn))));
}

/** How much stronger two sources are than the first alone, in decibels. */
export const sumOf = (kind, level) =>
  kind === "same" ? toDb(1 + fromDb(level)) : 10 * Math.log10(1 + fromDb(level) ** 2);

const QUIET = fromDb(-26) * Math.sqrt(3); // white noise between −1 and 1 is 4.8 dB under full scale

/** Two sources of noise, the same or another. */
export function pair(context, { kind, level }) {
  const output = new GainNode(context, { gain: QUIET });
  const second = new GainNode(context, { gain: level === undefined ? 0 : fromDb(level) });
  for (const [seed, to] of [
    [1, output],
    [kind === "same" ? 1 : 2, second],
  ])
    loop(context, noiseBuffer({ seconds: 4, seed })).connect(to);
  second.connect(output);
  return { output, connect: (to) => output.connect(to), second: second.gain };
}

/** The level of the first mode: 1 at the walls, 0 in the middle; `place` goes from 0 to 1 along the room. */
export const pressure = (place) => Math.abs(Math.cos(Math.PI * place));

/** A tone at −20 dBFS, times `gain`. */
export function pure(context, { frequency, gain = 1 }) {
  const output = new GainNode(context, { gain: 0.1414 * gain });
  const source = tone(context, { frequency, length: 3600 });
  source.connect(output);
  return { output, connect: (to) => output.connect(to), frequency: source.frequency, gain: output.gain };
}

const DISTANCES = { 0.09: "9 cm", 0.17: "17 cm", 0.34: "34 cm", 0.69: "69 cm", 1.37: "137 cm" };

export const combTest = {
  name: "comb",
  levels: [0, -6, -12],
  pass: 7,
  options: DISTANCES,
  unit: (level) => minus(`a copy at ${level} dB`),
  async sounds(metres, level) {
    const buffer = await loopOf("pink");
    return [buffer, await matched(buffer, (context) => comb(context, { metres: Number(metres), level }))];
  },
};
