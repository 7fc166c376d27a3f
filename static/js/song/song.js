// The song of a result: answers → score → sound. Pure: the same answers give the same samples on every run.
//
//   const song = score(answers, role)     answers: the picks in order, as numbers (see picksOf); role: "bedroom", "studio", "mix".
//                                         Fewer answers than questions are fine: what is still to come is silent.
//   arrangement(song)                     { bars, seconds, sections, clips }: what to draw; each clip knows its question
//   renderCore(song, made)                { mix, stems: { drums, percussion, bass, chords, pad, hook, space } }: its eight bars.
//                                         `made`, a Map, keeps stems between calls, so that one answer more renders one stem
//   pieces(song), render(song)            the whole song, piece by piece or at once
//   wav(sound), midi(song)                bytes of a 24-bit WAV file at 48 kHz, and of a MIDI file (format 1) of the core
//   play(context, song, output, stage)    starts at once with sticks while workers make the rest: { stop(), began, starts(), ended }
//   inWorker(name, ...arguments)          a promise of what render, renderCore or stemFiles returns, without blocking the page
//
// A sound is [left, right], two Float32Arrays at 48 kHz; bufferOf(context, sound) makes an AudioBuffer of it.

import { RATE } from "../sound/dsp.js";
import { arrangement } from "./arrangement.js";
import { midi } from "./midi.js";
import { lead, pieces, render, renderCore, sections, stemsOf, sticks } from "./mix.js";
import parts from "./parts.js";
import { LANES, score, together } from "./score.js";
import { staged } from "./stages.js";
import { wav } from "./wav.js";

export { arrangement, LANES, midi, parts, pieces, render, renderCore, score, together, wav };

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** The picks of a result’s code. `widths` has the number of characters of each answer; without it all have one but the last. */
export function picksOf(
  code,
  widths = [...Array(parts.decisions.length - 1).fill(1), code.length - parts.decisions.length - 1],
) {
  let at = 1; // after the version
  return widths.map((width) => {
    const picked = [...code.slice(at, at + width)].reduce(
      (sum, letter, i) => sum + ALPHABET.indexOf(letter) * 32 ** i,
      0,
    );
    at += width;
    return picked;
  });
}

/** The files to give away: { <name>: bytes }. */
export function stemFiles(song) {
  const { stems } = renderCore(song);
  const files = Object.fromEntries(Object.entries(stems).map(([lane, sound]) => [`${lane}.wav`, wav(sound)]));
  return { ...files, "core.mid": midi(song) };
}

export function bufferOf(context, sound) {
  const buffer = context.createBuffer(2, sound[0].length, RATE);
  for (const channel of [0, 1]) buffer.copyToChannel(sound[channel], channel);
  return buffer;
}

/** A source of a sound that began at a time, which may be past; `looped` are the seconds that come round again. */
function begun(context, output, sources, sound, at, looped) {
  const source = new AudioBufferSourceNode(context, {
    buffer: bufferOf(context, sound),
    loop: looped > 0,
    loopEnd: looped,
  });
  source.connect(output);
  source.start(Math.max(at, context.currentTime), Math.max(0, context.currentTime - at));
  sources.add(source);
  source.onended = () => sources.delete(source);
  return source;
}

/**
 * Plays a song into a node. Sticks begin at once and count until the pickup is there, and that comes round until the first
 * chorus is: a worker makes both, and they come in on the beat. `ended` is a promise; `starts()` is when the chorus begins.
 * With a stage ("idea", "takes", "mix") its first eight bars are heard as they were then.
 */
export function play(context, song, output = context.destination, stage) {
  // Otherwise the mute switch of an iPhone silences the page.
  if (navigator.audioSession) navigator.audioSession.type = "playback";
  const sources = new Set();
  const began = context.currentTime + 0.02;
  const start = (sound, at, looped) => begun(context, output, sources, sound, at, looped);
  const intro = waiting(context, song, start, began);
  let last = began;
  let resolve;
  const worker = new Worker(import.meta.url, { type: "module" });
  const ended = new Promise((yes, no) => {
    resolve = yes;
    worker.onerror = ({ message }) => no(new Error(message));
  });
  worker.onmessage = ({ data: { value: piece, done } }) => {
    if (done) return worker.terminate();
    if (piece.name === "pickup") return intro.leads(piece.sound);
    const at = intro.origin() + piece.at;
    const source = start(piece.sound, at, 0);
    last = Math.max(last, at + piece.sound[0].length / RATE);
    source.onended = () => {
      sources.delete(source);
      if (sources.size === 0 && context.currentTime >= last - 0.1) resolve();
    };
  };
  worker.postMessage({ name: "pieces", given: [song, stage] });
  function stop() {
    worker.terminate();
    for (const source of sources) source.stop();
    sources.clear();
    resolve();
  }
  return { stop, began, starts: intro.starts, ended };
}

/** What is heard until the song itself is there: the sticks, and then the pickup. */
function waiting(context, song, start, began) {
  const beats = 8 * song.step;
  const next = () => began + beats * Math.max(1, Math.ceil((context.currentTime + 0.05 - began) / beats));
  let heard = start(sticks(song), began, beats);
  let since = began;
  let origin;
  return {
    leads(pickup) {
      since = next();
      heard.stop(since);
      heard = start(pickup, since, beats);
    },
    /** When the pickup begins for the last time. It is asked for when the first chorus is there. */
    origin() {
      if (origin !== undefined) return origin;
      origin = Math.max(since, next() - beats);
      heard.stop(origin + beats);
      return origin;
    },
    starts: () => (origin === undefined ? Number.POSITIVE_INFINITY : origin + beats),
  };
}

const HALVES = [
  ["drums", "percussion", "hook"],
  ["bass", "chords", "pad"],
];

/** The lanes of a song, half of them made by another worker: most machines have two cores. */
async function shared(song) {
  const other = inWorker("stemsOf", song, HALVES[1]).catch(() => stemsOf(song, HALVES[1]));
  return { ...stemsOf(song, HALVES[0]), ...(await other) };
}

const WORK = {
  stemsOf,
  stemFiles,
  renderCore: (song) => renderCore(song),
  render: async (song) => render(song, await shared(song)),
};

/** What one of these returns, worked out without blocking the page. */
export async function inWorker(name, ...given) {
  const worker = new Worker(import.meta.url, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) => resolve(data.value);
    worker.postMessage({ name, given });
  }).finally(() => worker.terminate());
}

async function work({ name, given }) {
  if (name !== "pieces") return self.postMessage({ value: await WORK[name](...given) });
  const [song, stage] = given;
  const making = shared(song);
  self.postMessage({ value: lead(song) });
  const stems = await making;
  for (const value of stage ? [staged(song, stems, stage)] : sections(song, stems)) self.postMessage({ value });
  self.postMessage({ done: true });
}

// The other side: this module, loaded as a worker. A fault is told to who asked, as one outside a promise is.
if (typeof document === "undefined" && typeof self !== "undefined" && "onmessage" in self) {
  self.onmessage = ({ data }) => work(data).catch(reportError);
}
