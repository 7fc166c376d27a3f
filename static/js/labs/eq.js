// The bell, drawn over the spectrum of what plays, one control at a time; and "which band was it?".

import { ab } from "./ab.js";
import { matched, RATE, ramp } from "./engine.js";
import { foresight } from "./foresight.js";
import { handles } from "./handles.js";
import { inDb, inHz } from "./lab.js";
import { pose, setter } from "./panel.js";
import { loopOf } from "./sounds.js";
import { area, atHz, curve, frequencies, hzAt, response, spectrum } from "./spectrum.js";
import { steps } from "./steps.js";

/** The Q of a bell that is so many octaves wide where it has half its gain. */
export const qOf = (octaves) => Math.sqrt(2 ** octaves) / (2 ** octaves - 1);

export const bell = (context, { frequency = 1000, gain = 6, octaves = 1 } = {}) =>
  new BiquadFilterNode(context, { type: "peaking", frequency, gain, Q: qOf(octaves) });

const BANDS = [100, 200, 400, 800, 1600, 3200, 6400, 12800];

export const bandTest = {
  name: "band",
  levels: [12, 6, 3, 1.5],
  pass: 7,
  options: Object.fromEntries(BANDS.map((band) => [band, inHz(band)])),
  unit: (level) => `±${level} dB, one octave wide`,
  picture: (band, level) => {
    const gains = response(bell(new OfflineAudioContext(1, 1, RATE), { frequency: Number(band), gain: level }), CURVE);
    return curve(CURVE, (_, i) => 48 - 3 * gains[i]);
  },
  async sounds(band, level, next) {
    const buffer = await loopOf("pink");
    const gain = next() < 0.5 ? level : -level;
    return [buffer, await matched(buffer, (context) => bell(context, { frequency: Number(band), gain }))];
  },
};

// Each step sets its scene, so that no earlier choice makes it impossible; free play goes on from the last.
const START = { frequency: 68, gain: 9, octaves: 1 };
const SCENES = { hear: {}, gain: {}, frequency: {}, width: {} };

// The drawing: 3 units a decibel around 80.
const CURVE = frequencies(160);
const BARS = frequencies(90);
const atDb = (db) => 80 - 3 * db;
const atLevel = (db) => Math.max(22, Math.min(140, -50 - 2.2 * db));

/** The top of the bell is its frequency and gain; its right end, where it has half the gain, its width. */
function grips(settings, { frequency, gain, octaves }, step) {
  const shown = (x, y) => (step.value === "test" ? undefined : [x, y]);
  return [
    {
      at: () => shown(atHz(settings.frequency), atDb(settings.gain)),
      to(x, y) {
        frequency.set(12 * Math.log2(hzAt(x) / 20));
        gain.set((80 - y) / 3);
      },
    },
    {
      at: () => shown(atHz(settings.frequency * 2 ** (settings.octaves / 2)), atDb(settings.gain / 2)),
      to: (x) => octaves.set(2 * Math.log2(hzAt(x) / settings.frequency)),
    },
  ];
}

/** The scene of a step; the EQ is on, and no earlier choice makes it impossible. */
function setScene(panel, controls, scene) {
  if (!scene) return;
  pose(controls, { ...START, ...scene });
  panel.pick("eq-on", "1");
}

export function equaliser(lab, panel, met) {
  const settings = { frequency: 1000, gain: 9, octaves: 1 };
  let step;
  function draw() {
    const gains = response(bell(lab.context, settings), CURVE);
    const heard = step?.value !== "test" && device.on;
    panel.draw(
      "response",
      curve(CURVE, (_, i) => atDb(heard ? gains[i] : 0)),
    );
  }
  const source = panel.choice("eq-source", () => lab.again());
  const play = () => loopOf(source.value);
  const effect = (context) => bell(context, settings);
  const device = ab(panel, "eq", play, effect, { foresee: foresight(effect), draw });
  const set = setter(settings, () => {
    const next = bell(lab.context, settings);
    for (const param of device.live ? ["frequency", "gain", "Q"] : []) {
      ramp(lab.context, device.live.effect[param], next[param].value);
    }
    draw();
    device.changed();
  });
  const gain = panel.slider("eq-gain", { text: inDb }, set("gain"));
  const frequency = panel.slider("eq-frequency", { real: (raw) => 20 * 2 ** (raw / 12), text: inHz }, set("frequency"));
  const octaves = panel.slider("eq-width", { text: (octaves) => `${octaves} oct` }, set("octaves"));
  const controls = { frequency, gain, octaves };
  const enter = () => {
    setScene(panel, controls, SCENES[step?.value]);
    draw();
  };
  step = steps(lab, panel, "eq-step", { ready: device.listen, test: { ...bandTest, met }, draw: enter });
  handles(panel.part("response").ownerSVGElement, grips(settings, controls, step));
  lab.eachFrame(() => {
    const levels = step.value === "test" ? [] : spectrum(lab.player.analyser, BARS);
    panel.draw(
      "spectrum",
      area(BARS, (_, i) => atLevel(levels[i] ?? -120), 140),
    );
  });
  return step;
}
