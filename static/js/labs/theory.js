// Theory: a scale and a loop of four chords from it, keys to play along; and "which chord changed?".

import { clock } from "./clock.js";
import { draw, ear } from "./ear.js";
import { chordName, called, names, semitonesTo, triad, turns, wrap } from "./harmony.js";
import { levelled } from "./engine.js";
import { choice, frame, line, slider, steps } from "./lab.js";
import { hit, played } from "./live.js";
import { SIXTEENTH, SONG, bass, keys, notesLoop, shot } from "./sounds.js";

const MIDDLE = { keys: 65, bass: 33 }; // one sound of each, played faster or slower for the other notes

/** A promise of one buffer a voice. */
export const prepare = async () => {
  const [high, low] = await Promise.all([
    shot(keys, { notes: [MIDDLE.keys], length: 2.4 * SIXTEENTH, level: 0.35 }),
    shot(bass, { note: MIDDLE.bass, length: 1.8 * SIXTEENTH, level: 0.22 }),
  ]);
  return { keys: high, bass: low };
};

/** The home note as it is played: the nearest to middle C. */
export const homeKey = (home) => (home < 6 ? 60 : 48) + home;

/** A chord in the octave above the home note, in semitones. */
export const close = (chord) => chord.map((up) => wrap(up, 12));

const UP = [0, 1, 2, 3, 4, 5, 6, 7];
const UP_AND_DOWN = [...UP, 6, 5, 4, 3, 2, 1];
const RHYTHM = { 0: [1, 1], 3: [0.6, 0.7], 6: [0, 0.8] }; // how loud keys and bass are, by sixteenth of half a bar

/** `settings`: { home, mode, chords: [degrees], does: "scale", "chords" or nothing }, read as it plays. */
export function band(context, sounds, settings, step = () => {}) {
  const output = new GainNode(context);
  const note = (voice, midi, when, level) =>
    hit(output, sounds[voice], when, { semitones: midi - MIDDLE[voice], level });
  clock(context, (number, when) => {
    const { home, mode, chords, does } = settings;
    if (does === "scale" && number % 2 === 0) {
      const at = (number / 2) % UP_AND_DOWN.length;
      note("keys", homeKey(home) + semitonesTo(mode, UP_AND_DOWN[at]), when, 1);
      step(at, when);
    }
    const at = Math.floor(number / 8) % chords.length;
    const [high, low] = (does === "chords" && RHYTHM[number % 8]) || [0, 0];
    const chord = triad(mode, chords[at]);
    if (high) for (const up of close(chord)) note("keys", homeKey(home) + up, when, high);
    if (low) note("bass", 28 + wrap(home + chord[0] - 4, 12), when, low);
    if (does === "chords" && number % 8 === 0) step(at, when);
    return SIXTEENTH;
  });
  return { output, press: (midi) => note("keys", midi, context.currentTime, 1.2) };
}

const LOOPS = [
  [0, 4, 5, 3],
  [5, 3, 0, 4],
  [0, 5, 3, 4],
  [0, 2, 3, 4],
  [1, 4, 0, 5],
];
const SIZES = {
  three: "three of its notes",
  two: "two of its notes",
  tone: "one of its notes, by two semitones",
  semitone: "one of its notes, by one semitone",
};

export const chordTest = {
  name: "chord",
  skill: "theory",
  levels: Object.keys(SIZES),
  pass: 8,
  options: { 1: "Chord 1", 2: "Chord 2", 3: "Chord 3", 4: "Chord 4" },
  unit: (level) => `one chord changed in ${SIZES[level]}`,
  async sounds(answer, level, next) {
    const degrees = draw(next, LOOPS);
    const before = degrees.map((degree) => triad("major", degree));
    const after = before.map((chord, i) => (i === answer - 1 ? draw(next, turns(degrees[i], level)) : chord));
    const [first, second] = await Promise.all(
      [before, after].map((chords) =>
        notesLoop(
          SONG,
          chords.map((chord, i) => {
            const low = degrees[i] > 3 ? 48 : 60;
            return [8 * i, keys, { notes: chord.map((up) => low + up), length: 5 * SIXTEENTH }, 1];
          }),
        ),
      ),
    );
    return [first, levelled(second, first)];
  },
  met: () => false, // The checklist asks for scales that are built and songs that are named.
};

// The drawing: 11 units a semitone above the home note; time over 268 units.
const box = (x, width, up) => `M${x.toFixed(1)} ${152 - 11 * up}h${width}v8h-${width}z`;

export function mount(section, context) {
  const lab = frame(section, context);
  const root = section.querySelector(".theory");
  const part = (name) => root.querySelector(`.${name}`);
  const pads = [...root.querySelectorAll(".keyboard button")];
  const labels = [...root.querySelectorAll(".names text")];
  const heads = [...root.querySelectorAll(".chord-names text")];
  const settings = { home: 0, mode: "major", chords: [0, 4, 5, 3] };
  let live;
  let past;

  function change() {
    const { home, mode, chords } = settings;
    const still = step.value === "test";
    const scale = step.value === "scale";
    settings.does = behind.value === "1" || !["scale", "play"].includes(step.value) ? (scale ? "scale" : "chords") : "";
    const spelled = names(home, mode);
    part("says").textContent =
      `${spelled[0]} ${mode}: ${spelled.join(" ")}. The loop is ${chords.map((degree) => chordName(home, mode, degree)).join(", ")}.`;
    for (const pad of pads) {
      const { name, place } = called(pad.value % 12, home, mode);
      pad.textContent = name;
      pad.classList.toggle("outside", !place);
    }
    labels.forEach((label, up) => {
      const { name, place } = called((home + up) % 12, home, mode);
      label.textContent = place ? name : "";
    });
    part("lines").setAttribute(
      "d",
      UP.map((degree) => 156 - 11 * semitonesTo(mode, degree))
        .map((y) =>
          line([
            [42, y],
            [310, y],
          ]),
        )
        .join(""),
    );
    const boxes = scale
      ? UP_AND_DOWN.map((degree, i) => box(43 + (268 * i) / 14, 17, semitonesTo(mode, degree)))
      : chords.flatMap((degree, i) => close(triad(mode, degree)).map((up) => box(44 + 67 * i, 60, up)));
    part("notes").setAttribute("d", still ? "" : boxes.join(""));
    heads.forEach((head, i) => {
      head.textContent = still || scale ? "" : chordName(home, mode, chords[i]);
    });
  }
  async function listen() {
    const sounds = await prepare();
    return (context) => {
      past = played();
      return (live = band(context, sounds, settings, past.add));
    };
  }
  const set = (name) => (value) => {
    settings[name] = value;
    change();
  };
  async function press(midi) {
    if (!lab.player.playing) await lab.play();
    live?.press(midi);
    const { name, place } = called(midi % 12, settings.home, settings.mode);
    part("pressed").textContent = place ? `${name} is note ${place} of the scale.` : `${name} is not in the scale.`;
  }
  for (const pad of pads) {
    pad.addEventListener("pointerdown", () => press(Number(pad.value)));
    pad.addEventListener("click", ({ detail }) => detail === 0 && press(Number(pad.value))); // from the keyboard
  }
  const trial = ear(lab, part("ear"), chordTest);
  const behind = choice(root, "behind", () => change());
  const step = steps(lab, root, "theory-step", listen, trial, () => change());
  choice(root, "mode", set("mode"));
  slider(root, "home", { text: (home) => names(home, settings.mode)[0] }, set("home"));
  settings.chords.forEach((_, i) =>
    choice(root, `chord-${i + 1}`, (degree) => {
      settings.chords[i] = Number(degree) - 1;
      change();
    }),
  );
  step.enter();
  lab.eachFrame(() => {
    const playing = lab.player.playing && settings.does && step.value !== "test";
    const at = playing ? past?.now(context.currentTime) : undefined;
    const x = step.value === "scale" ? 43 + (268 * at) / 14 : 44 + 67 * Math.min(at, 3);
    part("head").setAttribute("d", at === undefined ? "" : `M${(x - 2).toFixed(1)} 20V162`);
  });
  return lab;
}
