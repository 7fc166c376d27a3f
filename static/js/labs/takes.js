// Two takes of one sung part, and the join between them.

import { mono, RATE, rms, toDb } from "./engine.js";
import { MELODY, sungLoop } from "./sounds.js";

const FALSE = [[27], [0]]; // where each take has its wrong note, in sixteenths

/** The second take is a little later and 15 cents higher, as no two takes are alike. A promise of two AudioBuffers. */
export const takes = () =>
  Promise.all(
    [0, 1].map(async (take) => {
      const sung = MELODY.map(([at, note, ...rest]) => [
        at + 0.15 * take,
        note + 0.15 * take + (FALSE[take].includes(at) ? 1 : 0),
        ...rest,
      ]);
      return mono(await sungLoop(sung, { seed: take }));
    }),
  );

/** The gains of the two sides of a fade, with `x` from 0 to 1. */
export const fades = (x, shape) =>
  shape === "power" ? [Math.cos((Math.PI * x) / 2), Math.sin((Math.PI * x) / 2)] : [1 - x, x];

/** One sound until the cut and another from there, in arrays; `cut` is in seconds and `fade` in milliseconds. */
export function join(one, two, { cut, fade, shape }) {
  const length = (fade / 1000) * RATE;
  const first = cut * RATE - length / 2;
  return one.map((sample, i) => {
    const x = length ? (i - first) / length : Number(i >= first);
    if (x <= 0) return sample;
    if (x >= 1) return two[i];
    const [down, up] = fades(x, shape);
    return down * sample + up * two[i];
  });
}

/** How much louder the middle of the join is than the two takes there, in decibels. */
export function swell(one, two, { cut, fade, shape }) {
  const half = (Math.max(fade, 5) / 6000) * RATE;
  const part = (samples) => rms(samples.subarray(Math.max(0, cut * RATE - half), cut * RATE + half));
  return toDb(part(join(one, two, { cut, fade, shape })) / Math.hypot(part(one), part(two))) + 10 * Math.log10(2);
}

/** A piece as a loop, faded at its ends so that only the join can click. */
export function piece(samples, from, to) {
  const cutting = samples.slice(Math.max(0, Math.round(from * RATE)), Math.round(to * RATE));
  const edge = 0.02 * RATE;
  const buffer = new AudioBuffer({ length: cutting.length, sampleRate: RATE });
  buffer.copyToChannel(
    cutting.map((sample, i) => sample * Math.min(1, i / edge, (cutting.length - 1 - i) / edge)),
    0,
  );
  return buffer;
}
