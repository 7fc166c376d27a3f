// The compressor: its curve, its gain reduction as it happens, a level-matched A/B; and "what happened to the attack?".

import { ab } from "./ab.js";
import { RATE, fromDb, matched, toDb } from "./engine.js";
import { ear } from "./ear.js";
import { choice, inDb, inMs, line, minus, slider, steps } from "./lab.js";
import { loopOf } from "./sounds.js";

/** What a browser’s compressor adds unasked, in decibels; with a hard knee it is exactly this. */
export const makeUp = ({ threshold, ratio }) => -0.6 * threshold * (1 - 1 / ratio);

/** How late it lets the sound out: 6 ms, in whole samples. */
export const LOOKAHEAD = Math.floor(0.006 * RATE) / RATE;

/** A compressor that leaves alone what is under the threshold. Times are in milliseconds. */
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
  skill: "eq-compression",
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

// The drawing. Left: 1.8 units a decibel, from −60 to 0; right: the last two seconds, 4.5 units a decibel of reduction.
const SPAN = 2000;
const atIn = (db) => 142 + 1.8 * db;
const atOut = (db) => 22 - 1.8 * db;
const atReduction = (db) => 22 - 4.5 * Math.max(-24, db);

export function squeezer(lab, root, met) {
  const settings = { threshold: -26, ratio: 4 };
  const [curve, dot, trace, meter] = [".curve", ".dot", ".reduction", ".gr"].map((name) => root.querySelector(name));
  const samples = new Float32Array(1024);
  const analyser = new AnalyserNode(lab.context, { fftSize: samples.length });
  let past = [];

  const out = (db) => db - Math.max(0, db - settings.threshold) * (1 - 1 / settings.ratio);
  const source = choice(root, "comp-source", () => lab.again());
  const device = ab(
    root,
    "comp",
    () => loopOf(source.value),
    (context) => compressor(context, settings),
    { latency: LOOKAHEAD },
  );
  const set = (name) => (value) => {
    settings[name] = value;
    device.live?.effect.set(settings);
    curve.setAttribute("d", line([-60, settings.threshold, 0].map((db) => [atIn(db), atOut(out(db))])));
    device.changed();
  };
  slider(root, "comp-threshold", { text: inDb }, set("threshold"));
  slider(root, "comp-ratio", { text: (ratio) => `${ratio} : 1` }, set("ratio"));
  slider(root, "comp-attack", { real: (raw) => 10 ** (raw / 20), text: inMs }, set("attack"));
  slider(root, "comp-release", { real: (raw) => 10 ** (raw / 20), text: inMs }, set("release"));
  const trial = ear(lab, root.querySelector(".ear"), { ...attackTest, met });
  async function listen() {
    const build = await device.listen();
    return (context) => {
      const node = build(context);
      node.input.connect(analyser);
      return node;
    };
  }
  const step = steps(lab, root, "comp-step", listen, trial);

  lab.eachFrame(() => {
    const hidden = !device.live || step.value === "test";
    const now = performance.now();
    if (!hidden) past.push([now, device.on ? device.live.effect.input.reduction : 0]);
    past = hidden ? [] : past.filter(([time]) => now - time < SPAN);
    trace.setAttribute(
      "d",
      hidden ? "" : line(past.map(([time, db]) => [310 - (140 * (now - time)) / SPAN, atReduction(db)])),
    );
    dot.setAttribute("r", hidden ? 0 : 4);
    if (hidden) return;
    meter.textContent = `${minus(past.at(-1)[1].toFixed(1))} dB`;
    analyser.getFloatTimeDomainData(samples);
    const peak = Math.max(-60, toDb(samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-6)));
    dot.setAttribute("cx", atIn(peak));
    dot.setAttribute("cy", atOut(device.on ? out(peak) : peak));
  });
  return step;
}
