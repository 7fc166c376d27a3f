// Effects: four devices that play copies later, of which one is on the desk at a time; and a sum to work out.

import { ab } from "./ab.js";
import { toDb } from "./engine.js";
import { ear, passes } from "./ear.js";
import { EFFECTS, SETTINGS, lateness, whichTest } from "./fx.js";
import { choice, frame, inDb, inMs, keep, line, recall, slider } from "./lab.js";
import { SONG, loopOf } from "./sounds.js";

export const prepare = () => loopOf("song");

const WORKED = "producerguide.delay-sum"; // true once a delay time was worked out
const NOTES = { 1: "a quarter note", 0.75: "a dotted eighth", 0.5: "an eighth note" };

const rate = { real: (turns) => turns / SONG, text: (hz) => `${hz.toFixed(2)} Hz` };
const sway = { text: (ms) => `±${ms} ms` };
const mix = { text: inDb };
const SLIDERS = {
  delay: { bpm: { text: (bpm) => `${bpm} BPM` }, feedback: { text: (share) => `${share} %` }, mix },
  reverb: { seconds: { text: (seconds) => `${seconds} s` }, gap: { text: inMs }, mix },
  chorus: { rate, depth: sway, mix },
  flanger: { rate, depth: sway, mix },
};

// The drawings. Above: 3 s in 280 units, 1.8 units a decibel down to −60. Below: a loop in 280 units, 2.7 units a millisecond.
const SPAN = 3000;
const atMs = (ms) => 30 + (280 * ms) / SPAN;
const atDb = (db) => Math.min(130, 22 - 1.8 * Math.min(0, db));
const atTime = (turn) => 30 + 280 * turn;
const atGap = (ms) => 130 - 2.7 * ms;

function echoes({ feedback, mix, ...time }) {
  let path = "";
  for (let n = 1, ms = lateness(time); n * ms < SPAN; n++) {
    const db = mix + (n - 1) * toDb(Math.max(feedback, 0.1) / 100);
    if (db > -60) path += `M${atMs(n * ms).toFixed(1)} 130V${atDb(db).toFixed(1)}`;
  }
  return path;
}

const slope = ({ gap, seconds, mix }) =>
  line([
    [atMs(gap), 130],
    [atMs(gap), atDb(mix)],
    [atMs(gap + (1000 * seconds * (60 + mix)) / 60), 130],
  ]);

export function mount(section, context) {
  const lab = frame(section, context);
  const settings = structuredClone(SETTINGS);
  const find = (name) => section.querySelector(name);
  const [copies, past, gaps, dot, late] = [".copies", ".past", ".gaps", ".dot", ".late"].map(find);
  let turned = 0; // turns of the sway since it began
  let then = 0;
  let kind = "delay";
  const effect = (context) => {
    // A measurement may end when the visitor is at the test already.
    if (part.value in EFFECTS) kind = part.value;
    const built = EFFECTS[kind](context, settings[kind]);
    if (context === lab.context) [turned, then] = [0, context.currentTime];
    const own = settings[kind];
    return { ...built, update: () => built.set(own) };
  };

  const met = () => passes(whichTest, whichTest.levels[0]) >= 1 && recall(WORKED, false);
  const trial = ear(lab, find(".ear"), { ...whichTest, met });
  const source = choice(section, "fx-source", () => lab.again());
  const device = ab(section, "fx", () => loopOf(source.value), effect, { gain: 0.8 });
  const part = choice(section, "part", enter);
  for (const kind of Object.keys(SLIDERS)) choice(section, `${kind}-step`);

  function enter() {
    draw();
    if (part.value === "test") trial.enter();
    else lab.use(() => device.listen());
  }

  let timer;
  const set = (kind, name) => (value) => {
    settings[kind][name] = value;
    draw();
    // A new room for every pixel of a slider would be too much for a phone.
    clearTimeout(timer);
    timer = setTimeout(() => device.live?.effect.update(), name === "seconds" ? 150 : 0);
    device.changed();
  };
  const note = choice(section, "delay-note", (value) => set("delay", "note")(Number(value)));
  settings.delay.note = Number(note.value);

  function draw() {
    const own = settings[part.value];
    if (part.value === "delay") {
      copies.setAttribute("d", echoes(own));
      late.textContent = `60,000 ÷ ${own.bpm} × ${own.note} = ${Math.round(lateness(own))} ms`;
    }
    if (part.value === "reverb") copies.setAttribute("d", slope(own));
    if (own?.rate)
      gaps.setAttribute("d", line(Array.from({ length: 161 }, (_, i) => [atTime(i / 160), gapOf(own, i / 160)])));
  }
  const gapOf = ({ middle, depth, rate }, turn) => atGap(middle + depth * Math.sin(2 * Math.PI * rate * SONG * turn));

  for (const [kind, controls] of Object.entries(SLIDERS)) {
    for (const [name, words] of Object.entries(controls)) slider(section, `${kind}-${name}`, words, set(kind, name));
  }

  let levels = [];
  lab.eachFrame(() => {
    const now = performance.now();
    if (lab.player.playing) levels.push([now, toDb(Math.max(lab.player.level(), 1e-4)) + 10]);
    levels = part.value === "test" || !lab.player.playing ? [] : levels.filter(([time]) => now - time < SPAN);
    past.setAttribute(
      "d",
      levels.length
        ? `${line(levels.map(([time, db]) => [atMs(SPAN - now + time), atDb(db)]))}V130H${atMs(SPAN - now + levels[0][0]).toFixed(1)}Z`
        : "",
    );
    const own = settings[part.value];
    if (!own?.rate) return;
    turned += (context.currentTime - then) * own.rate;
    then = context.currentTime;
    const turn = (turned / own.rate / SONG) % 1;
    dot.setAttribute("cx", atTime(turn));
    dot.setAttribute("cy", gapOf(own, turn));
  });
  sum(find);
  enter();
  return lab;
}

/** A tempo, a note value, and the visitor’s answer in milliseconds. */
function sum(find) {
  const [question, verdict] = [find(".sum-question"), find(".sum-verdict")];
  const answer = slider(find(".sum"), "delay-sum", { text: inMs }, () => {});
  let asked = {};
  const ask = () => {
    const notes = Object.keys(NOTES).filter((note) => Number(note) !== asked.note);
    asked = {
      bpm: 80 + 2 * Math.floor(41 * Math.random()),
      note: Number(notes[Math.floor(notes.length * Math.random())]),
    };
    question.textContent = `A song has ${asked.bpm} BPM. How late is ${NOTES[asked.note]}?`;
  };
  find(".sum-check").addEventListener("click", () => {
    const right = lateness(asked);
    if (Math.abs(answer.value - right) > 2) {
      verdict.textContent = `${inMs(answer.value)} is too ${answer.value > right ? "long" : "short"}. One beat is 60,000 ÷ ${asked.bpm}, and ${NOTES[asked.note]} is ${asked.note} of it.`;
      return;
    }
    verdict.textContent = `Right: 60,000 ÷ ${asked.bpm} × ${asked.note} = ${inMs(right)}. Here is another.`;
    keep(WORKED, true);
    ask();
  });
  ask();
}
