// Theory: a scale and a loop of four chords from it, a tune to harmonise, keys to play along; and "which chord changed?".

import { clock } from "./clock.js";
import { draw, levelled } from "./engine.js";
import { pointIn } from "./handles.js";
import { called, chordName, names, semitonesTo, triad, tune, turns, within, wrap } from "./harmony.js";
import { Lab } from "./lab.js";
import { hit, pads, played } from "./live.js";
import { line, setter } from "./panel.js";
import { bass, keys, notesLoop, SIXTEENTH, SONG, shot } from "./sounds.js";
import { steps } from "./steps.js";

const MIDDLE = { keys: 65, bass: 33 }; // one sound of each, played faster or slower for the other notes

/** A promise of one buffer for each voice. */
export const prepare = async () => {
  const [high, low] = await Promise.all([
    shot(keys, { notes: [MIDDLE.keys], length: 2.4 * SIXTEENTH, level: 0.55 }),
    shot(bass, { note: MIDDLE.bass, length: 1.8 * SIXTEENTH, level: 0.35 }),
  ]);
  return { keys: high, bass: low };
};

/** The MIDI number of the home note: the one nearest to middle C. */
export const homeKey = (home) => (home < 6 ? 60 : 48) + home;

/** A chord in the octave above the home note, in semitones. */
export const close = (chord) => chord.map((up) => wrap(up, 12));

const UP = [0, 1, 2, 3, 4, 5, 6, 7];
const UP_AND_DOWN = [...UP, 6, 5, 4, 3, 2, 1];
const RHYTHM = { 0: [1, 1], 3: [0.6, 0.7], 6: [0, 0.8] }; // how loud keys and bass are, by sixteenth of half a bar

/** `settings`: { home, mode, chords: [degrees], beats, does: "scale", "chords", "tune" or nothing }, read as it plays. */
export function band(context, sounds, settings, step = () => {}) {
  const output = new GainNode(context);
  const note = (voice, midi, when, level) =>
    hit(output, sounds[voice], when, { semitones: midi - MIDDLE[voice], level });
  const low = (home, chord, when, level) => note("bass", 28 + wrap(home + chord[0] - 4, 12), when, level);
  const bar = (number, when) => {
    const { home, mode, chords, beats } = settings;
    const length = 4 * beats;
    const at = Math.floor(number / length) % chords.length;
    const now = number % length;
    const chord = triad(mode, chords[at]);
    for (const [start, degree] of tune(at, beats))
      if (start === now) note("keys", homeKey(home) + 12 + semitonesTo(mode, degree), when, 1.3);
    if (now === 0) low(home, chord, when, 0.8);
    if (now % 4 === 0) for (const up of close(chord)) note("keys", homeKey(home) + up, when, now ? 0.45 : 0.6);
    step(at + now / length, when);
  };
  clock(context, (number, when) => {
    const { home, mode, chords, does } = settings;
    if (does === "tune") bar(number, when);
    if (does === "scale" && number % 2 === 0) {
      const at = (number / 2) % UP_AND_DOWN.length;
      note("keys", homeKey(home) + semitonesTo(mode, UP_AND_DOWN[at]), when, 1);
      step(at, when);
    }
    const at = Math.floor(number / 8) % chords.length;
    const [high, deep] = (does === "chords" && RHYTHM[number % 8]) || [0, 0];
    const chord = triad(mode, chords[at]);
    if (high) for (const up of close(chord)) note("keys", homeKey(home) + up, when, high);
    if (deep) low(home, chord, when, deep);
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
  levels: Object.keys(SIZES),
  pass: 8,
  options: { 1: "Chord 1", 2: "Chord 2", 3: "Chord 3", 4: "Chord 4" },
  unit: (level) => `one chord changed in ${SIZES[level]}`,
  async sounds(answer, level, next) {
    const degrees = draw(next, LOOPS);
    const before = degrees.map((degree) => triad("major", degree));
    const after = before.map((chord, i) => (i === answer - 1 ? draw(next, turns(degrees[i], level)) : chord));
    const note = (chord, i) => {
      const low = degrees[i] > 3 ? 48 : 60;
      return [8 * i, keys, { notes: chord.map((up) => low + up), length: 5 * SIXTEENTH }, 1];
    };
    const loops = [before, after].map((chords) => notesLoop(SONG, chords.map(note)));
    const [first, second] = await Promise.all(loops);
    return [first, levelled(second, first)];
  },
  // No `met`: the checklist asks for scales that are built and songs that are named.
};

// The drawing: 11 units a semitone above the home note; time over 268 units.
const box = (x, width, up) => `M${x.toFixed(1)} ${152 - 11 * up}h${width.toFixed(1)}v8h-${width.toFixed(1)}z`;

const across = (y) =>
  line([
    [42, y],
    [310, y],
  ]);
const atNote = (i) => 43 + (268 * i) / UP_AND_DOWN.length;
const atChord = (i) => 44 + 67 * i;

export function mount(section, context) {
  const lab = new Lab(section, context);
  new Keyboard(lab, lab.panel.within("theory")).step.enter();
  lab.takeHome("chords");
  return lab;
}

class Keyboard {
  settings = { home: 0, mode: "major", chords: [0, 4, 5, 3], beats: 4 };
  live; // the band that plays
  past; // the notes or chords that were played

  constructor(lab, panel) {
    this.lab = lab;
    this.panel = panel;
    this.keys = pads(panel, "keyboard", (midi) => this.press(midi));
    const change = () => this.change();
    this.behind = panel.choice("behind", change);
    this.bar = panel.choice("chord-at", change);
    this.step = steps(lab, panel, "theory-step", { ready: () => this.ready(), test: chordTest, draw: change });
    const set = setter(this.settings, change);
    panel.choice("mode", set("mode"));
    panel.slider("home", { text: (home) => names(home, this.settings.mode)[0] }, set("home"));
    for (const i of this.settings.chords.keys()) {
      const put = setter(this.settings.chords, change)(i);
      panel.choice(`chord-${i + 1}`, (degree) => put(Number(degree) - 1));
    }
    panel.choice("beats", (beats) => {
      set("beats")(Number(beats));
      lab.again();
    });
    panel
      .part("notes")
      .ownerSVGElement.addEventListener("click", (event) => this.tap(pointIn(event.currentTarget, event)));
    lab.eachFrame(() => this.follow());
  }

  /** A tap in the drawing builds that chord on the nearest note of the scale. */
  tap([x, y]) {
    if (!["chords", "tune", "play"].includes(this.step.value)) return;
    const i = Math.max(0, Math.min(3, Math.floor((x - 42) / 67)));
    const far = (degree) => Math.abs(156 - 11 * semitonesTo(this.settings.mode, degree) - y);
    const [nearest] = UP.slice(0, 7).sort((one, other) => far(one) - far(other));
    this.panel.pick("chord-at", String(i + 1));
    this.panel.pick(`chord-${i + 1}`, String(nearest + 1));
  }

  async ready() {
    const sounds = await prepare();
    return (context) => {
      this.past = played();
      this.live = band(context, sounds, this.settings, this.past.add);
      return this.live;
    };
  }

  async press(midi) {
    if (!this.lab.playing) await this.lab.play();
    this.live?.press(midi);
    const { name, place } = called(midi % 12, this.settings.home, this.settings.mode);
    this.panel.write("pressed", place ? `${name} is note ${place} of the scale.` : `${name} is not in the scale.`);
  }

  change() {
    const { value } = this.step;
    const behind = this.behind.value === "1" || !["scale", "play"].includes(value);
    this.settings.does = behind ? (["scale", "tune"].includes(value) ? value : "chords") : "";
    this.writeNames();
    this.writeFit();
    this.drawNotes(value);
  }

  writeNames() {
    const { home, mode, chords } = this.settings;
    const [spelled, loop] = [names(home, mode), chords.map((degree) => chordName(home, mode, degree))];
    this.panel.write("says", `${spelled[0]} ${mode}: ${spelled.join(" ")}. The loop is ${loop.join(", ")}.`);
    for (const key of this.keys) {
      const { name, place } = called(key.value % 12, home, mode);
      key.textContent = name;
      key.classList.toggle("outside", !place);
    }
    for (const [up, label] of this.panel.parts(".names text").entries()) {
      const { name, place } = called((home + up) % 12, home, mode);
      label.textContent = place ? name : "";
    }
  }

  /** Which notes of the tune the chosen chord has, and how many bars begin on a note of theirs. */
  writeFit() {
    const { home, mode, chords, beats } = this.settings;
    const at = Number(this.bar.value) - 1;
    const said = (inside) => {
      const all = tune(at, beats).filter(([, degree]) => within(degree, chords[at]) === inside);
      return all.map(([, degree]) => names(home, mode)[degree]).join(" ") || "none";
    };
    const begun = chords.filter((chord, i) => within(tune(i, beats)[0][1], chord)).length;
    this.panel.write(
      "fit",
      `Bar ${at + 1}, ${chordName(home, mode, chords[at])}. In the chord: ${said(true)}. Outside it: ${said(false)}. ` +
        `Bars that begin on a note of their chord: ${begun} of 4.`,
    );
  }

  drawNotes(step) {
    const { home, mode, chords, beats } = this.settings;
    const sung = chords.flatMap((_, i) =>
      tune(i, beats).map(([at, degree, length]) =>
        box(atChord(i + at / (4 * beats)), (67 * length) / (4 * beats) - 3, semitonesTo(mode, degree)),
      ),
    );
    this.panel.draw("tune", step === "tune" ? sung.join("") : "");
    const boxes =
      step === "scale"
        ? UP_AND_DOWN.map((degree, i) => box(atNote(i), 17, semitonesTo(mode, degree)))
        : chords.flatMap((degree, i) => close(triad(mode, degree)).map((up) => box(atChord(i), 60, up)));
    const named = step !== "test" && step !== "scale";
    this.panel.draw("lines", UP.map((degree) => across(156 - 11 * semitonesTo(mode, degree))).join(""));
    this.panel.draw("notes", step === "test" ? "" : boxes.join(""));
    for (const [i, head] of this.panel.parts(".chord-names text").entries()) {
      head.textContent = named ? chordName(home, mode, chords[i]) : "";
    }
  }

  follow() {
    const sounds = this.step.heard && this.settings.does;
    const at = sounds ? this.past?.now(this.lab.context.currentTime) : undefined;
    const x = this.step.value === "scale" ? atNote(at) : atChord(Math.min(at, 3.99));
    this.panel.draw("head", at === undefined ? "" : `M${(x - 2).toFixed(1)} 20V162`);
  }
}
