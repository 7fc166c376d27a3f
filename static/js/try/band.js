// The eight bars of the bedroom audition: choices → score → sound, a lane at a time. Pure, so that a worker can do it, which this
// module also is.

import parts from "../song/parts.js";
import { STEPS, score, timeOf } from "../song/score.js";
import { hat, kick, snare } from "../sound/drums.js";
import { add, fromDb, near, RATE, random, scale, stereo } from "../sound/dsp.js";
import { clap, crash, tom } from "../sound/kit.js";
import { loudness } from "../sound/loudness.js";
import { bell, pad } from "../sound/pad.js";
import { bass, keys, lead } from "../sound/tones.js";

export const LANES = ["drums", "bass", "chords", "hook", "pad"];
// LUFS; together about −20, the level of everything in the labs.
const LEVELS = { drums: -23.5, bass: -26.5, chords: -28, hook: -26.5, pad: -32 };
const TAIL = 1.2; // seconds

/**
 * The score of what was chosen: `start` is what a seed has given, `chosen` a number from 0 to 2 a layer, `more` what is switched on.
 * For a small loudspeaker the bass is an octave higher.
 */
export function scoreOf({ tempo, key, comping, lanes }, chosen, more, small = false) {
  const picks = {
    tempo,
    key,
    comping: more.has("notes") ? 3 : comping,
    feel: more.has("swing") ? 2 : 0,
    kit: more.has("kit") ? 1 : 0,
    fill: more.has("gap") ? 2 : 0,
    voice: more.has("bell") ? 2 : 3,
  };
  for (const [layer, choices] of Object.entries(lanes)) picks[layer] = choices[chosen[layer]];
  return { ...score(parts.decisions.map(({ id }) => picks[id] ?? 0)), small };
}

/** What the library calls the choices of a layer that a seed has given. */
export const namesOf = ({ lanes }, layer) => {
  const { choices } = parts.decisions.find(({ id }) => id === layer);
  return lanes[layer].map((number) => choices[number].name);
};

/** What a lane is made of, as a text: the same text is the same sound. */
export const recipe = ({ notes, step, chosen }, lane) =>
  JSON.stringify([
    lane,
    notes[lane],
    step,
    chosen.feel.swing,
    lane === "drums" && chosen.kit,
    lane === "hook" && chosen.voice,
  ]);

const HITS = {
  kick: (note, kit) => kick({ ...kit.kick, ...note }),
  snare: (note, kit) => snare({ ...kit.hit, ...note }),
  clap: (note, kit) => clap({ ...kit.hit, ...note, level: 1.5 }),
  hat: ({ velocity, seed, open }, kit) => hat({ velocity, seed, level: 0.8 * kit.hat, open: open ? 0.3 : 0 }),
  crash: ({ velocity }) => crash({ velocity, level: 0.8 }),
  tom,
};

/** What plays a note of each lane; lengths are in seconds. */
const PLAYED = {
  drums: ({ voice, velocity, seed, open, note, pan }, { chosen: { kit } }) =>
    HITS[voice](voice === "tom" ? { velocity, seed, note, pan } : { velocity, seed, open }, kit),
  bass: ({ note, length, velocity, seed }, { small }) =>
    bass({ note: note + (small ? 12 : 0), length: 0.94 * length, velocity, seed, grit: 0.9 }),
  chords: ({ notes, length, velocity }) => keys({ notes, length: 0.95 * length, velocity: 0.3 + 0.7 * velocity }),
  hook: ({ note, length, velocity, seed }, { chosen: { voice } }) =>
    (voice.voice === "bell" ? bell : lead)({ note, length: 0.9 * length, velocity, seed }),
  pad: ({ notes, length, velocity }) => pad({ notes, length: length - 0.3, velocity, cutoff: 1500 }),
};

/** A lane of eight bars as a loop, [left, right]: what rings after the end is heard at the start. */
export function laneOf(song, lane) {
  const length = Math.round(STEPS * song.step * RATE);
  const out = stereo(length / RATE + TAIL);
  const next = random(song.seed);
  const made = new Map();
  for (const [i, note] of song.notes[lane].entries()) {
    const { at, ...one } = { ...note, length: note.length * song.step, seed: i % 3 };
    const key = JSON.stringify(one);
    if (!made.has(key)) made.set(key, PLAYED[lane](one, song));
    add(out, made.get(key), timeOf(song, at), near(next, 0.05));
  }
  const looped = out.map((samples) => {
    const turn = samples.slice(0, length);
    for (let i = length; i < samples.length; i++) turn[i - length] += samples[i];
    return turn;
  });
  const gain = fromDb(LEVELS[lane] - loudness(looped));
  for (const samples of looped) scale(samples, gain);
  return looped;
}

/** When each lane plays in the finished piece: { lanes, from, bars, at }, in bars. A beginning, the whole, and a last chord. */
export const PIECE = [
  { lanes: ["chords", "pad"], from: 0, bars: 2, at: 0 },
  { lanes: ["drums", "bass", "chords", "hook", "pad"], from: 0, bars: 8, at: 2 },
  { lanes: ["bass", "chords", "pad"], from: 0, bars: 1, at: 10 },
];

/** What laneOf(song, lane) returns, made by a worker that goes on living: several are asked for one after the other. */
export function maker() {
  const worker = new Worker(import.meta.url, { type: "module" });
  const waiting = new Map();
  let number = 0;
  worker.onmessage = ({ data: { id, sound } }) => {
    waiting.get(id).resolve(sound);
    waiting.delete(id);
  };
  worker.onerror = ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
  };
  return (song, lane) =>
    new Promise((resolve, reject) => {
      waiting.set(++number, { resolve, reject });
      worker.postMessage({ id: number, song, lane });
    });
}

// The other side: this module, loaded as a worker.
if (typeof document === "undefined" && typeof self !== "undefined" && "onmessage" in self) {
  self.onmessage = ({ data: { id, song, lane } }) => {
    const sound = laneOf(song, lane);
    self.postMessage(
      { id, sound },
      sound.map(({ buffer }) => buffer),
    );
  };
}
