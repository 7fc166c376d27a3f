// Editing: two takes and one join, one control at a time; and "was there an edit?".

import { copyOf, loop, once, peak, RATE } from "./engine.js";
import { handles } from "./handles.js";
import { inDb, inMs, Lab } from "./lab.js";
import { plot, pose, setter } from "./panel.js";
import { SONG } from "./sounds.js";
import { steps } from "./steps.js";
import { fades, join, piece, swell, takes } from "./takes.js";

/** What can be made before the first tap. */
export const prepare = once(takes);

const HELD = [1.7, 1.85, 2.5]; // with 1.6 s on each side: seconds at which a note is held

/** Where two takes are farthest apart near a moment: there a hard cut clicks most. */
export function worst(one, two, at) {
  let far = Math.round(at * RATE);
  for (let i = far; i < (at + 0.02) * RATE; i++) if (Math.abs(one[i] - two[i]) > Math.abs(one[far] - two[far])) far = i;
  return far / RATE;
}

export const editTest = {
  name: "edit",
  levels: [0, 2, 10, 40],
  pass: 8,
  options: { early: "In the first half", late: "In the second half", none: "Nowhere" },
  unit: (level) => (level ? `crossfades of ${level} ms` : "hard cuts"),
  async sounds(answer, level, next) {
    const [one, two] = (await prepare()).map(copyOf);
    const cut = worst(one, two, HELD[Math.floor(HELD.length * next())]);
    const whole = next() < 0.5 ? one : two;
    const sound = answer === "none" ? whole : join(one, two, { cut, fade: level, shape: "power" });
    const from = Math.max(0, Math.min(SONG - 2, cut - (answer === "late" ? 1.5 : 0.5) - 0.2 * (next() - 0.5)));
    return [piece(sound, from, from + 2)];
  },
};

// Each step sets its scene; free play goes on from the last.
const START = { cut: 99, fade: 20, shape: "power", pair: "takes", range: "join" };
const SCENES = {
  hear: {},
  cut: { cut: 20, range: "whole" },
  fade: { fade: 0 },
  shape: { cut: 100, fade: 45, pair: "copy" },
};

// The drawing: 270 units for the whole part in 135 columns, and the join below in 16 units each way.
const COLUMNS = 135;
const WIDTH = [40, 310];
const atTime = (seconds) => 40 + (270 * seconds) / SONG;
const columns = (samples) =>
  Array.from({ length: COLUMNS }, (_, i) => {
    const edge = (at) => Math.floor((at * samples.length) / COLUMNS);
    return peak(samples.subarray(edge(i), edge(i + 1)), 0.004);
  });
const lane = (heights, y) =>
  heights
    .map((height, i) => (height ? `M${40 + 2 * i} ${(y - 70 * height).toFixed(1)}v${(140 * height).toFixed(1)}` : ""))
    .join("");

const inCut = (seconds) => `${seconds.toFixed(2)} s`;

export function mount(section, context) {
  const lab = new Lab(section, context);
  new Edit(lab, lab.panel).step.enter();
  lab.takeHome("comp");
  return lab;
}

/** Two takes, and the join that the settings make of them. */
class Edit {
  settings = { ...START };
  pair; // the samples of both takes, once they are made
  columns; // and their peaks, as they are drawn
  span; // seconds that play, from and to
  began = 0;

  constructor(lab, panel) {
    this.lab = lab;
    this.panel = panel;
    const update = () => this.update();
    const set = setter(this.settings, update);
    const fade = { real: (raw) => (raw ? Math.round(10 ** (raw / 20)) : 0), text: inMs };
    this.hard = panel.choice("hard", update);
    this.controls = {
      cut: panel.slider("cut", { real: (raw) => raw / 40, text: inCut }, set("cut")),
      fade: panel.slider("fade", fade, set("fade")),
      shape: panel.choice("shape", set("shape")),
      pair: panel.choice("pair", set("pair")),
      range: panel.choice("range", set("range")),
    };
    // No `met`: whether a comp of three takes holds, only a listener can say.
    this.step = steps(lab, panel, "edit-step", {
      ready: () => this.ready(),
      test: editTest,
      draw: () => this.enter(),
    });
    const controls = this.controls;
    const shown = (place) => (this.pair && this.step.value !== "test" ? place(this.now) : undefined);
    this.place = handles(panel.part("cut").ownerSVGElement, [
      {
        line: [14, 110],
        at: () => shown((now) => [atTime(now.cut), 112]),
        to: (x) => controls.cut.set((40 * SONG * (x - 40)) / 270),
      },
      {
        // Half the fade is drawn to the right of the cut.
        at: () => shown((now) => [175 + (135 * now.fade) / (1000 * this.width), 138]),
        to: (x) => controls.fade.set(20 * Math.log10(Math.max(1, (2 * 1000 * this.width * (x - 175)) / 270))),
      },
    ]);
    lab.eachFrame(() => this.follow());
  }

  enter() {
    const scene = SCENES[this.step.value];
    if (scene) pose(this.controls, { ...START, ...scene });
  }

  update() {
    if (!this.pair || !this.step || this.step.value === "test") return;
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lab.again(), 150);
  }

  async ready() {
    this.pair ??= (await prepare()).map(copyOf);
    this.columns ??= this.pair.map(columns);
    this.show();
    const { cut, range } = this.now;
    this.span = range === "whole" ? [0, SONG] : [Math.max(0, cut - 1), Math.min(SONG, cut + 1)];
    const buffer = piece(join(...this.joined, this.now), ...this.span);
    return (context) => {
      this.began = context.currentTime;
      return loop(context, buffer);
    };
  }

  /** The settings as they are heard in this step. */
  get now() {
    const { settings, step } = this;
    const hard = step.value === "hear" && this.hard.value === "0";
    const placed = ["hear", "fade"].includes(step.value);
    return {
      ...settings,
      fade: hard ? 0 : settings.fade,
      cut: placed ? worst(...this.pair, settings.cut) : settings.cut,
    };
  }

  /** The two that are joined: both takes, or one take and its copy. */
  get joined() {
    const [one, two] = this.pair;
    return [one, this.settings.pair === "copy" ? one : two];
  }

  show() {
    this.place();
    this.showTakes(this.now);
    this.showJoin(this.now);
  }

  showTakes({ cut, pair }) {
    const lanes = pair === "copy" ? [this.columns[0], this.columns[0]] : this.columns;
    const chosen = (i) => Number(i >= (cut / SONG) * COLUMNS);
    for (const [take, heights] of lanes.entries()) {
      const kept = heights.map((height, i) => (chosen(i) === take ? height : 0));
      this.panel.draw(`take-${take}`, lane(heights, 38 + 48 * take));
      this.panel.draw(`kept-${take}`, lane(kept, 38 + 48 * take));
    }
    this.panel.draw("cut", `M${atTime(cut)} 14V110`);
  }

  /** Seconds of the join that are drawn. */
  get width() {
    return Math.max(0.012, (1.5 * this.now.fade) / 1000);
  }

  showJoin({ cut, fade, shape }) {
    const { panel, width } = this;
    const samples = join(...this.joined, { cut, fade, shape });
    const at = (seconds) => samples[Math.max(0, Math.min(samples.length - 1, Math.round(seconds * RATE)))];
    panel.draw(
      "joined",
      plot(WIDTH, 540, (share) => 190 - 90 * at(cut + width * (share - 0.5))),
    );
    for (const side of [0, 1]) {
      const level = (share) => fades(progress(width * (share - 0.5), fade), shape)[side];
      panel.draw(
        `fade-${side}`,
        plot(WIDTH, 135, (share) => 160 - 22 * level(share)),
      );
    }
    panel.write("width", inMs(1000 * width));
    panel.write("swell", inDb(swell(...this.joined, { cut, fade, shape })));
  }

  follow() {
    const heard = this.span && this.step.heard;
    const [from, to] = this.span ?? [];
    const x = heard ? atTime(from + ((this.lab.context.currentTime - this.began) % (to - from))) : 0;
    this.panel.draw("head", heard ? `M${x.toFixed(1)} 14V110` : "");
  }
}

/** How far a fade around 0 has come after so many seconds, from 0 to 1. */
const progress = (seconds, fade) =>
  fade ? Math.max(0, Math.min(1, (1000 * seconds) / fade + 0.5)) : Number(seconds >= 0);
