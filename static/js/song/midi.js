// The core of a song as a MIDI file (format 1): a track for the tempo, and one for each lane.

import { LANES, STEPS, timeOf } from "./score.js";

const TICKS = 480; // of a quarter note
const DRUMS = { kick: 36, snare: 38, clap: 39, rim: 37, hat: 42, crash: 49, shaker: 82, tambourine: 54 };
const PROGRAMS = { bass: 33, chords: 4, pad: 89, hook: { sung: 53, pluck: 24, bell: 11, lead: 81 } };

const bytesOf = (number, count) => Array.from({ length: count }, (_, i) => (number >> (8 * (count - 1 - i))) & 255);
const letters = (text) => Array.from(text, (letter) => letter.charCodeAt(0));

/** A number as MIDI writes the time between two events: seven bits a byte. */
function variable(number) {
  const bytes = [number & 127];
  for (let rest = number >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 127) | 128);
  return bytes;
}

/** A track of [tick, bytes], in any order. */
function track(events, ticks) {
  let now = 0;
  const bytes = [];
  for (const [at, event] of [...events].sort((a, b) => a[0] - b[0])) {
    bytes.push(...variable(at - now), ...event);
    now = at;
  }
  bytes.push(...variable(ticks - now), 0xff, 0x2f, 0);
  return [...letters("MTrk"), ...bytesOf(bytes.length, 4), ...bytes];
}

const named = (text) => [0, [0xff, 3, text.length, ...letters(text)]];

const pitches = ({ notes, note, voice }) => {
  if (voice === "tom") return [note];
  if (voice === "conga") return [note > 0 ? 62 : note < 0 ? 64 : 63];
  return DRUMS[voice] ? [DRUMS[voice]] : (notes ?? [note]);
};

function lane(score, name, channel) {
  const tickOf = (at) => Math.round((timeOf(score, at) / score.step) * (TICKS / 4));
  const program = name === "hook" ? PROGRAMS.hook[score.chosen.voice.voice] : PROGRAMS[name];
  const events = score.notes[name].flatMap((note) => {
    const on = tickOf(note.at);
    const off = Math.max(on + 30, Math.min(tickOf(STEPS), on + Math.round(note.length * (TICKS / 4)) - 10));
    return pitches(note).flatMap((pitch) => [
      [on, [0x90 | channel, pitch, Math.max(1, Math.round(127 * note.velocity))]],
      [off, [0x80 | channel, pitch, 0]],
    ]);
  });
  const first = program === undefined ? [] : [[0, [0xc0 | channel, program]]];
  return track([named(name), ...first, ...events], tickOf(STEPS));
}

/** The bytes of the MIDI file of a score’s eight bars. */
export function midi(score) {
  const tempo = [0, [0xff, 0x51, 3, ...bytesOf(Math.round(60e6 / score.tempo), 3)]];
  const metre = [0, [0xff, 0x58, 4, 4, 2, 24, 8]];
  const channels = { drums: 9, percussion: 9, bass: 0, chords: 1, pad: 2, hook: 3 };
  const tracks = [
    track([named("ProducerGuide"), tempo, metre], (STEPS * TICKS) / 4),
    ...LANES.map((name) => lane(score, name, channels[name])),
  ];
  return Uint8Array.from([
    ...letters("MThd"),
    ...bytesOf(6, 4),
    ...bytesOf(1, 2),
    ...bytesOf(tracks.length, 2),
    ...bytesOf(TICKS, 2),
    ...tracks.flat(),
  ]);
}
