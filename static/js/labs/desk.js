// From the microphone to the file: where each ceiling is, and how much of a wave it cuts off.

import { gated, powers } from "../sound/loudness.js";
import { chain, copyOf, FADE, fromDb, LEVEL, loop, mono, once, peak, ramp, switcher, toDb } from "./engine.js";
import { hat, kick, loopOf, MELODY, notesLoop, PARTS, SONG, snare, sungLoop } from "./sounds.js";

export const MIC = -46; // dBFS, the peak of every track as its microphone gives it

const drum = (voice) => () =>
  notesLoop(
    SONG,
    PARTS.drums.filter(([, played]) => played === voice),
  );
const moved = (part, by) => () =>
  notesLoop(
    SONG,
    PARTS[part].map(([step, voice, { notes, note, ...settings }, level]) => {
      const pitch = notes ? { notes: notes.map((one) => one + by) } : { note: note + by };
      return [step, voice, { ...settings, ...pitch }, level];
    }),
  );
const choir = (by, seed) => () =>
  sungLoop(
    MELODY.map(([step, note, ...rest]) => [step, note + by, ...rest]),
    { seed },
  );

/** A session of sixteen: the five parts of the song, microphones of the drums, and what doubles the rest. */
const TRACKS = [
  ...["keys", "bass", "drums", "lead", "voice"].map((name) => () => loopOf(name)),
  ...[kick, snare, hat].map(drum),
  moved("bass", 12),
  ...[12, -12].map((by) => moved("keys", by)),
  ...[-12, 12].map((by) => moved("lead", by)),
  choir(0, 1),
  choir(12, 2),
  choir(12, 3),
].map(once);

/** The limit of a converter or a file: nothing is larger than 1. No oversampling: that would overshoot. */
export const clip = (context) => new WaveShaperNode(context, { curve: [-1, 0, 1] });

const cut = (sample) => Math.max(-1, Math.min(1, sample));

/** The first so many tracks: { buffer, samples, peak, loudest }, `loudest` being where the peak is. A promise. */
export const strips = (count) =>
  Promise.all(
    TRACKS.slice(0, count).map(async (make) => {
      const buffer = mono(await make()); // as a microphone records it
      const samples = copyOf(buffer);
      const loudest = samples.reduce((most, sample, i) => (Math.abs(sample) > Math.abs(samples[most]) ? i : most), 0);
      return { buffer, samples, loudest, peak: Math.abs(samples[loudest]) };
    }),
  );

const around = (wave, middle) => Array.from({ length: 97 }, (_, i) => wave(Math.max(0, middle - 240) + 5 * i));

/** The gain from a wave of peak 1 to the converter. */
const into = ({ player, preamp }) => fromDb(MIC + player + preamp);

let latest = {};

/**
 * The peaks that reach the converter and the output, in dBFS; the 10 ms around each, at the converter those of the first
 * track; the loudness of the output, in LUFS, and its powers, one for each 100 ms; and the gains that bring the tracks to
 * working level: `wet` as they leave the desk, and `dry` as they would be if nothing were cut.
 */
export function measure(tracks, settings) {
  const key = JSON.stringify(settings);
  if (latest.tracks !== tracks || latest.key !== key) latest = { tracks, key, found: measured(tracks, settings) };
  return latest.found;
}

function measured(tracks, settings) {
  const gains = tracks.map(({ peak }) => into(settings) / peak);
  const fader = fromDb(settings.fader);
  const { length } = tracks[0].samples;
  const [plain, bus] = [new Float32Array(length), new Float32Array(length)];
  for (const [t, { samples }] of tracks.entries()) {
    for (let i = 0; i < length; i++) {
      const sample = gains[t] * samples[i];
      plain[i] += sample;
      bus[i] += fader * cut(sample);
    }
  }
  const top = plain.reduce((most, sample, i) => (Math.abs(sample) > Math.abs(plain[most]) ? i : most), 0);
  const first = (i) => gains[0] * tracks[0].samples[i];
  return {
    converter: MIC + settings.player + settings.preamp,
    output: toDb(peak(bus)),
    waves: [around(first, tracks[0].loudest), around((i) => bus[i], top)],
    ...matched(plain, bus.map(cut), Math.abs(plain[top])),
  };
}

/** The gains for two waves at one loudness, of which the first may reach `top`; and how loud the second is. */
function matched(plain, bus, top) {
  // At full scale, because loudness leaves out what is very quiet.
  const [dry, wet] = [plain, bus].map((samples) => {
    const most = peak(samples, 1e-6);
    const all = powers([samples.map((sample) => sample / most)]);
    return { lufs: toDb(most) + Math.max(-100, gated(all)), powers: all.map((power) => power * most ** 2) };
  });
  const gain = Math.min(fromDb(LEVEL - dry.lufs), fromDb(LEVEL + 14) / top);
  return { ...wet, dry: gain, wet: gain * fromDb(dry.lufs - wet.lufs) };
}

/** What a loudness meter shows so many seconds into a loop with these powers: of the last 0.4 s, and of the last 3 s. */
export function meter(powers, seconds) {
  const now = Math.floor(10 * seconds);
  return [4, 30].map((count) => {
    let sum = 1e-9;
    for (let i = 1; i <= count; i++) sum += powers.at((now - i) % powers.length);
    return 10 * Math.log10(sum / count) - 0.691; // as ITU-R BS.1770 defines LUFS
  });
}

/** Tracks that run through the desk (1), and past every ceiling (0), equally loud: { output, choose, set, converter, bus }. */
export function desk(context, tracks, settings, chosen = 1) {
  const [plain, monitor, converter, bus] = Array.from({ length: 4 }, () => new GainNode(context));
  const sources = tracks.map(({ buffer }) => loop(context, buffer));
  let path = route(context, sources, tracks, settings, { plain, monitor, converter, bus });
  path.fade(1);
  /** A gain that jumps would click before the level behind it has followed, so one path fades into another. */
  function set(next) {
    path.leave();
    path = route(context, sources, tracks, next, { plain, monitor, converter, bus });
    path.fade(1);
  }
  return { ...switcher(context, [plain, monitor], chosen), set, converter, bus };
}

/** A path through the desk with fixed gains, silent until it is faded in. */
function route(context, sources, tracks, settings, to) {
  const { dry, wet } = measure(tracks, settings);
  const sum = new GainNode(context);
  const outs = [dry, wet].map((gain) => [new GainNode(context, { gain }), new GainNode(context, { gain: 0 })]);
  const preamps = tracks.map(({ peak }, i) => {
    const preamp = new GainNode(context, { gain: into(settings) / peak });
    chain(sources[i], preamp, clip(context), new GainNode(context, { gain: fromDb(settings.fader) }), sum);
    preamp.connect(outs[0][0]);
    return preamp;
  });
  preamps[0].connect(to.converter);
  sum.connect(to.bus);
  chain(sum, clip(context), outs[1][0]);
  for (const [i, [level, fader]] of outs.entries()) level.connect(fader).connect([to.plain, to.monitor][i]);
  function fade(gain) {
    for (const [, fader] of outs) ramp(context, fader.gain, gain);
  }
  function leave() {
    fade(0);
    preamps[0].disconnect(to.converter);
    sum.disconnect(to.bus);
    setTimeout(() => {
      for (const [i, preamp] of preamps.entries()) sources[i].disconnect(preamp);
      for (const [, fader] of outs) fader.disconnect();
    }, 4000 * FADE);
  }
  return { fade, leave };
}
