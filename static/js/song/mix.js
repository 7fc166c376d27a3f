// Stems → a mix, and a mix → the whole song: sections that are rendered once and placed.

import {
  add,
  ended,
  fall,
  filter,
  fromDb,
  peakOf,
  place,
  RATE,
  scale,
  silence,
  sine,
  stereo,
  wave,
} from "../sound/dsp.js";
import { limit, reduction } from "../sound/limit.js";
import { loudness } from "../sound/loudness.js";
import { pingPong, room } from "../sound/room.js";
import { filled, LANES, STEPS } from "./score.js";
import { hits, stem, TAIL } from "./stems.js";
import { balance, tilt } from "./tilt.js";

const LOUD = -15.4; // LUFS of the chorus; the whole song is at −16
const TOP = fromDb(-2.2); // peaks; what happens between two samples stays under −1 dBTP
const SENDS = { drums: 0.16, percussion: 0.3, bass: 0, chords: 0.34, pad: 0.4, hook: 0.42 };

const cut = (sound, seconds) => sound.map((samples) => samples.slice(0, Math.round(seconds * RATE)));

/** What the room adds to these lanes. */
function space(score, lanes, seconds) {
  const { space: place } = score.chosen;
  const live = score.role === "studio" ? 2 : 1;
  const sends = lanes.map(([lane, sound]) => [sound, SENDS[lane] * (lane === "drums" ? live : 1)]);
  const out = room(sends, {
    ...place,
    length: seconds,
    dark: 0.3,
    level: 0.55 * place.level,
    early: 0.6 * place.level,
  });
  const singer = lanes.find(([lane]) => lane === "hook")?.[1];
  const echo = Math.max(place.echo, score.role === "mix" ? 0.25 : 0);
  if (singer && echo)
    add(out, pingPong(singer, { length: seconds, seconds: 3 * score.step, feedback: 0.35, level: echo }));
  return out;
}

/**
 * The eight bars that everything is made of: { stems: { <lane>: sound, space }, mix }. The mix is the sum of the stems:
 * one balance, one gain and one limiter are applied to all of them. Only lanes whose first decision has been made are in it.
 */
export function renderCore(score, made = new Map()) {
  const lanes = LANES.filter((lane) => present(score, lane)).map((lane) => [lane, kept(score, lane, made).sound]);
  const { all, mix, bells, gain, turned } = mixed(score, lanes, STEPS * score.step);
  const stems = Object.fromEntries(
    all.map(([lane, sound]) => [
      lane,
      balance(sound.map(padded(mix[0].length)), bells).map((one) => under(one, gain, turned)),
    ]),
  );
  return { stems, mix };
}

export const present = (score, lane) => score.chosen[DECIDES[lane]].known;
const DECIDES = {
  drums: "groove",
  percussion: "percussion",
  bass: "bass",
  chords: "chords",
  pad: "space",
  hook: "hook",
};

function kept(score, lane, made) {
  const { chosen, notes, role, seed, step } = score;
  const key = JSON.stringify([
    lane,
    notes[lane],
    lane === "bass" || lane === "pad" ? notes.drums : 0,
    chosen.kit,
    chosen.feel,
    chosen.voice,
    role,
    seed,
    step,
  ]);
  if (made.get(lane)?.key !== key) made.set(lane, { key, ...stem(score, lane) });
  return made.get(lane);
}

/** Lanes and their room at the balance and loudness of a chorus, or with those of the `core`. */
function mixed(score, lanes, seconds, core) {
  const length = seconds + TAIL + score.chosen.space.seconds;
  const all = [...lanes, ["space", space(score, lanes, length)]];
  const mix = stereo(length);
  for (const [, sound] of all) add(mix, sound);
  const bells = core?.bells ?? tilt(mix);
  balance(mix, bells);
  const heard = mix.map((samples) => samples.subarray(0, Math.round(seconds * RATE)));
  const gain = core?.gain ?? fromDb(LOUD - loudness(heard));
  const turned = reduction(mix, TOP / gain);
  for (const samples of mix) under(samples, gain, turned);
  return { all, mix, bells, gain, turned };
}

const padded = (length) => (samples) => {
  const out = new Float32Array(length);
  out.set(samples.subarray(0, length));
  return out;
};

function under(samples, gain, turned) {
  for (let i = 0; i < samples.length; i++) samples[i] *= gain * turned[i];
  return samples;
}

/** The lanes of a song, or some of them: { <lane>: { sound, verse } }. */
export const stemsOf = (score, lanes = LANES) => Object.fromEntries(lanes.map((lane) => [lane, stem(score, lane)]));

/** The two beats that lead into a song, as its first piece. */
export const lead = (score) => ({ name: "pickup", at: 0, sound: pickup(score) });

/** The song piece by piece, each { name, at, sound } in seconds; they may be played as they come, and they overlap. */
export function* pieces(score) {
  yield lead(score);
  yield* sections(score, stemsOf(score));
}

/** What comes after the pickup. */
export function* sections(score, stems) {
  const bar = 16 * score.step;
  const core = mixed(
    score,
    LANES.map((lane) => [lane, stems[lane].sound]),
    STEPS * score.step,
  );
  let at = bar / 2;
  for (const [i, [name, bars]] of score.form.entries()) {
    const last = i === score.form.length - 1;
    const sound = section(score, name, bars, stems, core);
    yield { name, at, sound: last && score.chosen.ending.ending === "fade" ? faded(sound, bars * bar) : sound };
    at += bars * bar;
  }
  if (score.chosen.ending.ending !== "fade") yield { name: "ending", at, sound: ending(score, stems, core) };
}

function section(score, name, bars, stems, core) {
  const seconds = bars * 16 * score.step;
  if (name === "chorus" && 16 * bars === STEPS) return core.mix;
  const { lanes, from } = score.chosen.break;
  const heard = { chorus: LANES, verse: ["drums", "bass", "chords", "hook"], break: lanes }[name];
  const sounds = heard.map((lane) => {
    const { sound, verse } = stems[lane];
    const part = (name === "verse" && verse) || sound;
    return [lane, 16 * bars === STEPS ? part : ended(cut(part, seconds), 0.03)];
  });
  const { mix } = mixed(score, sounds, seconds, core);
  if (name === "break" && from) opening(mix, from, seconds);
  return mix;
}

/** A curtain in front of a sound, which opens to its end. */
function opening(sound, from, seconds) {
  for (const samples of sound) {
    const dark = filter(filter(samples.slice(), "lowpass", from), "lowpass", 4 * from);
    const half = filter(samples.slice(), "lowpass", 8 * from);
    for (let i = 0; i < samples.length; i++) {
      const open = Math.min(1, i / RATE / seconds);
      const [first, second] = [Math.max(0, 1 - 2 * open), Math.max(0, 2 * open - 1)];
      samples[i] = first * 1.4 * dark[i] + (1 - first - second) * half[i] + second * samples[i];
    }
  }
}

const STICKS = [
  { at: 0, voice: "rim", velocity: 0.6, length: 1 },
  { at: 4, voice: "rim", velocity: 0.7, length: 1 },
];

/** Two beats of sticks: made in no time, so that something sounds while the rest is made. */
export function sticks({ step }) {
  const sound = stereo(8 * step);
  const stick = wave(0.04, (t, i) => 0.3 * Math.min(1, i / 12) * fall(t, 0.05) * sine(1667 * t));
  for (const { at, velocity } of STICKS) place(sound, stick, { at: at * step, gain: velocity });
  return sound;
}

/** Two beats that lead in: the end of the fill, and the sticks. */
function pickup(score) {
  const { fill, kit } = score.chosen;
  const end = filled(fill.fill, kit).filter(({ at }) => at >= 8);
  const notes = [...STICKS, ...end.map((note) => ({ ...note, at: note.at - 8 }))];
  const sound = hits(score, notes, 8 * score.step + 0.5);
  const gain = Math.min(fromDb(-19 - loudness(sound)), 0.6 / peakOf(sound));
  for (const samples of sound) scale(samples, gain);
  return ended(limit(sound, TOP), 0.1);
}

/** A copy that fades over its second half: the first chorus may be the same sound. */
function faded(sound, seconds) {
  const half = Math.round((seconds / 2) * RATE);
  const out = sound.map((samples) => samples.slice(0, 2 * half));
  for (const samples of out) for (let i = half; i < samples.length; i++) samples[i] *= (2 - i / half) ** 2;
  return ended(out);
}

/** The first beat once more: it rings, it stops at once, or it slows down and falls. */
function ending(score, stems, core) {
  const { ending: kind } = score.chosen.ending;
  const seconds = kind === "stop" ? 2 * score.step : 16 * score.step;
  const lanes = ["drums", "bass", "chords", "pad"].map((lane) => {
    const length = lane === "drums" ? 2 * score.step : seconds;
    return [lane, ended(cut(stems[lane].sound, length), kind === "stop" ? 0.03 : 0.6 * length)];
  });
  const { mix } = mixed(score, lanes, seconds + (kind === "ring" ? 1 : 0), core);
  return kind === "fall" ? falling(mix, 8 * score.step) : mix;
}

/** A sound whose tape is stopped over so many seconds. */
function falling(sound, seconds) {
  const length = Math.round(seconds * RATE);
  return ended(
    sound.map((samples) => {
      const out = silence(seconds);
      for (let i = 0; i < length; i++) {
        const place = i - (i * i) / (2 * length);
        const at = Math.floor(place);
        out[i] = samples[at] + (place - at) * ((samples[at + 1] ?? 0) - samples[at]);
      }
      return out;
    }),
    0.1,
  );
}

/** The pieces as one sound. */
export function joined(all) {
  const seconds = Math.max(...all.map(({ at, sound }) => at + sound[0].length / RATE));
  const out = stereo(seconds);
  for (const { at, sound } of all) add(out, sound, at);
  return limit(out, TOP);
}

export const render = (score, stems = stemsOf(score)) => joined([lead(score), ...sections(score, stems)]);
