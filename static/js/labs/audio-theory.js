// How sound works: a late copy, a wave in air, two levels that add, a room; and three sums to work out.

import { ab } from "./ab.js";
import { fromDb, ramp, toDb } from "./engine.js";
import { ear } from "./ear.js";
import { choice, frame, inDb, inHz, keep, line, minus, recall, slider, spectrum } from "./lab.js";
import { loopOf } from "./sounds.js";
import {
  comb,
  combAt,
  combTest,
  firstMode,
  firstNotch,
  pair,
  pressure,
  pure,
  sumOf,
  SPEED,
  wavelength,
} from "./waves.js";

export const prepare = () => loopOf("pink");

const WORKED = "producerguide.theory-sums"; // true once all three were right
const metresIn = (metres) => (metres < 1 ? `${Math.round(100 * metres)} cm` : `${Number(metres.toFixed(2))} m`);

// The drawings. The comb: 20 Hz to 20 kHz in 280 units, 3.5 units a decibel from +6 down to −24.
const between = (count) => Array.from({ length: count }, (_, i) => 20 * 1000 ** (i / (count - 1)));
const CURVE = between(400);
const BARS = between(90);
const atHz = (hz) => 30 + (280 * Math.log(hz / 20)) / Math.log(1000);
const atDb = (db) => Math.min(130, 43 - 3.5 * db);
const over = (wave) => line(Array.from({ length: 201 }, (_, i) => [30 + 1.4 * i, wave(i / 200)]));

export function mount(section, context) {
  const lab = frame(section, context);
  const find = (name) => section.querySelector(name);
  const show = (name, text) => {
    find(name).textContent = text;
  };
  const paths = (name, d) => find(name).setAttribute("d", d);
  const copy = { metres: 0.34, level: 0 };
  let live; // what plays of the other parts
  let [hertz, second, room, place] = [];

  const trial = ear(lab, find(".ear"), { ...combTest, met: () => recall(WORKED, false) });
  const source = choice(section, "comb-source", () => lab.again());
  const device = ab(
    section,
    "comb",
    () => loopOf(source.value),
    (context) => comb(context, copy),
    { gain: 0.71, draw: drawComb },
  );
  const plays = (make) => async () => (context) => (live = make(context));
  const ready = {
    comb: device.listen,
    wave: plays((context) => pure(context, { frequency: hertz.value })),
    sum: plays((context) => pair(context, { kind: kind.value, level: both.value === "1" ? second.value : undefined })),
    room: plays((context) => pure(context, { frequency: firstMode(room.value), gain: pressure(place.value) })),
  };
  const move = (param, value) => live?.[param] && ramp(context, live[param], value);
  const part = choice(section, "part", enter);
  choice(section, "comb-step");

  function drawComb() {
    paths(".teeth", line(CURVE.map((hz) => [atHz(hz), atDb(!device.on ? 0 : combAt(hz, copy))])));
    show(
      ".comb-late",
      `${((1000 * copy.metres) / SPEED).toFixed(2)} ms late. ${copy.metres ? `First gap at ${inHz(firstNotch(copy.metres))}.` : "Nothing cancels."}`,
    );
  }
  const setCopy = (name, param, at) => (value) => {
    copy[name] = value;
    if (device.live) ramp(context, device.live.effect[param], at(value));
    drawComb();
    device.changed();
  };
  slider(
    section,
    "comb-metres",
    { real: (cm) => cm / 100, text: metresIn },
    setCopy("metres", "delay", (metres) => metres / SPEED),
  );
  slider(section, "comb-level", { text: inDb }, setCopy("level", "level", fromDb));

  hertz = slider(section, "wave-hertz", { real: (raw) => 20 * 2 ** (raw / 12), text: inHz }, (hz) => {
    move("frequency", hz);
    show(".wave-length", `343 ÷ ${Math.round(hz)} = ${metresIn(wavelength(hz))}`);
    drawWave();
  });
  function drawWave(run = 0) {
    paths(
      ".wave",
      over((x) => 76 - 44 * Math.sin(2 * Math.PI * ((3.43 * x) / wavelength(hertz?.value ?? 200) - run))),
    );
  }

  const kind = choice(section, "sum-kind", () => {
    drawSum();
    lab.again();
  });
  const both = choice(section, "sum-both", () => {
    move("second", both.value === "1" ? fromDb(second.value) : 0);
    drawSum();
  });
  second = slider(section, "sum-level", { text: inDb }, (db) => {
    if (both.value === "1") move("second", fromDb(db));
    drawSum(db);
  });
  function drawSum(db = second.value) {
    const more = sumOf(kind.value, db);
    const at = (level) => 170 + 10 * level;
    paths(".sum-bars", `M30 40H170M30 76H${at(Math.max(-14, db))}M30 112H${at(more)}`);
    show(".sum-more", `Together they are ${minus(`+${more.toFixed(2)}`)} dB on the first alone.`);
  }

  function drawRoom() {
    const [metres, at] = [room.value, place?.value ?? 0];
    find(".seat").setAttribute("cx", 30 + 280 * at);
    show(
      ".room-mode",
      `343 ÷ (2 × ${metres}) = ${firstMode(metres).toFixed(1)} Hz. Here it has ${Math.round(100 * pressure(at))} % of its strength at the wall.`,
    );
    if (part.value !== "room") return;
    move("frequency", firstMode(metres));
    move("gain", 0.1414 * pressure(at));
  }
  room = slider(section, "room-length", { text: metresIn }, () => room && drawRoom());
  place = slider(
    section,
    "room-place",
    { real: (percent) => percent / 100, text: (at) => `${Math.round(100 * at)} % of the way` },
    () => place && drawRoom(),
  );
  drawRoom();

  function enter() {
    live = undefined;
    if (part.value === "test") trial.enter();
    else if (ready[part.value]) lab.use(ready[part.value]);
    else lab.stop();
  }

  lab.eachFrame(() => {
    if (part.value === "comb") {
      const levels = spectrum(lab.player.analyser, BARS);
      paths(
        ".past",
        `${line(levels.map((db, i) => [atHz(BARS[i]), Math.max(22, Math.min(130, -50 - 2.2 * db))]))}V130H30Z`,
      );
    }
    if (part.value === "wave") drawWave((context.currentTime / 2) % 1);
    if (part.value === "sum")
      find(".sum-now").setAttribute(
        "cx",
        Math.max(
          30,
          Math.min(310, 170 + 10 * (toDb(Math.max(1e-4, lab.player.level() / lab.player.volume.gain.value)) + 26)),
        ),
      );
    if (part.value === "room")
      find(".seat").setAttribute("cy", 76 - 44 * Math.cos(Math.PI * place.value) * Math.cos(3 * context.currentTime));
  });
  sums(section, find);
  drawComb();
  enter();
  return lab;
}

/** Three answers of the visitor, against three formulas. */
function sums(section, find) {
  const none = () => {};
  const wave = slider(
    section,
    "work-wave",
    { real: (raw) => raw / 100, text: (metres) => `${metres.toFixed(2)} m` },
    none,
  );
  const notch = slider(section, "work-notch", { text: inHz }, none);
  const length = slider(section, "work-length", { real: (raw) => raw / 10, text: metresIn }, none);
  const mode = slider(section, "work-mode", { text: (hz) => `${hz} Hz` }, none);
  find(".work-check").addEventListener("click", () => {
    const wrong = [
      Math.abs(wave.value - wavelength(100)) > 0.06 && "the wavelength: 343 divided by the frequency",
      Math.abs(notch.value - 500) > 5 && "the gap: 1 divided by twice the delay, in seconds",
      Math.abs(mode.value - firstMode(length.value)) > 1 && "the mode: 343 divided by twice the length",
    ].filter(Boolean);
    find(".work-verdict").textContent = wrong.length
      ? `Look again at ${wrong.join("; and at ")}.`
      : "All three are right. After your next round of the test you can tick this on your checklist.";
    if (!wrong.length) keep(WORKED, true);
  });
}
