// Editing: two takes and one join, one control at a time; and "was there an edit?".

import { RATE, loop } from "./engine.js";
import { ear } from "./ear.js";
import { choice, frame, inDb, inMs, line, slider, steps } from "./lab.js";
import { SONG } from "./sounds.js";
import { fades, join, piece, swell, takes } from "./takes.js";

let sung;
/** What can be made before anybody has tapped. */
export const prepare = () => (sung ??= takes());

const HELD = [0.35, 1, 1.7, 2.5, 3.3]; // seconds at which a note is held

/** Where two takes are farthest apart near a moment: there a hard cut clicks most. */
export function worst(one, two, at) {
  let far = Math.round(at * RATE);
  for (let i = far; i < (at + 0.02) * RATE; i++) if (Math.abs(one[i] - two[i]) > Math.abs(one[far] - two[far])) far = i;
  return far / RATE;
}

export const editTest = {
  name: "edit",
  skill: "editing",
  levels: [0, 2, 10, 40],
  pass: 8,
  options: { yes: "There was an edit", no: "There was none" },
  unit: (level) => (level ? `crossfades of ${level} ms` : "hard cuts"),
  async sounds(answer, level, next) {
    const [one, two] = (await prepare()).map((buffer) => buffer.getChannelData(0));
    const cut = worst(one, two, HELD[Math.floor(HELD.length * next())]);
    const whole = next() < 0.5 ? one : two;
    const sound = answer === "yes" ? join(one, two, { cut, fade: level, shape: "power" }) : whole;
    const from = Math.max(0, Math.min(SONG - 2, cut - 0.9 - 0.2 * next()));
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

// The drawing: 270 units for the whole part, and the join below in 16 units each way.
const atTime = (seconds) => 40 + (270 * seconds) / SONG;
const column = (samples, i) =>
  samples
    .subarray(Math.floor((i * samples.length) / 135), Math.floor(((i + 1) * samples.length) / 135))
    .reduce((most, sample) => Math.max(most, Math.abs(sample)), 0.004);
const lane = (heights, y) =>
  heights
    .map((height, i) => (height ? `M${40 + 2 * i} ${(y - 70 * height).toFixed(1)}v${(140 * height).toFixed(1)}` : ""))
    .join("");

export function mount(section, context) {
  const lab = frame(section, context);
  const part = (name) => section.querySelector(`.${name}`);
  const draw = (name, path) => part(name).setAttribute("d", path);
  const settings = { ...START };
  let [pair, columns, step, timer, began, span] = [];

  const hard = () => step.value === "hear" && choices.hard.value === "0";
  const second = () => pair[settings.pair === "copy" ? 0 : 1];
  const now = () => ({
    ...settings,
    fade: hard() ? 0 : settings.fade,
    cut: ["hear", "fade"].includes(step.value) ? worst(...pair, settings.cut) : settings.cut,
  });
  function show() {
    const { cut, fade, shape } = now();
    const lanes = settings.pair === "copy" ? [columns[0], columns[0]] : columns;
    const chosen = (i) => Number(i >= (cut / SONG) * 135);
    lanes.forEach((heights, take) => {
      draw(`take-${take}`, lane(heights, 38 + 48 * take));
      draw(
        `kept-${take}`,
        lane(
          heights.map((height, i) => (chosen(i) === take ? height : 0)),
          38 + 48 * take,
        ),
      );
    });
    draw("cut", `M${atTime(cut)} 14V110`);
    const width = Math.max(0.012, (1.5 * fade) / 1000);
    const joined = join(pair[0], second(), { cut, fade, shape });
    const at = (i) =>
      joined[Math.max(0, Math.min(joined.length - 1, Math.round((cut + width * (i / 270 - 0.5)) * RATE)))];
    draw("joined", line(Array.from({ length: 541 }, (_, i) => [40 + i / 2, 190 - 90 * at(i / 2)])));
    [0, 1].forEach((side) =>
      draw(
        `fade-${side}`,
        line(
          Array.from({ length: 136 }, (_, i) => {
            const seconds = width * (i / 135 - 0.5);
            const x = fade ? Math.max(0, Math.min(1, (1000 * seconds) / fade + 0.5)) : Number(seconds >= 0);
            return [40 + 2 * i, 160 - 22 * fades(x, shape)[side]];
          }),
        ),
      ),
    );
    part("width").textContent = inMs(1000 * width);
    part("swell").textContent = inDb(swell(pair[0], second(), { cut, fade, shape }));
  }
  async function load() {
    pair ??= (await prepare()).map((buffer) => buffer.getChannelData(0));
    columns ??= pair.map((samples) => Array.from({ length: 135 }, (_, i) => column(samples, i)));
  }
  function update() {
    if (!pair || !step || step.value === "test") return;
    show();
    clearTimeout(timer);
    timer = setTimeout(lab.again, 150);
  }
  const set = (name) => (value) => {
    settings[name] = value;
    update();
  };
  const choices = { hard: choice(section, "hard", update) };
  const controls = {
    cut: slider(section, "cut", { real: (raw) => raw / 40, text: (seconds) => `${seconds.toFixed(2)} s` }, set("cut")),
    fade: slider(section, "fade", { real: (raw) => (raw ? Math.round(10 ** (raw / 20)) : 0), text: inMs }, set("fade")),
    shape: choice(section, "shape", set("shape")),
    pair: choice(section, "pair", set("pair")),
    range: choice(section, "range", set("range")),
  };
  async function listen() {
    await load();
    show();
    const { cut, range } = now();
    span = range === "whole" ? [0, SONG] : [Math.max(0, cut - 1), Math.min(SONG, cut + 1)];
    const buffer = piece(join(pair[0], second(), now()), ...span);
    return (running) => {
      began = running.currentTime;
      return loop(running, buffer);
    };
  }
  function scene() {
    const next = SCENES[step.value];
    if (next) Object.entries({ ...START, ...next }).forEach(([name, value]) => controls[name].set(value));
  }
  // Nobody but a listener can say whether a comp of three takes holds: nothing is ticked here.
  const trial = ear(lab, part("ear"), { ...editTest, met: () => false });
  step = steps(lab, section, "edit-step", listen, trial, scene);

  lab.eachFrame(() => {
    const heard = lab.player.playing && span && step.value !== "test";
    const x = heard ? atTime(span[0] + ((context.currentTime - began) % (span[1] - span[0]))) : 0;
    draw("head", heard ? `M${x.toFixed(1)} 14V110` : "");
  });
  step.enter();
  return lab;
}
