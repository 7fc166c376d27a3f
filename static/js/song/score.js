// Answers → the score of a song: a pure function. Times are in sixteenths, notes are MIDI numbers.

import parts from "./parts.js";

export const LANES = ["drums", "percussion", "bass", "chords", "pad", "hook"];
export const STEPS = 16 * parts.bars;

const SCALE = [0, 2, 4, 5, 7, 9, 11];
const COLOURS = [8, 6, 6, 6, 7, 6, 6]; // the fourth note of the chord on each degree, in degrees above its root
const wrap = (number, by) => ((number % by) + by) % by;

/** Semitones above the home note, of a degree that may be in another octave. */
const semitones = (degree) => SCALE[wrap(degree, 7)] + 12 * Math.floor(degree / 7);

/**
 * `answers` are the picks in order, as numbers; those still to come may be missing. Decision i is made by answer i, modulo
 * its choices; what is left of a larger number, and answers beyond the decisions, only change the player’s hand.
 */
export function score(answers, role = "bedroom") {
  const chosen = {};
  let seed = 1;
  for (const [i, { id, choices }] of parts.decisions.entries()) {
    const pick = answers[i] ?? 0;
    chosen[id] = {
      ...choices[pick % choices.length],
      index: pick % choices.length,
      question: i,
      known: i < answers.length,
    };
    seed += Math.floor(pick / choices.length);
  }
  for (const pick of answers.slice(parts.decisions.length)) seed = 31 * seed + pick + 1;
  const { tempo } = chosen.tempo;
  const voicings = voiced(chosen.chords.chords, chosen.key.key);
  return {
    role,
    chosen,
    seed,
    tempo,
    step: 15 / tempo, // seconds
    key: chosen.key.key,
    form: formOf(tempo),
    notes: {
      drums: drums(chosen),
      percussion: percussion(chosen),
      bass: bass(chosen),
      chords: comping(chosen.comping.rhythm, voicings),
      pad: voicings.map((notes, bar) => ({ at: 16 * bar, length: 16, notes, velocity: 0.7 })),
      hook: hook(chosen),
    },
  };
}

const UNDER = ["drums", "percussion", "bass"];

/** The picks of two songs in one: the drums and the bass of the second under all the rest of the first, in its key and tempo. */
export const together = (first, second) =>
  first.map((pick, i) => (UNDER.includes(parts.decisions[i]?.lane) ? (second[i] ?? pick) : pick));

/** When a sixteenth comes, in seconds from the start of its part; swing makes every second one late. */
export function timeOf({ step, chosen: { feel } }, at) {
  const odd = Math.floor(at) % 2 === 1;
  return step * (at + (odd ? 2 * feel.swing - 1 : 0));
}

/** 60 to 90 seconds: the slower, the fewer bars. Sections of [name, bars], after a pickup of half a bar. */
function formOf(tempo) {
  const last = tempo < 84 ? [4] : tempo < 112 ? [8] : [8, 4];
  return [["chorus", 8], ["verse", 8], ["break", 4], ...last.map((bars) => ["chorus", bars])];
}

/** Chords of four notes, each in the position that moves least from the one before. */
function voiced(degrees, key) {
  let last = [60, 64, 67, 71];
  return degrees.map((degree) => {
    const tones = [0, 2, 4, COLOURS[degree]].map((up) => wrap(key + semitones(degree + up), 12));
    const choices = [];
    for (let low = 54; low < 68; low++) {
      if (tones.includes(low % 12)) choices.push(closeFrom(low, tones));
    }
    last = choices.reduce((best, one) => (moved(last, one) < moved(last, best) ? one : best));
    return last;
  });
}

function closeFrom(low, tones) {
  const notes = [];
  for (let note = low; notes.length < 4; note++) if (tones.includes(note % 12)) notes.push(note);
  return notes;
}

/** How far the voices go; a position far from the middle of the keyboard counts as farther. */
const moved = (from, to) =>
  to.reduce((sum, note, i) => sum + Math.abs(note - from[i]), 0) + 0.4 * Math.abs(to[0] + to[3] - 131);

const velocity = (mark) => (mark === "o" ? 0.75 : Number(mark) / 9);
const marks = (pattern) => [...pattern].flatMap((mark, at) => (mark === "." || mark === "-" ? [] : [[at, mark]]));

function drums({ groove, fill, kit }) {
  const length = STEPS / 2;
  const notes = [{ at: 0, voice: "crash", velocity: 0.8, length: 8 }];
  for (const voice of ["kick", "snare", "hat"]) {
    const pattern = groove[voice].repeat(Math.ceil(STEPS / groove[voice].length));
    for (const [at, mark] of marks(pattern)) {
      if (at < STEPS - 16 || (at < STEPS - 8 && fill.index === 1)) {
        notes.push({
          at,
          voice: voice === "snare" ? kit.snare : voice,
          velocity: velocity(mark),
          open: mark === "o",
          length: 1,
        });
      }
    }
  }
  notes.push({ at: length, voice: "crash", velocity: 0.45, length: 8 });
  return [...notes, ...filled(fill.fill, kit).map((note) => ({ ...note, at: note.at + STEPS - 16 }))].sort(
    (a, b) => a.at - b.at,
  );
}

const TOMS = { h: [50, 0.5], m: [46, 0], l: [41, -0.5] };

/** The bar that leads on to the next part; also the pickup of the song. */
export function filled(pattern, kit) {
  return marks(pattern).map(([at, mark]) => {
    const loud = 0.55 + (0.4 * at) / 15;
    if (mark === "s") return { at, voice: kit.snare, velocity: loud, length: 1 };
    if (mark === "k") return { at, voice: "kick", velocity: 0.95, length: 1 };
    return { at, voice: "tom", note: TOMS[mark][0], pan: TOMS[mark][1], velocity: loud, length: 2 };
  });
}

const CONGAS = { H: [5, 0.9], L: [-3, 0.9] };

const percussion = ({ percussion: { voice, steps } }) =>
  marks(steps.repeat(parts.bars / 2)).map(([at, mark]) => {
    const [note, loud] = CONGAS[mark] ?? [0, velocity(mark)];
    return { at, voice, note, velocity: loud, length: 1 };
  });

function bass({ bass: line, chords: { chords }, key }) {
  const low = (degree) => 28 + wrap(key.key + semitones(degree) - 28, 12); // from the open E string up
  return chords.flatMap((degree, bar) => {
    const next = chords[(bar + 1) % chords.length];
    const root = low(degree);
    const heard = { r: root, f: root + (degree === 6 ? 6 : 7), o: root + 12, a: low(next) - (low(next) > 30 ? 2 : -2) };
    // The approach is a step of the scale under the next root, or over it where the string ends.
    heard.a = nearestInScale(heard.a, key.key);
    return marks(line.bass).map(([at, mark]) => {
      const rest = line.bass.slice(at + 1).match(/^-*/)[0].length;
      return { at: 16 * bar + at, length: rest + 1, note: heard[mark], velocity: at === 0 ? 0.95 : 0.78 };
    });
  });
}

function nearestInScale(note, key) {
  return [0, 1, -1].map((off) => note + off).find((one) => SCALE.includes(wrap(one - key, 12)));
}

const comping = (rhythm, voicings) =>
  voicings.flatMap((notes, bar) =>
    marks(rhythm).map(([at, mark]) => {
      const rest = rhythm.slice(at + 1).match(/^-*/)[0].length;
      const single = mark >= "0" && mark <= "9";
      return {
        at: 16 * bar + at,
        length: single ? rest + 3 : rest + (mark === "X" ? 1 : 1.3),
        notes: single ? [notes[Number(mark)]] : notes,
        velocity: mark === "X" ? 0.8 : 0.62,
      };
    }),
  );

/** The four bars of the hook twice, with another end; notes that are held, or on a strong beat, move to the chord. */
function hook({ hook: { notes, end }, chords: { chords }, key: { key }, voice: { voice } }) {
  const home = (key > 6 ? 48 : 60) + key + (voice === "sung" ? 0 : 12);
  const second = [...notes.filter(([at]) => at < 48), ...end].map(([at, ...rest]) => [at + 64, ...rest]);
  return [...notes, ...second].map(([at, length, degree]) => {
    const chord = chords[Math.floor(at / 16)];
    const strong = length >= 4 || at % 8 === 0;
    const up = strong ? inChord(degree, chord) : degree;
    return { at, length, note: home + semitones(up), velocity: at % 4 === 0 ? 0.9 : 0.75 };
  });
}

function inChord(degree, chord) {
  const tones = [0, 2, 4].map((up) => wrap(chord + up, 7));
  return [0, -1, 1, -2, 2].map((off) => degree + off).find((one) => tones.includes(wrap(one, 7)));
}
