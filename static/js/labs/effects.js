// Effects: four devices that play copies later, of which one is on the desk at a time; and a sum to work out.

import { ab } from "./ab.js";
import { toDb } from "./engine.js";
import { EFFECTS, lateness, SETTINGS, whichTest } from "./fx.js";
import { handles } from "./handles.js";
import { inDb, inMs, keep, Lab, recall } from "./lab.js";
import { line, plot } from "./panel.js";
import { loopOf, SONG } from "./sounds.js";
import { trial } from "./steps.js";

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

/** How late the copy of a chorus or flanger is at a turn of the loop, as y. */
const gapOf = ({ middle, depth, rate }, turn) => atGap(middle + depth * Math.sin(2 * Math.PI * rate * SONG * turn));

export function mount(section, context) {
  const lab = new Lab(section, context);
  new Rack(lab, lab.panel).enter();
  sum(lab.panel.within("sum"));
  lab.takeHome("effects");
  return lab;
}

/** The four devices, and the drawings of the one on the desk. */
class Rack {
  settings = structuredClone(SETTINGS);
  kind = "delay"; // of the effect that was built last
  levels = []; // [time, dB] of the last seconds
  controls = { delay: {}, reverb: {}, chorus: {}, flanger: {} };
  turned = 0; // turns of the sway since it began
  since = 0; // when that was counted

  constructor(lab, panel) {
    this.lab = lab;
    this.panel = panel;
    const met = (passes) => passes(whichTest, whichTest.levels[0]) >= 1 && recall(WORKED, false);
    this.trial = trial(lab, panel.within("ear"), { ...whichTest, met });
    const source = panel.choice("fx-source", () => lab.again());
    const play = () => loopOf(source.value);
    this.device = ab(panel, "fx", play, (context) => this.build(context), { gain: 0.8 });
    this.part = panel.choice("part", () => this.enter());
    for (const kind of Object.keys(SLIDERS)) panel.choice(`${kind}-step`, () => this.engage());
    const note = panel.choice("delay-note", (value) => this.set("delay", "note", Number(value)));
    this.settings.delay.note = Number(note.value);
    for (const [kind, sliders] of Object.entries(SLIDERS)) {
      for (const [name, words] of Object.entries(sliders)) {
        this.controls[kind][name] = panel.slider(`${kind}-${name}`, words, (value) => this.set(kind, name, value));
      }
    }
    handles(panel.part("copies").ownerSVGElement, this.grips());
    handles(panel.part("gaps").ownerSVGElement, this.swayGrips());
    lab.eachFrame(() => {
      this.drawPast();
      this.drawSway();
    });
  }

  /** The settings of the device on the desk; none during the test. */
  get own() {
    return this.settings[this.part.value];
  }

  build(context) {
    // A measurement may still run when the visitor is at the test: it then keeps to the last device.
    if (this.part.value in EFFECTS) this.kind = this.part.value;
    const settings = this.settings[this.kind];
    const built = EFFECTS[this.kind](context, settings);
    if (context === this.lab.context) [this.turned, this.since] = [0, context.currentTime];
    return { ...built, update: () => built.set(settings) };
  }

  /** What a step is about must be heard: the effect is on. */
  engage() {
    this.panel.pick("fx-on", "1");
  }

  /** The first echo is the tempo and level of a delay, and the second its feedback; a slope is its gap, level and length. */
  grips() {
    const on = (kind, at) => () => (this.part.value === kind ? at(this.settings[kind]) : undefined);
    const { delay, reverb } = this.controls;
    const msAt = (x) => ((x - 30) * SPAN) / 280;
    const dbAt = (y) => (22 - y) / 1.8;
    const second = ({ mix, feedback }) => atDb(mix + toDb(Math.max(feedback, 0.1) / 100));
    return [
      {
        at: on("delay", (own) => [atMs(lateness(own)), atDb(own.mix)]),
        to: (x, y) => {
          delay.bpm.set((60000 * this.settings.delay.note) / msAt(x));
          delay.mix.set(dbAt(y));
        },
      },
      {
        at: on("delay", (own) => [atMs(2 * lateness(own)), second(own)]),
        to: (_, y) => delay.feedback.set(100 * 10 ** ((dbAt(y) - this.settings.delay.mix) / 20)),
      },
      {
        at: on("reverb", (own) => [atMs(own.gap), atDb(own.mix)]),
        to: (x, y) => {
          reverb.gap.set(msAt(x));
          reverb.mix.set(dbAt(y));
        },
      },
      {
        at: on("reverb", ({ gap, seconds, mix }) => [atMs(gap + (1000 * seconds * (60 + mix)) / 60), 122]),
        to: (x) => {
          const { gap, mix } = this.settings.reverb;
          reverb.seconds.set(((msAt(x) - gap) * 60) / (1000 * (60 + mix)));
        },
      },
    ];
  }

  /** The lowest point of the first wave: how deep it is, and how long it takes. */
  swayGrips() {
    const moving = () => this.own?.rate && this.own;
    return [
      {
        at: () =>
          moving() && [atTime(Math.min(1, 0.75 / (this.own.rate * SONG))), atGap(this.own.middle - this.own.depth)],
        to: (x, y) => {
          const { rate, depth } = this.controls[this.part.value];
          rate.set((0.75 * 280) / (x - 30));
          depth.set(this.own.middle - (130 - y) / 2.7);
        },
      },
    ];
  }

  enter() {
    this.engage();
    this.draw();
    if (this.part.value === "test") this.trial();
    else this.lab.use(() => this.device.listen());
  }

  set(kind, name, value) {
    this.settings[kind][name] = value;
    this.draw();
    // A new room for every pixel of a slider would be too much for a phone.
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.device.live?.effect.update(), name === "seconds" ? 150 : 0);
    this.device.changed();
  }

  draw() {
    const { own, panel } = this;
    if (this.part.value === "delay") {
      panel.draw("copies", echoes(own));
      panel.write("late", `60,000 ÷ ${own.bpm} × ${own.note} = ${Math.round(lateness(own))} ms`);
    }
    if (this.part.value === "reverb") panel.draw("copies", slope(own));
    if (own?.rate)
      panel.draw(
        "gaps",
        plot([30, 310], 160, (turn) => gapOf(own, turn)),
      );
  }

  drawPast() {
    const now = performance.now();
    const { player, playing } = this.lab;
    if (playing) this.levels.push([now, toDb(Math.max(player.level(), 1e-4)) + 10]);
    const shown = playing && this.part.value !== "test";
    this.levels = shown ? this.levels.filter(([time]) => now - time < SPAN) : [];
    const points = this.levels.map(([time, db]) => [atMs(SPAN - now + time), atDb(db)]);
    this.panel.draw("past", points.length ? `${line(points)}V130H${points[0][0].toFixed(1)}Z` : "");
  }

  drawSway() {
    const { own } = this;
    if (!own?.rate) return;
    const { currentTime } = this.lab.context;
    this.turned += (currentTime - this.since) * own.rate;
    this.since = currentTime;
    const turn = (this.turned / own.rate / SONG) % 1;
    this.panel.move("dot", { cx: atTime(turn), cy: gapOf(own, turn) });
  }
}

/** A tempo, a note value, and the visitor’s answer in milliseconds. */
function sum(panel) {
  const answer = panel.slider("delay-sum", { text: inMs });
  let asked = {};
  const ask = () => {
    const notes = Object.keys(NOTES).filter((note) => Number(note) !== asked.note);
    const note = Number(notes[Math.floor(notes.length * Math.random())]);
    asked = { bpm: 80 + 2 * Math.floor(41 * Math.random()), note };
    panel.write("sum-question", `A song has ${asked.bpm} BPM. How late is ${NOTES[note]}?`);
  };
  panel.press("sum-check", () => {
    const { bpm, note } = asked;
    const right = lateness(asked);
    if (Math.abs(answer.value - right) > 2) {
      const wrong = `${inMs(answer.value)} is too ${answer.value > right ? "long" : "short"}.`;
      panel.write("sum-verdict", `${wrong} One beat is 60,000 ÷ ${bpm}, and ${NOTES[note]} is ${note} of it.`);
      return;
    }
    panel.write("sum-verdict", `Right: 60,000 ÷ ${bpm} × ${note} = ${inMs(right)}. Here is another.`);
    keep(WORKED, true);
    ask();
  });
  ask();
}
