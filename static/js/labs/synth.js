// A synthesiser with one filter, one envelope for level and filter, and an LFO: an oscillator, and in chords one for each note.

import { ramp, render, renderLoop, start, working } from "./engine.js";
import { CHORDS, hz, SIXTEENTH } from "./sounds.js";

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

const VOICES = 3; // of a chord
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
  chords: notes(
    6,
    CHORDS.map((chord) => [chord.slice(0, VOICES), 8]),
  ),
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
function circuit(context, voices) {
  const oscillators = Array.from({ length: voices }, () => start(new OscillatorNode(context)));
  const lfo = start(new OscillatorNode(context));
  const envelope = start(new ConstantSourceNode(context, { offset: 0 }));
  const filter = new BiquadFilterNode(context, { type: "lowpass" });
  const slow = [filter.frequency, filter.detune, ...oscillators.map((one) => one.detune)];
  for (const param of slow) param.automationRate = "k-rate";
  const [level, moves, sweep, wobble, vibrato] = [0, 1, 0, 0, 0].map((gain) => new GainNode(context, { gain }));
  filter.connect(level);
  for (const one of oscillators) {
    one.connect(filter);
    vibrato.connect(one.detune);
  }
  envelope.connect(level.gain);
  envelope.connect(sweep).connect(moves);
  lfo.connect(wobble).connect(moves).connect(filter.detune);
  lfo.connect(vibrato);
  return { oscillators, lfo, envelope, filter, level, moves, sweep, wobble, vibrato };
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

/** { output, moves, set(patch), note(midi, at) }; note takes one note or a chord, and returns what contour() takes. */
export function synth(context, first) {
  const nodes = circuit(context, first.notes === "chords" ? VOICES : 1);
  const { oscillators, envelope, level, moves } = nodes;
  let patch = first;
  let last;
  const shape = () => {
    for (const one of oscillators) one.type = patch.wave;
  };
  shape();
  for (const [param, value] of values(nodes, patch)) param.value = value;
  function set(next) {
    patch = next;
    shape();
    for (const [param, value] of values(nodes, patch)) ramp(context, param, value);
  }
  function note(midi, at) {
    const from = last ? contour(last, at - last.at) : 0;
    last = { ...patch, from, at, length: NOTES[patch.notes].length };
    const rise = Math.min(last.attack / 1000, last.length);
    const { offset } = envelope;
    for (const [i, pitch] of [midi].flat().entries()) oscillators[i]?.frequency.setValueAtTime(hz(pitch), at);
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
