// The song of a result: answers → score → sound. Pure: the same answers give the same samples on every run.
//
//   const song = score(answers, role)     answers: the picks in order, as numbers (see picksOf); role: "bedroom", "studio", "mix".
//                                         Fewer answers than questions are fine: what is still to come is silent.
//   arrangement(song)                     { bars, seconds, sections, clips }: what to draw; each clip knows its question
//   renderCore(song, made)                { mix, stems: { drums, percussion, bass, chords, pad, hook, space } }: its eight bars.
//                                         `made`, a Map, keeps stems between calls, so that one answer more renders one stem
//   pieces(song), render(song)            the whole song, piece by piece or at once
//   wav(sound), midi(song)                bytes of a 24-bit WAV file at 48 kHz, and of a MIDI file (format 1) of the core
//   play(context, song, output)           starts at once with a pickup while a worker renders the rest: { stop(), starts(), ended }
//   inWorker(name, ...arguments)          a promise of what render, renderCore or stemFiles returns, without blocking the page
//
// A sound is [left, right], two Float32Arrays at 48 kHz; bufferOf(context, sound) makes an AudioBuffer of it.

import { RATE } from "../sound/dsp.js";
import { arrangement } from "./arrangement.js";
import { midi } from "./midi.js";
import { pieces, render, renderCore } from "./mix.js";
import parts from "./parts.js";
import { LANES, score, together } from "./score.js";
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
  return source;
}

/**
 * Plays a song into a node. The pickup is made here and starts at once; it comes round again until the first chorus is
 * there, which a worker renders, and the chorus comes in on the beat. `starts` says when, in the context’s time; `ended` is a promise.
 */
export function play(context, song, output = context.destination) {
  // Otherwise the mute switch of an iPhone silences the page.
  if (navigator.audioSession) navigator.audioSession.type = "playback";
  const sources = new Set();
  const worker = new Worker(import.meta.url, { type: "module" });
  const began = context.currentTime + 0.02;
  const lead = 8 * song.step;
  const start = (sound, at, looped = 0) => begun(context, output, sources, sound, at, looped);
  const first = start(pieces(song).next().value.sound, began, lead);
  let origin; // when the pickup began that leads into the chorus
  let last = began;
  let resolve;
  const ended = new Promise((yes, no) => {
    resolve = yes;
    worker.onerror = ({ message }) => no(new Error(message));
  });
  worker.onmessage = ({ data: { value: piece, done } }) => {
    if (done) return worker.terminate();
    if (piece.name === "pickup") return;
    origin ??= began + lead * Math.max(0, Math.ceil((context.currentTime + 0.05 - began) / lead) - 1);
    if (sources.has(first) && piece.name === "chorus") {
      first.stop(origin + piece.at);
      sources.delete(first);
    }
    const source = start(piece.sound, origin + piece.at);
    last = Math.max(last, origin + piece.at + piece.sound[0].length / RATE);
    source.onended = () => {
      sources.delete(source);
      if (sources.size === 0 && context.currentTime >= last - 0.1) resolve();
    };
  };
  worker.postMessage({ name: "pieces", given: [song] });
  function stop() {
    worker.terminate();
    for (const source of sources) source.stop();
    sources.clear();
    resolve();
  }
  // Until the chorus is there, nobody knows when it begins.
  const starts = () => (origin === undefined ? Number.POSITIVE_INFINITY : origin + lead);
  return { stop, starts, ended };
}

const WORK = { render, renderCore: (song) => renderCore(song), stemFiles };

/** What one of these returns, worked out without blocking the page. */
export function inWorker(name, ...given) {
  const worker = new Worker(import.meta.url, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) => resolve(data.value);
    worker.postMessage({ name, given });
  }).finally(() => worker.terminate());
}

// The other side: this module, loaded as a worker.
if (typeof document === "undefined" && typeof self !== "undefined" && "onmessage" in self) {
  self.onmessage = ({ data: { name, given } }) => {
    if (name !== "pieces") return self.postMessage({ value: WORK[name](...given) });
    for (const value of pieces(...given)) self.postMessage({ value });
    self.postMessage({ done: true });
  };
}
