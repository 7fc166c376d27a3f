// Scales, their spelling, and chords: numbers and names, no sound.

const STEPS = { major: [2, 2, 1, 2, 2, 2, 1], minor: [2, 1, 2, 2, 1, 2, 2] };
const LETTERS = [
  ["C", 0],
  ["D", 2],
  ["E", 4],
  ["F", 5],
  ["G", 7],
  ["A", 9],
  ["B", 11],
];
const HOMES = { major: "C D♭ D E♭ E F F♯ G A♭ A B♭ B", minor: "C C♯ D E♭ E F F♯ G G♯ A B♭ B" };
const SHARPS = "C C♯ D D♯ E F F♯ G G♯ A A♯ B".split(" ");

export const wrap = (number, by) => ((number % by) + by) % by;

/** The semitones from the home note to a note of the scale: 0 is the home note, 7 is its octave, −1 the note below it. */
export const semitonesTo = (mode, degree) =>
  STEPS[mode].slice(0, wrap(degree, 7)).reduce((sum, step) => sum + step, 12 * Math.floor(degree / 7));

/** The names of the seven notes, each letter once. `home` is 0 for C to 11 for B. */
export function names(home, mode) {
  const first = LETTERS.findIndex(([letter]) => letter === HOMES[mode].split(" ")[home][0]);
  return STEPS[mode].map((_, degree) => {
    const [letter, natural] = LETTERS[(first + degree) % 7];
    const off = wrap(home + semitonesTo(mode, degree) - natural + 6, 12) - 6;
    return letter + (off < 0 ? "♭" : "♯").repeat(Math.abs(off));
  });
}

/** What a note (0 to 11) is called in a scale, and its place in it from 1 to 7, or 0. */
export function called(note, home, mode) {
  const place = STEPS[mode].findIndex((_, degree) => wrap(home + semitonesTo(mode, degree) - note, 12) === 0);
  return { place: place + 1, name: place < 0 ? SHARPS[note] : names(home, mode)[place] };
}

/** Every other note of the scale from a degree (0 to 6), in semitones above the home note. */
export const triad = (mode, degree) => [0, 2, 4].map((up) => semitonesTo(mode, degree + up));

/** C, Am or B dim. */
export function chordName(home, mode, degree) {
  const [root, third, fifth] = triad(mode, degree);
  return names(home, mode)[degree] + (fifth - root === 6 ? " dim" : third - root === 3 ? "m" : "");
}

/** A tune of four bars of four beats; in three, each bar loses its last. Its notes: [sixteenth, degree]. */
const TUNE = [
  [
    [0, 2],
    [4, 2],
    [8, 4],
    [12, 2],
  ],
  [
    [0, 5],
    [8, 3],
    [12, 4],
  ],
  [
    [0, 6],
    [4, 4],
    [8, 4],
    [12, 1],
  ],
  [
    [0, 2],
    [4, 1],
    [8, 0],
  ],
];

/** The notes of a bar of the tune: [sixteenth, degree, sixteenths it lasts]. */
export function tune(bar, beats) {
  const notes = TUNE[bar].filter(([at]) => at < 4 * beats);
  return notes.map(([at, degree], i) => [at, degree, (notes[i + 1]?.[0] ?? 4 * beats) - at]);
}

/** Whether a note of the scale is in the chord on a degree. */
export const within = (degree, chord) => [0, 2, 4].some((up) => wrap(chord + up - degree, 7) === 0);

// How the voices of a triad may move, in steps of the scale, to reach another triad.
const MOVES = {
  three: [
    [1, 1, 1],
    [-1, -1, -1],
  ],
  two: [
    [0, 1, 1],
    [-1, -1, 0],
  ],
  one: [
    [0, 0, 1],
    [-1, 0, 0],
  ],
};

/** The triads that one of C major can become when so many voices move: "three", "two", or one by a "tone" or a "semitone". */
export function turns(degree, level) {
  const from = triad("major", degree);
  const to = (MOVES[level] ?? MOVES.one).map((move) => move.map((by, i) => semitonesTo("major", degree + 2 * i + by)));
  const [root, third, fifth] = from;
  if (level === "semitone") to.push([root, third + (third - root === 3 ? 1 : -1), fifth]);
  const far = { tone: 2, semitone: 1 }[level];
  const moved = (chord) => chord.reduce((sum, note, i) => sum + Math.abs(note - from[i]), 0);
  const tense = (chord) => [5, 11].every((note) => chord.some((other) => wrap(other, 12) === note)); // B dim
  return to.filter((chord) => !tense(chord) && (!far || moved(chord) === far));
}
