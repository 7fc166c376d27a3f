// The bell: over the spectrum of what plays, one control at a time; and "which band was it?".

import { ab } from "./ab.js";
import { matched, ramp, toDb } from "./engine.js";
import { ear } from "./ear.js";
import { choice, inDb, inHz, line, slider, spectrum, steps } from "./lab.js";
import { loopOf } from "./sounds.js";

/** The Q of a bell that is so many octaves wide where it has half its gain. */
export const qOf = (octaves) => Math.sqrt(2 ** octaves) / (2 ** octaves - 1);

export const bell = (context, { frequency = 1000, gain = 6, octaves = 1 } = {}) =>
  new BiquadFilterNode(context, { type: "peaking", frequency, gain, Q: qOf(octaves) });

const BANDS = [100, 200, 400, 800, 1600, 3200, 6400, 12800];

export const bandTest = {
  name: "band",
  skill: "eq-compression",
  levels: [12, 6, 3, 1.5],
  pass: 7,
  options: Object.fromEntries(BANDS.map((band) => [band, inHz(band)])),
  unit: (level) => `±${level} dB, one octave wide`,
  async sounds(band, level, next) {
    const buffer = await loopOf("pink");
    const gain = next() < 0.5 ? level : -level;
    return [buffer, await matched(buffer, (context) => bell(context, { frequency: Number(band), gain }))];
  },
};

// The drawing: 20 Hz to 20 kHz in 280 units, 3 units a decibel around 80.
const between = (count) => Float32Array.from({ length: count }, (_, i) => 20 * 1000 ** (i / (count - 1)));
const CURVE = between(160);
const BARS = between(90);
const atHz = (hz) => 30 + (280 * Math.log(hz / 20)) / Math.log(1000);
const atDb = (db) => 80 - 3 * db;
const atLevel = (db) => Math.max(22, Math.min(140, -50 - 2.2 * db));

export function equaliser(lab, root, met) {
  const settings = { frequency: 1000, gain: 9, octaves: 1 };
  const probe = bell(lab.context, settings);
  const curve = root.querySelector(".response");
  const bars = root.querySelector(".spectrum");
  let step;

  const draw = () => {
    const ratios = new Float32Array(CURVE.length);
    probe.getFrequencyResponse(CURVE, ratios, new Float32Array(CURVE.length));
    const heard = step?.value !== "test" && device.on;
    curve.setAttribute("d", line(Array.from(ratios, (ratio, i) => [atHz(CURVE[i]), atDb(heard ? toDb(ratio) : 0)])));
  };
  const source = choice(root, "eq-source", () => lab.again());
  const device = ab(
    root,
    "eq",
    () => loopOf(source.value),
    (context) => bell(context, settings),
    { gain: 1, draw },
  );
  const set = (name) => (value) => {
    settings[name] = value;
    const next = bell(lab.context, settings);
    for (const param of ["frequency", "gain", "Q"]) {
      probe[param].value = next[param].value;
      if (device.live) ramp(lab.context, device.live.effect[param], next[param].value);
    }
    draw();
    device.changed();
  };
  slider(root, "eq-gain", { text: inDb }, set("gain"));
  slider(root, "eq-frequency", { real: (raw) => 20 * 2 ** (raw / 12), text: inHz }, set("frequency"));
  slider(root, "eq-width", { text: (octaves) => `${octaves} oct` }, set("octaves"));
  const trial = ear(lab, root.querySelector(".ear"), { ...bandTest, met });
  step = steps(lab, root, "eq-step", device.listen, trial, draw);
  lab.eachFrame(() => {
    const levels = step.value === "test" ? BARS.map(() => -120) : spectrum(lab.player.analyser, BARS);
    bars.setAttribute("d", `${line(Array.from(levels, (db, i) => [atHz(BARS[i]), atLevel(db)]))}V140H30Z`);
  });
  return step;
}
