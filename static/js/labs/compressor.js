// The compressor: its curve, its gain reduction as it happens, a level-matched A/B; and "what happened to the attack?".

import { ab } from "./ab.js";
import { fromDb, matched, peak, RATE, toDb } from "./engine.js";
import { foresight } from "./foresight.js";
import { handles } from "./handles.js";
import { inDb, inMs, minus } from "./lab.js";
import { line, pose, setter } from "./panel.js";
import { loopOf } from "./sounds.js";
import { steps } from "./steps.js";

/** The make-up gain that a browser’s compressor always adds, in decibels; exact for a hard knee. */
export const makeUp = ({ threshold, ratio }) => -0.6 * threshold * (1 - 1 / ratio);

/** The delay of a browser’s compressor: 6 ms, in whole samples. */
export const LOOKAHEAD = Math.floor(0.006 * RATE) / RATE;

/** A compressor without make-up gain. Times are in milliseconds. */
export function compressor(context, settings) {
  const input = new DynamicsCompressorNode(context, { knee: 0 });
  const output = new GainNode(context);
  input.connect(output);
  const set = ({ threshold = -30, ratio = 4, attack = 10, release = 150 } = {}) => {
    Object.entries({ threshold, ratio, attack: attack / 1000, release: release / 1000 }).forEach(([name, value]) => {
      input[name].value = value;
    });
    output.gain.value = fromDb(-makeUp({ threshold, ratio }));
  };
  set(settings);
  return { input, output, set };
}

const PAIRS = { wide: [1, 100], clear: [1, 30], close: [5, 20], narrow: [8, 16] }; // attacks

export const attackTest = {
  name: "attack",
  levels: Object.keys(PAIRS),
  pass: 8,
  options: { faster: "Faster", same: "The same", slower: "Slower" },
  unit: (level) => `an attack of ${PAIRS[level].join(" against ")} ms`,
  async sounds(answer, level, next) {
    const buffer = await loopOf("drums");
    const [fast, slow] = PAIRS[level];
    const same = next() < 0.5 ? fast : slow;
    const attacks = { faster: [slow, fast], slower: [fast, slow], same: [same, same] }[answer];
    return Promise.all(
      attacks.map((attack) =>
        matched(buffer, (context) => compressor(context, { threshold: -34, ratio: 8, attack, release: 120 })),
      ),
    );
  },
};

// Each step sets its scene; free play goes on from the last.
const START = { threshold: -26, ratio: 4, attack: 0, release: 42 };
const SCENES = {
  hear: {},
  threshold: {},
  ratio: {},
  attack: { threshold: -34, ratio: 8 },
  release: { threshold: -34, ratio: 8 },
};

// The drawing. Left: 1.8 units a decibel, from −60 to 0; right: the last two seconds, 4.5 units a decibel of reduction.
const SPAN = 2000;
const atIn = (db) => 142 + 1.8 * db;
const atOut = (db) => 22 - 1.8 * db;
const atReduction = (db) => 22 - 4.5 * Math.max(-24, db);

/** What comes out of the compressor for a steady level, in decibels. */
const after = (db, { threshold, ratio }) => db - Math.max(0, db - threshold) * (1 - 1 / ratio);

export function squeezer(lab, panel, met) {
  const settings = { threshold: -26, ratio: 4 };
  const analyser = new AnalyserNode(lab.context, { fftSize: 1024 });
  const source = panel.choice("comp-source", () => lab.again());
  const play = () => loopOf(source.value);
  const effect = (context) => compressor(context, settings);
  const device = ab(panel, "comp", play, effect, { latency: LOOKAHEAD, foresee: foresight(effect) });
  const set = setter(settings, () => {
    device.live?.effect.set(settings);
    panel.draw("curve", line([-60, settings.threshold, 0].map((db) => [atIn(db), atOut(after(db, settings))])));
    device.changed();
  });
  const time = { real: (raw) => 10 ** (raw / 20), text: inMs };
  const controls = {
    threshold: panel.slider("comp-threshold", { text: inDb }, set("threshold")),
    ratio: panel.slider("comp-ratio", { text: (ratio) => `${ratio} : 1` }, set("ratio")),
    attack: panel.slider("comp-attack", time, set("attack")),
    release: panel.slider("comp-release", time, set("release")),
  };
  async function ready() {
    const build = await device.listen();
    return (context) => {
      const node = build(context);
      node.input.connect(analyser);
      return node;
    };
  }
  const enter = () => {
    const scene = SCENES[step?.value];
    if (!scene) return;
    pose(controls, { ...START, ...scene });
    panel.pick("comp-on", "1");
  };
  const step = steps(lab, panel, "comp-step", { ready, test: { ...attackTest, met }, draw: enter });
  handles(panel.part("curve").ownerSVGElement, grips(settings, controls, step));
  const show = reduction(panel, analyser);
  lab.eachFrame(() => show(device.live && step.value !== "test" ? device : undefined, settings));
  return step;
}

/** The bend of the curve is the threshold, and its end the ratio. */
function grips(settings, { threshold, ratio }, step) {
  const shown = (x, y) => (step.value === "test" ? undefined : [x, y]);
  return [
    {
      at: () => shown(atIn(settings.threshold), atOut(settings.threshold)),
      to: (x) => threshold.set((x - 142) / 1.8),
    },
    {
      at: () => shown(atIn(0), atOut(after(0, settings))),
      to(_, y) {
        const least = (settings.threshold + 0.1) / 20;
        const out = Math.min((22 - y) / 1.8, 0);
        ratio.set(settings.threshold / Math.min(settings.threshold - out, least));
      },
    },
  ];
}

/** Draws the reduction of the last two seconds, and the level now as a dot on the curve. */
function reduction(panel, analyser) {
  const samples = new Float32Array(analyser.fftSize);
  let past = [];
  return (device, settings) => {
    const now = performance.now();
    if (device) past.push([now, device.on ? device.live.effect.input.reduction : 0]);
    past = device ? past.filter(([time]) => now - time < SPAN) : [];
    const points = past.map(([time, db]) => [310 - (140 * (now - time)) / SPAN, atReduction(db)]);
    panel.draw("reduction", device ? line(points) : "");
    panel.move("dot", { r: device ? 4 : 0 });
    if (!device) return;
    panel.write("gr", `${minus(past.at(-1)[1].toFixed(1))} dB`);
    analyser.getFloatTimeDomainData(samples);
    const db = Math.max(-60, toDb(peak(samples, 1e-6)));
    panel.move("dot", { cx: atIn(db), cy: atOut(device.on ? after(db, settings) : db) });
  };
}
