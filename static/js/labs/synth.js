// A synthesiser with one voice: an oscillator, a low-pass filter, one envelope for level and filter, and an LFO.

import { ramp, render, renderLoop, start, working } from "./engine.js";
import { hz, SIXTEENTH } from "./sounds.js";

/** Hertz, decibels, octaves, milliseconds and cents; `sustain` is a part of full level. */
export const INIT = {
  wave: "sawtooth",
  cutoff: 12000,
  resonance: 0,
  amount: 0,
  attack: 4,
  decay: 300,
  sustain: 1,
  release: 120,
  rate: 5,
  depth: 0,
  aim: "filter",
  notes: "riff",
};

const BAR = 16 * SIXTEENTH;
const notes = (length, list) => ({
  length: length * SIXTEENTH,
  list: list.map(([note, gap]) => [note, gap * SIXTEENTH]),
});
export const NOTES = {
  // { length, list: [[note, seconds until the next], …] }
  riff: notes(2, [
    [45, 3],
    [57, 3],
    [52, 2],
    [48, 3],
    [60, 3],
    [55, 2],
  ]),
  held: notes(11, [[45, 16]]),
};

/**
 * The envelope of a note `t` seconds after its start. It rises in a line from where the last note left it, and falls in
 * curves that have gone 95 % of their way after the time of the decay or the release.
 */
export function contour({ attack, decay, sustain, release, length, from = 0 }, t) {
  const rise = attack / 1000;
  const held = Math.min(t, length);
  const level =
    held < rise
      ? from + ((1 - from) * held) / rise
      : sustain + (1 - sustain) * Math.exp((-3000 * (held - rise)) / decay);
  return t < length ? level : level * Math.exp((-3000 * (t - length)) / release);
}

/** The nodes of the synthesiser, connected. `moves` is what the envelope and the LFO add to the cutoff, in cents. */
function circuit(context) {
  const oscillator = start(new OscillatorNode(context));
  const lfo = start(new OscillatorNode(context));
  const envelope = start(new ConstantSourceNode(context, { offset: 0 }));
  const filter = new BiquadFilterNode(context, { type: "lowpass" });
  for (const param of [filter.frequency, filter.detune, oscillator.detune]) param.automationRate = "k-rate";
  const [level, moves, sweep, wobble, vibrato] = [0, 1, 0, 0, 0].map((gain) => new GainNode(context, { gain }));
  oscillator.connect(filter).connect(level);
  envelope.connect(level.gain);
  envelope.connect(sweep).connect(moves);
  lfo.connect(wobble).connect(moves).connect(filter.detune);
  lfo.connect(vibrato).connect(oscillator.detune);
  return { oscillator, lfo, envelope, filter, level, moves, sweep, wobble, vibrato };
}

/** The parameters of the nodes, and what a patch sets them to. */
const values = ({ lfo, filter, sweep, wobble, vibrato }, patch) => [
  [filter.frequency, patch.cutoff],
  [filter.Q, patch.resonance], // in decibels, as it is a low-pass
  [sweep.gain, 1200 * patch.amount],
  [lfo.frequency, patch.rate],
  [wobble.gain, patch.aim === "filter" ? patch.depth : 0],
  [vibrato.gain, patch.aim === "pitch" ? patch.depth : 0],
];

/** { output, moves, set(patch), note(midi, at) }; note returns what contour() takes. */
export function synth(context, first) {
  const nodes = circuit(context);
  const { oscillator, envelope, level, moves } = nodes;
  let patch = first;
  let last;
  oscillator.type = patch.wave;
  for (const [param, value] of values(nodes, patch)) param.value = value;
  function set(next) {
    patch = next;
    oscillator.type = patch.wave;
    for (const [param, value] of values(nodes, patch)) ramp(context, param, value);
  }
  function note(midi, at) {
    const from = last ? contour(last, at - last.at) : 0;
    last = { ...patch, from, at, length: NOTES[patch.notes].length };
    const rise = Math.min(last.attack / 1000, last.length);
    const { offset } = envelope;
    oscillator.frequency.setValueAtTime(hz(midi), at);
    offset.setValueAtTime(from, at);
    offset.linearRampToValueAtTime(contour(last, rise), at + rise);
    if (rise < last.length) offset.setTargetAtTime(last.sustain, at + rise, last.decay / 3000);
    offset.setTargetAtTime(0, at + last.length, last.release / 3000);
    return last;
  }
  return { output: level, moves, set, note };
}

/** A bar of a patch, all its notes at once. */
export function bar(context, patch) {
  const device = synth(context, patch);
  let at = 0;
  for (const [note, gap] of NOTES[patch.notes].list) {
    device.note(note, at);
    at += gap;
  }
  return device.output;
}

export const barLoop = (patch) => renderLoop(BAR, (context) => bar(context, patch));

const levels = {};

/** The gain that brings a patch to working level, measured; a promise. */
export function levelOf(patch) {
  const key = JSON.stringify(patch);
  levels[key] ??= render(BAR, (context) => bar(context, patch)).then(working);
  return levels[key];
}
