// Copies of a sound that come later: echoes, a room, a second player, a moving comb; and "which is it?".

import { impulse } from "../sound/impulse.js";
import { bufferOf, chain, fromDb, matched, RATE, ramp, render, start } from "./engine.js";
import { minus } from "./lab.js";
import { BPM, loopOf, SONG } from "./sounds.js";

const GLIDE = 0.03; // seconds: a delay that moves faster chirps

/** How late a part of a beat is, in milliseconds. */
export const lateness = ({ bpm, note }) => (60000 / bpm) * note;

/** The dry sound and the wet one, which runs from `first` to `last`; `mix` is the level of the wet one in decibels. */
function beside(context, first, last, settings, apply) {
  const input = new GainNode(context);
  const output = new GainNode(context);
  const wet = new GainNode(context);
  input.connect(output);
  input.connect(first);
  last.connect(wet).connect(output);
  const set = (next, put) => {
    put(wet.gain, fromDb(next.mix));
    apply(next, put);
  };
  set(settings, (param, value) => {
    param.value = value;
  });
  return {
    input,
    output,
    set: (next) => set(next, (param, value) => param.setTargetAtTime(value, context.currentTime, GLIDE)),
  };
}

/**
 * Replaces what is between two nodes without a click: swap(make) fades the old one out and the new one in. `make(input)`
 * returns the last node of the new one.
 */
function swapper(context, first, last) {
  let old;
  return (make) => {
    const [into, out] = [new GainNode(context), new GainNode(context, { gain: old ? 0 : 1 })];
    first.connect(into);
    make(into).connect(out).connect(last);
    if (old) {
      const [goes, leaves] = old;
      ramp(context, out.gain, 1);
      ramp(context, leaves.gain, 0);
      first.disconnect(goes);
      setTimeout(() => leaves.disconnect(), 200);
    }
    old = [into, out];
  };
}

// The extra delay of a feedback loop: one block in some browsers, none in others.
let lag = 0;

/** Echoes, the first after `late` seconds. Another time is another loop: a delay whose time glides chirps. */
export function echo(context, settings) {
  const [first, last] = [new GainNode(context), new GainNode(context)];
  const swap = swapper(context, first, last);
  const back = start(new ConstantSourceNode(context, { offset: 0 }));
  let late;
  return beside(context, first, last, settings, (next, put) => {
    put(back.offset, next.feedback / 100);
    if (lateness(next) / 1000 === late) return;
    late = lateness(next) / 1000;
    swap((input) => {
      const delay = new DelayNode(context, { maxDelayTime: 2, delayTime: late });
      const again = new DelayNode(context, { maxDelayTime: 2, delayTime: late - lag });
      const returns = new GainNode(context, { gain: 0 });
      const all = new GainNode(context);
      back.connect(returns.gain);
      input.connect(delay).connect(all).connect(returns).connect(again).connect(all);
      return all;
    });
  });
}

// Measured on a click with echoes 256 samples apart: how late its second echo is.
lag =
  (
    await render(690 / RATE, (context) => {
      const buffer = new AudioBuffer({ length: 2, sampleRate: RATE });
      buffer.copyToChannel(Float32Array.of(1), 0);
      const source = start(new AudioBufferSourceNode(context, { buffer }));
      return chain(source, echo(context, { bpm: 60, note: 256 / RATE, feedback: 100, mix: 0 }));
    })
  )
    .getChannelData(0)
    .findLastIndex((sample) => sample > 0.4) /
    RATE -
  512 / RATE;

const tails = new Map();

/** The tail of a room that falls by 60 dB in so many seconds; the last few are kept. */
export function tail(seconds) {
  if (tails.size > 3 && !tails.has(seconds)) tails.delete(tails.keys().next().value);
  if (!tails.has(seconds)) tails.set(seconds, bufferOf(impulse(seconds)));
  return tails.get(seconds);
}

export function reverb(context, settings) {
  const gap = new DelayNode(context);
  const last = new GainNode(context);
  const swap = swapper(context, gap, last);
  let length;
  return beside(context, gap, last, settings, (next, put) => {
    put(gap.delayTime, next.gap / 1000);
    if (next.seconds === length) return;
    length = next.seconds;
    swap((input) => input.connect(new ConvolverNode(context, { buffer: tail(length), disableNormalization: true })));
  });
}

/** One copy whose delay sways around a middle: a chorus or, with less delay, a flanger. In milliseconds. */
export function sweep(context, settings) {
  const delay = new DelayNode(context, { maxDelayTime: 0.1 });
  const depth = new GainNode(context);
  const lfo = start(new OscillatorNode(context));
  lfo.connect(depth).connect(delay.delayTime);
  return beside(context, delay, delay, settings, (next, put) => {
    put(delay.delayTime, next.middle / 1000);
    put(depth.gain, next.depth / 1000);
    put(lfo.frequency, next.rate);
  });
}

export const EFFECTS = { delay: echo, reverb, chorus: sweep, flanger: sweep };

export const SETTINGS = {
  delay: { bpm: BPM, note: 0.75, feedback: 50, mix: -6 },
  reverb: { seconds: 1.8, gap: 20, mix: -3 },
  // Whole turns in a loop, so that it repeats without a seam.
  chorus: { middle: 25, depth: 2.5, rate: 4 / SONG, mix: 0 },
  flanger: { middle: 5.5, depth: 4.5, rate: 1 / SONG, mix: 0 },
};

const SOURCES = ["keys", "lead", "voice"];

export const whichTest = {
  name: "which",
  levels: [0, -6, -12],
  pass: 8,
  options: { chorus: "Chorus", flanger: "Flanger", reverb: "Reverb" },
  unit: (level) => minus(`an effect level of ${level} dB`),
  async sounds(answer, level, next) {
    const buffer = await loopOf(SOURCES[Math.floor(next() * SOURCES.length)]);
    const settings = { ...SETTINGS[answer], seconds: 1 + next(), mix: level };
    return [buffer, await matched(buffer, (context) => EFFECTS[answer](context, settings))];
  },
};
