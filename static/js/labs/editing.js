// Editing: two takes and one join, one control at a time; a comp of three takes; and "was there an edit?".

import { copyOf, loop, once, peak, RATE } from "./engine.js";
import { handles, pointIn } from "./handles.js";
import { inDb, inMs, Lab } from "./lab.js";
import { plot, pose, setter } from "./panel.js";
import { SONG } from "./sounds.js";
import { steps } from "./steps.js";
import { comp, fades, join, NOTES, piece, score, swell, take } from "./takes.js";

/** What can be made before the first tap. */
export const prepare = once(() => Promise.all([0, 1].map(take)));

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

// Each step sets its scene; that of the comp has all that is to be mended.
const LANES = ["take-start", "take-middle", "take-end"];
const START = { cut: 99, fade: 20, shape: "power", pair: "takes", range: "join" };
const SCENES = {
  hear: {},
  cut: { cut: 20, range: "whole" },
  fade: { fade: 0 },
  shape: { cut: 100, fade: 45, pair: "copy" },
  play: { "cut-2": 150, "take-start": 1, "take-middle": 2, "take-end": 3, fade: 0, range: "whole" },
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
    .map((height, i) => (height ? `M${40 + 2 * i} ${(y - 46 * height).toFixed(1)}v${(92 * height).toFixed(1)}` : ""))
    .join("");

const BETWEEN = [14, 110]; // from the top of the lanes to their end
const laneAt = (y) => Math.max(0, Math.min(2, Math.floor((y - 14) / 32)));
const inCut = (seconds) => `${seconds.toFixed(2)} s`;
const inScore = ({ right, cuts, held, clicks }) =>
  `${right} of ${NOTES} notes right. Cuts: ${cuts}, within a note: ${held}, with a click: ${clicks}. ` +
  (right === NOTES && !held && !clicks ? "Now let a good listener look for the cuts." : "");

export function mount(section, context) {
  const lab = new Lab(section, context);
  const edit = new Edit(lab, lab.panel);
  edit.step.enter();
  lab.takeHome("comp", { sound: () => edit.whole() });
  return lab;
}

/** The takes, and what the settings make of them. */
class Edit {
  settings = { ...START, ...SCENES.play };
  takes = []; // the samples of each, once they are made
  columns = []; // and their peaks, as they are drawn
  last = "cut"; // the cut that was moved last
  span; // seconds that play, from and to
  began = 0;

  constructor(lab, panel) {
    this.lab = lab;
    this.panel = panel;
    const update = (name) => this.update(name);
    const set = setter(this.settings, update);
    const fade = { real: (raw) => (raw ? Math.round(10 ** (raw / 20)) : 0), text: inMs };
    this.hard = panel.choice("hard", update);
    this.controls = {
      ...Object.fromEntries(
        ["cut", "cut-2"].map((name) => [name, panel.slider(name, { real: (raw) => raw / 40, text: inCut }, set(name))]),
      ),
      ...Object.fromEntries(
        LANES.map((name) => [name, panel.slider(name, { text: (take) => `take ${take}` }, set(name))]),
      ),
      fade: panel.slider("fade", fade, set("fade")),
      shape: panel.choice("shape", set("shape")),
      pair: panel.choice("pair", set("pair")),
      range: panel.choice("range", set("range")),
    };
    // No `met`: whether a comp holds, only a listener can say.
    this.step = steps(lab, panel, "edit-step", {
      ready: () => this.ready(),
      test: editTest,
      draw: () => this.enter(),
    });
    this.#touch(panel.part("cut").ownerSVGElement);
    lab.eachFrame(() => this.follow());
  }

  /** Cuts and fade are dragged, and in the comp a tap on a lane takes it from one cut to the next. */
  #touch(svg) {
    const { controls, step } = this;
    const shown = (place) => (this.made && step.value !== "test" ? place(this.now) : undefined);
    const cut = (name) => ({
      line: BETWEEN,
      at: () => shown((now) => (name in now ? [atTime(now[name]), 112] : undefined)),
      to: (x) => controls[name].set((40 * SONG * (x - 40)) / 270),
    });
    this.place = handles(svg, [
      cut("cut"),
      cut("cut-2"),
      {
        // Half the fade is drawn to the right of the cut.
        at: () => shown((now) => [175 + (135 * now.fade) / (1000 * this.width), 138]),
        to: (x) => controls.fade.set(20 * Math.log10(Math.max(1, (2 * 1000 * this.width * (x - 175)) / 270))),
      },
    ]);
    let from = 0;
    const down = (event) => {
      [from] = pointIn(svg, event);
    };
    const tap = (event) => {
      const [x, y] = pointIn(svg, event);
      if (step.value !== "play" || y > BETWEEN[1] || Math.abs(x - from) > 3) return;
      event.stopPropagation(); // it moves no cut
      const part = this.now.cuts.filter((seconds) => atTime(seconds) < x).length;
      controls[LANES[part]].set(laneAt(y) + 1);
    };
    svg.addEventListener("pointerdown", down, true);
    svg.addEventListener("click", tap, true);
  }

  enter() {
    const scene = SCENES[this.step.value];
    if (scene) pose(this.controls, { ...START, ...scene });
    this.last = "cut";
    if (this.step.value === "play") this.lab.later(this.fill(), () => this.update());
  }

  update(name) {
    if (name?.startsWith("cut")) this.last = name;
    if (!this.step || this.step.value === "test" || !this.made) return;
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lab.again(), 150);
  }

  /** The takes that this step needs, by number. */
  get needed() {
    return this.step.value === "play" ? [0, 1, 2] : [0, 1];
  }

  /** Whether they are there. */
  get made() {
    return this.needed.every((number) => this.takes[number]);
  }

  async fill() {
    for (const number of this.needed) {
      this.takes[number] ??= copyOf(await take(number));
      this.columns[number] ??= columns(this.takes[number]);
    }
  }

  async ready() {
    await this.fill();
    this.show();
    const { near, range } = this.now;
    this.span = range === "whole" ? [0, SONG] : [Math.max(0, near - 1), Math.min(SONG, near + 1)];
    const buffer = piece(comp(this.sources, this.now), ...this.span);
    return (context) => {
      this.began = context.currentTime;
      return loop(context, buffer);
    };
  }

  /** What one has made, to be taken home. */
  async whole() {
    await this.fill();
    return piece(comp(this.sources, this.now), 0, SONG);
  }

  /** The settings as they are heard in this step: the takes `lanes`, joined at `cuts`, of which `near` is drawn large. */
  get now() {
    const { settings, step } = this;
    if (step.value === "play") {
      const cuts = [settings.cut, settings["cut-2"]].sort((a, b) => a - b);
      return { ...settings, cuts, lanes: LANES.map((name) => settings[name] - 1), near: settings[this.last] };
    }
    const hard = step.value === "hear" && this.hard.value === "0";
    const placed = ["hear", "fade"].includes(step.value);
    const cut = placed ? worst(...this.takes.slice(0, 2), settings.cut) : settings.cut;
    const { "cut-2": _, ...rest } = settings;
    return { ...rest, cut, cuts: [cut], lanes: [0, 1], near: cut, fade: hard ? 0 : settings.fade };
  }

  /** What is joined: the takes, or one take and its copy. */
  get sources() {
    const [one, two, three] = this.takes;
    return [one, this.settings.pair === "copy" ? one : two, three];
  }

  show() {
    this.place();
    const { now } = this;
    const joined = comp(this.sources, now);
    this.showTakes(now);
    this.showJoin(now, joined);
    if (this.step.value === "play") this.panel.write("comp-score", inScore(score(this.takes, now, joined)));
  }

  showTakes({ cuts, lanes, pair }) {
    const [one, two, three] = this.columns;
    const chosen = (i) => lanes[cuts.filter((cut) => i >= (cut / SONG) * COLUMNS).length];
    for (const [number, heights] of [one, pair === "copy" ? one : two, three].entries()) {
      if (heights) this.panel.draw(`take-${number}`, lane(heights, 30 + 32 * number));
      const kept = (heights ?? []).map((height, i) => (chosen(i) === number ? height : 0));
      this.panel.draw(`kept-${number}`, lane(kept, 30 + 32 * number));
    }
    this.panel.draw("cut", cuts.map((cut) => `M${atTime(cut)} 14V110`).join(""));
  }

  /** Seconds of the join that are drawn. */
  get width() {
    return Math.max(0.012, (1.5 * this.now.fade) / 1000);
  }

  showJoin(now, samples) {
    const { near, fade, shape } = now;
    const { panel, sources, width } = this;
    const at = (seconds) => samples[Math.max(0, Math.min(samples.length - 1, Math.round(seconds * RATE)))];
    panel.draw(
      "join-wave",
      plot(WIDTH, 540, (share) => 190 - 90 * at(near + width * (share - 0.5))),
    );
    const first = now.cuts.indexOf(near);
    for (const side of [0, 1]) {
      panel.move(`fade-${side}`, { class: `stroke${["", "-2", "-3"][now.lanes[first + side]]} fade-${side}` });
      const level = (share) => fades(progress(width * (share - 0.5), fade), shape)[side];
      panel.draw(
        `fade-${side}`,
        plot(WIDTH, 135, (share) => 160 - 22 * level(share)),
      );
    }
    panel.write("width", inMs(1000 * width));
    panel.write("swell", inDb(swell(...sources.slice(0, 2), { cut: near, fade, shape })));
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
