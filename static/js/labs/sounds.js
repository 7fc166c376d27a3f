// The sources of the labs: voices, each (settings) => sound, and the loops that are made of them.

import { hat, kick, snare } from "../sound/drums.js";
import { bass, keys, lead } from "../sound/tones.js";
import { bufferOf, layer, loop, RATE, random, renderLoop, start } from "./engine.js";

export { hz } from "../sound/dsp.js";
export { bass, hat, keys, kick, lead, snare };

export function tone(context, { type = "sine", frequency, at = 0, length = 1, detune = 0 }) {
  return start(new OscillatorNode(context, { type, frequency, detune }), at, at + length);
}

/** White noise, or pink: as much in each octave as in the next. The same for the same seed. */
export function noiseBuffer({ seconds = 1, pink = false, seed = 1 } = {}) {
  const buffer = new AudioBuffer({ length: Math.round(seconds * RATE), sampleRate: RATE });
  const samples = buffer.getChannelData(0);
  const next = random(seed);
  let [a, b, c] = [0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    const white = 2 * next() - 1;
    if (!pink) samples[i] = white;
    else {
      // Three leaky sums of Paul Kellet’s; right within half a decibel.
      a = 0.99765 * a + 0.099046 * white;
      b = 0.963 * b + 0.2965164 * white;
      c = 0.57 * c + 1.0526913 * white;
      samples[i] = 0.15 * (a + b + c + 0.1848 * white);
    }
  }
  return buffer;
}

// A two-bar song in A minor that the labs share.
export const BPM = 112;
export const SIXTEENTH = 60 / BPM / 4;
export const BARS = 2;
export const SONG = BARS * 16 * SIXTEENTH; // seconds
export const CHORDS = [
  [57, 60, 64, 67],
  [53, 57, 60, 64],
  [55, 60, 64],
  [55, 59, 62, 65],
]; // Am7 F C G7, half a bar each

const shots = {};

/** One note or hit as an AudioBuffer, made once: cheaper to play than its graph. A promise. */
export async function shot(voice, settings = {}) {
  const key = voice.name + JSON.stringify(settings);
  shots[key] ??= bufferOf(voice(settings));
  return shots[key];
}

// A part is a list of notes: [sixteenth, voice, settings, level].
const steps = (pattern, note) =>
  [...pattern].flatMap((mark, i) => (mark === "." ? [] : [[i, ...note(i, VELOCITY[mark])]]));
const VELOCITY = { X: 1, x: 0.85, "-": 0.5 };
const half = (i) => Math.floor(i / 8);
// Every hit differs a little from the one before; three of each are enough.
const hits = (voice, level) => (i, velocity) => [voice, { velocity, seed: i % 3 }, level];

export const PARTS = {
  drums: [
    ...steps("X.....x.X.x.....X.....x.X..x....", hits(kick, 0.56)),
    ...steps("....X..-.-..X.......X..-....X.--", hits(snare, 0.85)),
    ...steps("x---x---x---x---x---x---x---x-x-", hits(hat, 0.5)),
  ],
  bass: steps("x..x..x.x..x..-.x..x..x.x..x.-x-", (i, velocity) => [
    bass,
    { note: [33, 29, 36, 31][half(i)] + (i % 8 === 6 ? 12 : 0), length: 1.2 * SIXTEENTH, velocity },
    0.7,
  ]),
  keys: steps("x..-....x..-....x..-....x..-..-.", (i, velocity) => [
    keys,
    { notes: CHORDS[half(i)], length: (i % 8 === 3 ? 4 : 2.4) * SIXTEENTH, velocity, at: (i % 16) * SIXTEENTH },
    0.5,
  ]),
  lead: [
    [0, 76, 3],
    [3, 74, 3],
    [6, 72, 4],
    [12, 69, 2],
    [14, 72, 2],
    [16, 76, 3],
    [19, 79, 3],
    [22, 74, 6],
  ].map(([step, note, length]) => [step, lead, { note, length: 0.9 * length * SIXTEENTH }, 0.44]),
};
PARTS.song = [...PARTS.drums, ...PARTS.bass, ...PARTS.keys, ...PARTS.lead];

/** What the voice sings, note by note: [sixteenth, MIDI number, sixteenths, vowel, consonant]. */
export const MELODY = [
  [0, 57, 5, "a"],
  [6, 60, 4, "o", "l"],
  [11, 59, 4, "e", "n"],
  [16, 57, 6, "a", "d"],
  [23, 55, 3, "i", "y"],
  [27, 53, 4, "u", "m"],
];

/** The notes of a melody as sing() takes them. */
export const phrase = (melody) =>
  melody.map(([step, note, length, vowel, onset]) => ({
    at: step * SIXTEENTH,
    note,
    length: 0.86 * length * SIXTEENTH,
    vowel,
    onset,
  }));

/** A melody sung in one breath, as a loop. A promise: the singer comes when it is asked for. */
export async function sungLoop(melody, settings = {}) {
  const { sing } = await import("../sound/voice.js");
  return layer(SONG, [{ buffer: bufferOf(sing(phrase(melody), { size: 1, ...settings })) }]);
}

const loops = {};
const MADE = { pink, voice: () => sungLoop(MELODY) };

/** A loop at working level, made once: a part by its name, or "pink" noise. A promise of an AudioBuffer. */
export function loopOf(name) {
  loops[name] ??= MADE[name]?.() ?? notesLoop(SONG, PARTS[name]);
  return loops[name];
}

function pink() {
  return renderLoop(4, (context) => loop(context, noiseBuffer({ seconds: 4, pink: true })));
}

const BUSY = 20; // ms that a page may be kept busy at a time
const pause = () => new Promise((resolve) => setTimeout(resolve));

/** A loop of notes like those of PARTS. */
export async function notesLoop(seconds, notes) {
  const sounds = [];
  let since = performance.now();
  for (const [step, voice, settings, level] of notes) {
    sounds.push({ buffer: await shot(voice, settings), at: step * SIXTEENTH, level });
    if (performance.now() - since < BUSY) continue;
    await pause();
    since = performance.now();
  }
  return layer(seconds, sounds);
}
