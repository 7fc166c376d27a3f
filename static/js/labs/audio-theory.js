// How sound works: a late copy, a wave in air, two levels that add, a room; and three sums to work out.

import { ab } from "./ab.js";
import { fromDb, ramp, toDb } from "./engine.js";
import { handles } from "./handles.js";
import { inDb, inHz, keep, Lab, minus, recall } from "./lab.js";
import { plot, setter } from "./panel.js";
import { loopOf } from "./sounds.js";
import { area, atHz, curve, frequencies, hzAt, spectrum } from "./spectrum.js";
import { trial } from "./steps.js";
import {
  comb,
  combAt,
  combTest,
  firstMode,
  firstNotch,
  pair,
  pressure,
  pure,
  SPEED,
  sumOf,
  wavelength,
} from "./waves.js";

export const prepare = () => loopOf("pink");

const WORKED = "producerguide.theory-sums"; // true once all three were right
const metresIn = (metres) => (metres < 1 ? `${Math.round(100 * metres)} cm` : `${Number(metres.toFixed(2))} m`);
const percent = (share) => `${Math.round(100 * share)} %`;

// The drawings. The comb: 3.5 units a decibel from +6 down to −24.
const CURVE = frequencies(400);
const BARS = frequencies(90);
const atDb = (db) => Math.min(130, 43 - 3.5 * db);
const atLevel = (db) => Math.max(22, Math.min(130, -50 - 2.2 * db));
const atSum = (db) => Math.max(30, Math.min(310, 170 + 10 * db));

export function mount(section, context) {
  const lab = new Lab(section, context);
  const { panel } = lab;
  const test = trial(lab, panel.within("ear"), { ...combTest, met: () => recall(WORKED, false) });
  const parts = { comb: late(lab), wave: wave(lab), sum: sum(lab), room: room(lab) };
  const part = panel.choice("part", enter);
  function enter() {
    if (part.value === "test") test();
    else if (parts[part.value]) lab.use(parts[part.value].ready);
    else lab.stop();
  }
  lab.eachFrame(() => parts[part.value]?.frame());
  sums(panel);
  enter();
  lab.takeHome("sound");
  return lab;
}

/** A sound of `make(context)` whose parameters can be moved while it plays: { ready, move(name, value) }. */
function movable(context, make) {
  let live;
  return {
    ready: async () => (running) => {
      live = make(running);
      return live;
    },
    move(name, value) {
      if (live?.[name]) ramp(context, live[name], value);
    },
  };
}

// Each part: { ready, frame() }; frame draws while it is chosen.

function late(lab) {
  const { panel, context } = lab;
  const copy = { metres: 0.34, level: 0 };
  function draw() {
    panel.draw(
      "teeth",
      curve(CURVE, (hz) => atDb(device.on ? combAt(hz, copy) : 0)),
    );
    const gap = copy.metres ? `First gap at ${inHz(firstNotch(copy.metres))}.` : "Nothing cancels.";
    panel.write("comb-late", `${((1000 * copy.metres) / SPEED).toFixed(2)} ms late. ${gap}`);
  }
  const source = panel.choice("comb-source", () => lab.again());
  const play = () => loopOf(source.value);
  const device = ab(panel, "comb", play, (running) => comb(running, copy), { gain: 0.71, draw });
  panel.choice("comb-step");
  const set = setter(copy, () => {
    if (device.live) {
      ramp(context, device.live.effect.delay, copy.metres / SPEED);
      ramp(context, device.live.effect.level, fromDb(copy.level));
    }
    draw();
    device.changed();
  });
  const metres = panel.slider("comb-metres", { real: (cm) => cm / 100, text: metresIn }, set("metres"));
  const level = panel.slider("comb-level", { text: inDb }, set("level"));
  // The bottom of the first gap.
  const gap = () => firstNotch(Math.max(0.0086, copy.metres));
  handles(panel.part("teeth").ownerSVGElement, [
    {
      at: () => (device.on ? [atHz(gap()), Math.min(126, atDb(combAt(gap(), copy)))] : undefined),
      to(x, y) {
        metres.set((100 * SPEED) / (2 * hzAt(x)));
        level.set(20 * Math.log10(Math.max(0.06, 1 - 10 ** ((43 - y) / 70))) + (y > 120 ? 24 : 0));
      },
    },
  ]);
  function frame() {
    const levels = spectrum(lab.player.analyser, BARS);
    panel.draw(
      "past",
      area(BARS, (_, i) => atLevel(levels[i]), 130),
    );
  }
  return { ready: device.listen, frame };
}

function wave({ panel, context }) {
  const sound = movable(context, (running) => pure(running, { frequency: hertz.value }));
  function draw(hz, run = 0) {
    const y = (x) => 76 - 44 * Math.sin(2 * Math.PI * ((3.43 * x) / wavelength(hz) - run));
    panel.draw("wave", plot([30, 310], 200, y));
  }
  const hertz = panel.slider("wave-hertz", { real: (raw) => 20 * 2 ** (raw / 12), text: inHz }, (hz) => {
    sound.move("frequency", hz);
    panel.write("wave-length", `343 ÷ ${Math.round(hz)} = ${metresIn(wavelength(hz))}`);
    draw(hz);
  });
  // One wave from the left: its end is its length.
  handles(panel.part("wave").ownerSVGElement, [
    {
      at: () => [Math.min(310, 30 + (280 * wavelength(hertz.value)) / 3.43), 76],
      to: (x) => hertz.set(12 * Math.log2(SPEED / ((3.43 * Math.max(1, x - 30)) / 280) / 20)),
    },
  ]);
  return { ready: sound.ready, frame: () => draw(hertz.value, (context.currentTime / 2) % 1) };
}

function sum(lab) {
  const { panel, context, player } = lab;
  const level = (db) => (both.value === "1" ? db : undefined);
  const sound = movable(context, (running) => pair(running, { kind: kind.value, level: level(second.value) }));
  function draw(db) {
    const more = sumOf(kind.value, db);
    panel.draw("sum-bars", `M30 40H170M30 76H${170 + 10 * Math.max(-14, db)}M30 112H${170 + 10 * more}`);
    panel.write("sum-more", `Together they are ${minus(more.toFixed(2))} dB more than the first alone.`);
  }
  function change(db) {
    sound.move("second", both.value === "1" ? fromDb(db) : 0);
    draw(db);
  }
  const kind = panel.choice("sum-kind", () => {
    draw(second.value);
    lab.again();
  });
  const both = panel.choice("sum-both", () => change(second.value));
  const second = panel.slider("sum-level", { text: inDb }, change);
  handles(panel.part("sum-bars").ownerSVGElement, [
    { at: () => [170 + 10 * Math.max(-14, second.value), 76], to: (x) => second.set((x - 170) / 10) },
  ]);
  function frame() {
    const heard = toDb(Math.max(1e-4, player.level() / player.volume.gain.value));
    panel.move("sum-now", { cx: atSum(heard + 26) });
  }
  return { ready: sound.ready, frame };
}

function room({ panel, context }) {
  let length;
  let place;
  const sound = movable(context, (running) =>
    pure(running, { frequency: firstMode(length.value), gain: pressure(place.value) }),
  );
  function change() {
    if (!length || !place) return;
    const [metres, at] = [length.value, place.value];
    const mode = `343 ÷ (2 × ${metres}) = ${firstMode(metres).toFixed(1)} Hz.`;
    panel.move("seat", { cx: 30 + 280 * at });
    panel.write("room-mode", `${mode} Here it has ${percent(pressure(at))} of its strength at the wall.`);
    sound.move("frequency", firstMode(metres));
    sound.move("gain", 0.1414 * pressure(at));
  }
  length = panel.slider("room-length", { text: metresIn }, change);
  const walked = { real: (raw) => raw / 100, text: (at) => `${percent(at)} of the way` };
  place = panel.slider("room-place", walked, change);
  change();
  handles(panel.part("seat").ownerSVGElement, [
    { line: [22, 130], at: () => [30 + 280 * place.value, 136], to: (x) => place.set((x - 30) / 2.8) },
  ]);
  function frame() {
    panel.move("seat", { cy: 76 - 44 * Math.cos(Math.PI * place.value) * Math.cos(3 * context.currentTime) });
  }
  return { ready: sound.ready, frame };
}

/** Three answers of the visitor, checked against three formulas. */
function sums(panel) {
  const metres = { real: (raw) => raw / 100, text: (length) => `${length.toFixed(2)} m` };
  const wave = panel.slider("work-wave", metres);
  const notch = panel.slider("work-notch", { text: inHz });
  const length = panel.slider("work-length", { real: (raw) => raw / 10, text: metresIn });
  const mode = panel.slider("work-mode", { text: (hz) => `${hz} Hz` });
  panel.press("work-check", () => {
    const wrong = [
      Math.abs(wave.value - wavelength(100)) > 0.06 && "the wavelength: 343 divided by the frequency",
      Math.abs(notch.value - 500) > 5 && "the gap: 1 divided by twice the delay, in seconds",
      Math.abs(mode.value - firstMode(length.value)) > 1 && "the mode: 343 divided by twice the length",
    ].filter(Boolean);
    const right = "All three are right. After your next round of the test you can tick this on your checklist.";
    panel.write("work-verdict", wrong.length ? `Look again at ${wrong.join("; and at ")}.` : right);
    if (!wrong.length) keep(WORKED, true);
  });
}
