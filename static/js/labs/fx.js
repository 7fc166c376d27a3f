// Copies of a sound that come later: echoes, a room, a second player, a moving comb; and "which is it?".

import { chain, fromDb, matched, RATE, render, start } from "./engine.js";
import { minus } from "./lab.js";
import { BPM, loopOf, noiseBuffer, SONG } from "./sounds.js";

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

// The extra delay of a feedback loop: one block in some browsers, none in others.
let lag = 0;

export function echo(context, settings) {
  const delay = new DelayNode(context, { maxDelayTime: 2 });
  const again = new DelayNode(context, { maxDelayTime: 2 });
  const back = new GainNode(context);
  const all = new GainNode(context);
  delay.connect(all).connect(back).connect(again).connect(all);
  return beside(context, delay, all, settings, (next, put) => {
    put(delay.delayTime, lateness(next) / 1000);
    put(again.delayTime, lateness(next) / 1000 - lag);
    put(back.gain, next.feedback / 100);
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

/** Soft noise that falls by 60 dB in so many seconds, and has the energy of one sample of 1. */
export function tail(seconds) {
  const buffer = noiseBuffer({ seconds, seed: 5 });
  const samples = buffer.getChannelData(0);
  let soft = 0;
  let energy = 0;
  for (let i = 0; i < samples.length; i++) {
    soft += 0.4 * (samples[i] - soft);
    samples[i] = soft * 10 ** ((-3 * i) / (seconds * RATE));
    energy += samples[i] ** 2;
  }
  for (let i = 0; i < samples.length; i++) samples[i] /= Math.sqrt(energy);
  return buffer;
}

export function reverb(context, settings) {
  const gap = new DelayNode(context);
  const last = new GainNode(context);
  let room;
  let length;
  return beside(context, gap, last, settings, (next, put) => {
    put(gap.delayTime, next.gap / 1000);
    if (next.seconds === length) return;
    // The old room gets no more input, and its tail ends.
    if (room) gap.disconnect(room);
    length = next.seconds;
    room = new ConvolverNode(context, { buffer: tail(length), disableNormalization: true });
    gap.connect(room).connect(last);
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
