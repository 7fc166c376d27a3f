// A score → sound, lane by lane: eight bars of each, with what still rings after them.

import { hat, kick, snare } from "../sound/drums.js";
import { add, filter, fromDb, near, RATE, random, scale, silence, stereo } from "../sound/dsp.js";
import { clap, crash, tom } from "../sound/kit.js";
import { loudness } from "../sound/loudness.js";
import { bell, pad } from "../sound/pad.js";
import { conga, rim, shaker, tambourine } from "../sound/percussion.js";
import { guitar, pluck } from "../sound/strings.js";
import { bass, keys, lead } from "../sound/tones.js";
import { sing } from "../sound/voice.js";
import { STEPS, timeOf } from "./score.js";

export const TAIL = 1.2; // seconds that a lane may ring on

// LUFS of each lane before the mix is brought to its loudness.
const LEVELS = { drums: -18.5, percussion: -28, bass: -21.5, chords: -23, pad: -27, hook: -21.5 };
const MORE = {
  bedroom: { drums: -1, pad: 1.5, chords: 0.5 },
  studio: { drums: 0.5, hook: 0.5, pad: 2 },
  mix: { percussion: -1, pad: 2, bass: 0.5, chords: -1 },
};

const PLAYED = {
  kick: ({ velocity, seed }, { chosen: { kit } }) => kick({ ...kit.kick, velocity, seed }),
  snare: ({ velocity, seed }, { chosen: { kit } }) => snare({ ...kit.hit, velocity, seed }),
  clap: ({ velocity, seed }, { chosen: { kit } }) => clap({ ...kit.hit, velocity, seed, level: 1.5 }),
  rim: ({ velocity, seed }) => rim({ velocity, seed, level: 1.1 }),
  hat: ({ velocity, seed, open }, { step, chosen: { kit } }) =>
    hat({ velocity, seed, level: 0.8 * kit.hat, ...(open ? { open: 0.3, choke: 2 * step } : {}) }),
  crash: ({ velocity }) => crash({ velocity, level: 0.8 }),
  tom: ({ velocity, seed, note, pan }) => tom({ velocity, seed, note, pan }),
  shaker: ({ velocity, seed }) => shaker({ velocity, seed }),
  tambourine: ({ velocity, seed }) => tambourine({ velocity, seed }),
  conga: ({ velocity, seed, note }) => conga({ velocity, seed, note }),
};

/** Sounds of notes, each made once: a hit comes in three variants. */
function player(make) {
  const made = new Map();
  return (note) => {
    const key = JSON.stringify({ ...note, at: 0 });
    if (!made.has(key)) made.set(key, make(note));
    return made.get(key);
  };
}

/** Notes as a sound; `hand` is how far a player’s time strays, in seconds, and `variants` how many differ of the same note. */
function laid(score, notes, make, { hand = 0.002, late = 0, variants = 3, length = STEPS * score.step + TAIL } = {}) {
  const out = stereo(length);
  const next = random(score.seed);
  const sounds = player(make);
  for (const [i, note] of notes.entries()) {
    const at = timeOf(score, note.at) + late + (note.at === 0 ? 0 : hand * (2 * next() - 1));
    const velocity = Math.round(20 * Math.min(1, note.velocity)) / 20;
    add(out, sounds({ ...note, velocity, seed: i % variants }), Math.max(0, at), near(next, 0.05));
  }
  return out;
}

/** Any hits of the kit. */
export const hits = (score, notes, length) => laid(score, notes, (note) => PLAYED[note.voice](note, score), { length });

function drums(score) {
  const { late } = score.chosen.feel;
  const [behind, ahead] = [
    ["snare", "clap", "rim"],
    ["kick", "hat", "crash", "tom"],
  ].map((voices) => score.notes.drums.filter(({ voice }) => voices.includes(voice)));
  const make = (note) => PLAYED[note.voice](note, score);
  const sound = add(laid(score, ahead, make), laid(score, behind, make, { late }));
  for (const samples of sound) {
    filter(samples, "bell", 140, 0.8, 3);
    if (score.role === "bedroom") filter(samples, "high", 9000, 0.7, -2);
  }
  return sound;
}

const percussion = (score) => laid(score, score.notes.percussion, (note) => PLAYED[note.voice](note), { hand: 0.004 });

const seconds = (score, length) => length * score.step;

function bassLane(score) {
  const grit = { bedroom: 0.9, studio: 1.1, mix: 0.8 }[score.role] ?? 1;
  const make = ({ note, length, velocity, seed }) =>
    bass({ note, velocity, seed, grit, length: 0.94 * seconds(score, length) });
  const sound = laid(score, score.notes.bass, make);
  for (const samples of sound) filter(samples, "bell", 135, 0.7, 5.5);
  return sound;
}

function chords(score) {
  const make = ({ notes, length, velocity, seed, at }) =>
    keys({ notes, velocity: 0.3 + 0.7 * velocity, seed, at, length: 0.95 * seconds(score, length) });
  const sound = laid(score, score.notes.chords, make, { hand: 0.003 });
  for (const samples of sound) filter(samples, "bell", 1600, 0.5, 5);
  return sound;
}

const STRUMS = [
  // sixteenth, length, up, velocity
  [0, 6, false, 0.85],
  [6, 4, true, 0.6],
  [10, 6, false, 0.7],
];

/** Held chords; in a studio a guitar plays them. */
function pads(score) {
  if (score.role !== "studio") {
    const settings = score.role === "mix" ? { cutoff: 2600, attack: 0.5 } : { cutoff: 1500 };
    const make = ({ notes, length, velocity }) =>
      pad({ notes, velocity, length: seconds(score, length) - 0.3, ...settings });
    return laid(score, score.notes.pad, make, { hand: 0, variants: 1 });
  }
  const strums = score.notes.pad.flatMap(({ at, notes }) =>
    STRUMS.map(([step, length, up, velocity]) => ({ at: at + step, length, up, velocity, notes })),
  );
  const make = ({ notes, length, up, velocity, seed }) =>
    guitar({ notes, up, velocity, seed, length: 0.9 * seconds(score, length) });
  return laid(score, strums, make, { hand: 0.004 });
}

const SYLLABLES = [["a", "n"], ["o"], ["a", "l"], ["e", "d"], ["o", "n"], ["u", "y"]];

function sung(score, notes) {
  const phrase = notes.map(({ at, length, note, velocity }, i) => {
    const [vowel, onset] = SYLLABLES[i % SYLLABLES.length];
    return { at: timeOf(score, at) + 0.02, length: 0.9 * seconds(score, length), note, velocity, vowel, onset };
  });
  const all = { seconds: STEPS * score.step + TAIL, breath: 0.14 };
  // A bedroom pitches its voice up; a studio records two takes.
  if (score.role === "bedroom") return sing(phrase, { ...all, size: 1.32, vibrato: 0.1, scoop: 0.3, wobble: 0.4 });
  const take = sing(phrase, { ...all, pan: -0.12 });
  if (score.role === "mix") return take;
  const again = phrase.map((note, i) => ({ ...note, at: note.at + 0.008 * ((i % 3) - 1) + 0.006 }));
  return add(take, sing(again, { ...all, seed: 9, pan: 0.5, wobble: 1.6, level: 0.55 }));
}

function hook(score) {
  const notes = score.notes.hook;
  const { voice } = score.chosen.voice;
  if (voice === "sung") {
    const sound = sung(score, notes);
    for (const samples of sound) filter(filter(samples, "bell", 520, 0.8, -4), "bell", 2600, 0.5, 6);
    return sound;
  }
  const instrument = { pluck, bell, lead }[voice];
  const make = ({ note, length, velocity, seed }) =>
    instrument({ note, velocity, seed, length: 0.9 * seconds(score, length) });
  return laid(score, notes, make, { hand: 0.003 });
}

const EDGE = 0.04; // seconds

/** Only the answers of a hook: every second bar, from just before it until its last note has faded. */
function answers(score, sound) {
  const bar = 16 * score.step * RATE;
  const edge = EDGE * RATE;
  return sound.map((samples) => {
    const out = new Float32Array(samples.length);
    for (let from = Math.round(bar - edge); from < out.length; from += Math.round(2 * bar)) {
      const end = Math.min(out.length, from + bar + 4 * edge);
      for (let i = from; i < end; i++) {
        out[i] = samples[i] * Math.min(1, (i - from) / edge, (from + bar + 4 * edge - i) / (4 * edge));
      }
    }
    return out;
  });
}

/** The bass and the pad make way for the kick. */
function ducked(score, sound, depth) {
  const kicks = score.notes.drums.filter(({ voice }) => voice === "kick").map(({ at }) => timeOf(score, at));
  const gain = silence(sound[0].length / RATE).fill(1);
  for (const at of kicks) {
    const from = Math.round(at * RATE);
    for (let i = 0; i < 0.16 * RATE && from + i < gain.length; i++) {
      gain[from + i] = Math.min(gain[from + i], 1 - depth * (1 - i / (0.16 * RATE)) * Math.min(1, i / 150));
    }
  }
  for (const samples of sound) for (let i = 0; i < samples.length; i++) samples[i] *= gain[i];
  return sound;
}

const MAKERS = {
  drums,
  percussion,
  bass: (score) => ducked(score, bassLane(score), score.role === "mix" ? 0.6 : 0.35),
  chords,
  pad: (score) =>
    score.role === "studio" ? pads(score) : ducked(score, pads(score), score.role === "mix" ? 0.5 : 0.25),
  hook,
};

/** The sound of a lane at its level, and of the hook what the verse has of it. */
export function stem(score, lane) {
  const sound = MAKERS[lane](score);
  const level = LEVELS[lane] + (MORE[score.role]?.[lane] ?? 0);
  const half = sound.map((samples) => samples.subarray(0, samples.length >> 1));
  const gain = fromDb(level - loudness(half));
  for (const samples of sound) scale(samples, gain);
  return lane === "hook" ? { sound, verse: answers(score, sound) } : { sound };
}
