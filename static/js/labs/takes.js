// Three takes of one sung part, the join between two of them, and the comp of all.

import { mono, once, RATE, rms, toDb } from "./engine.js";
import { MELODY, SIXTEENTH, SONG, sungLoop } from "./sounds.js";

// Each take: where its wrong notes are, in sixteenths; and how much later and higher it is, as no two takes are alike.
const FALSE = [
  [16, 27],
  [0, 16],
  [6, 23],
];
const OFF = [0, 0.15, 0.08]; // sixteenths, and semitones
export const NOTES = MELODY.length;

const TAKES = OFF.map((off, seed) =>
  once(async () => {
    const sung = MELODY.map(([at, note, ...rest]) => [
      at + off,
      note + off + (FALSE[seed].includes(at) ? 1 : 0),
      ...rest,
    ]);
    return mono(await sungLoop(sung, { seed }));
  }),
);

/** One of the three takes, made once. A promise of an AudioBuffer. */
export const take = (number) => TAKES[number]();

/** The gains of the two sides of a fade, with `x` from 0 to 1. */
export const fades = (x, shape) =>
  shape === "power" ? [Math.cos((Math.PI * x) / 2), Math.sin((Math.PI * x) / 2)] : [1 - x, x];

/** One sound until the cut and another from there, in arrays; `cut` is in seconds and `fade` in milliseconds. */
export function join(one, two, { cut, fade, shape }) {
  const length = (fade / 1000) * RATE;
  const first = cut * RATE - length / 2;
  const end = Math.min(one.length, Math.ceil(first + length));
  const joined = one.slice();
  joined.set(two.subarray(end), end);
  for (let i = Math.max(0, Math.ceil(first)); i < end; i++) {
    const [down, up] = fades((i - first) / length, shape);
    joined[i] = down * one[i] + up * two[i];
  }
  return joined;
}

/** The takes `lanes`, one after the other, joined at `cuts`. */
export const comp = (takes, { lanes, cuts, fade, shape }) =>
  cuts.reduce((joined, cut, i) => join(joined, takes[lanes[i + 1]], { cut, fade, shape }), takes[lanes[0]]);

/** Whether a join makes a step between samples that stands out from those of both takes there. */
function clicks(joined, takes, cut) {
  const steepest = (samples, reach) => {
    let most = 0;
    for (let i = Math.max(1, Math.round((cut - reach) * RATE)); i < (cut + reach) * RATE; i++)
      most = Math.max(most, Math.abs(samples[i] - samples[i - 1]) || 0);
    return most;
  };
  return steepest(joined, 0.001) > Math.max(0.01, ...takes.map((samples) => 1.5 * steepest(samples, 0.01)));
}

/** When each note of a take sounds: [sixteenth, from, to], in seconds. */
const sounding = (lane) =>
  MELODY.map(([at, , length]) => [at, ...[at, at + 0.86 * length].map((step) => (step + OFF[lane]) * SIXTEENTH)]);

/** What a comp is worth: the notes that are right, and of its cuts those within a note, and those that click. */
export function score(takes, settings, joined = comp(takes, settings)) {
  const { lanes, cuts } = settings;
  const wrong = lanes.flatMap((lane, i) =>
    sounding(lane)
      .filter(([at, from, to]) => FALSE[lane].includes(at) && from < (cuts[i] ?? SONG) && to > (cuts[i - 1] ?? 0))
      .map(([at]) => at),
  );
  const real = cuts.flatMap((cut, i) => {
    const both = lanes.slice(i, i + 2);
    return both[0] === both[1] ? [] : [{ cut, both }];
  });
  return {
    right: NOTES - new Set(wrong).size,
    cuts: real.length,
    held: real.filter(({ cut, both }) => both.some((lane) => sounding(lane).some(([, a, b]) => a < cut && cut < b)))
      .length,
    clicks: real.filter(({ cut, both }) =>
      clicks(
        joined,
        both.map((lane) => takes[lane]),
        cut,
      ),
    ).length,
  };
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
