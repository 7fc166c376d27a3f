// The compressor: its curve, its gain reduction as it happens, a level-matched A/B; and "what happened to the attack?".

import { compare, fromDb, loop, matched, matching, toDb } from "./engine.js";
import { ear } from "./ear.js";
import { choice, inDb, inMs, line, minus, settled, slider, steps } from "./lab.js";
import { loopOf } from "./sounds.js";

/** What a browser’s compressor adds unasked, in decibels; with a hard knee it is exactly this. */
export const makeUp = ({ threshold, ratio }) => -0.6 * threshold * (1 - 1 / ratio);

/** How late it lets the sound out: 6 ms, in whole samples. */
export const lookahead = (context) => Math.floor(0.006 * context.sampleRate) / context.sampleRate;

/** A compressor that leaves alone what is under the threshold. Times are in milliseconds. */
export function compressor(context, settings) {
  const input = new DynamicsCompressorNode(context, { knee: 0 });
  const output = new GainNode(context);
  input.connect(output);
  const set = ({ threshold = -30, ratio = 4, attack = 10, release = 150 } = {}) => {
    Object.entries({ threshold, ratio, attack: attack / 1000, release: release / 1000 }).forEach(([name, value]) => { input[name].value = value; });
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
    return Promise.all(attacks.map((attack) =>
      matched(buffer, (context) => compressor(context, { threshold: -34, ratio: 8, attack, release: 120 }))));
  },
};

// The drawing. Left: −60 to 0 dB in, 120 units; right: the last two seconds in 140 units, 4 units a decibel of reduction.
const SPAN = 2000;
const atIn = (db) => 34 + 2 * (db + 60) * 0.9;
const atOut = (db) => 22 - 1.8 * db;

export function squeezer(lab, root, met) {
  const settings = {};
  const curve = root.querySelector(".curve");
  const dot = root.querySelector(".dot");
  const trace = root.querySelector(".reduction");
  const meter = root.querySelector(".gr");
  const samples = new Float32Array(1024);
  let live, gain;
  let past = [];

  const measure = async () => {
    gain = await matching(await loopOf(source.value), (offline) => compressor(offline, settings));
    root.querySelector(".match").textContent = inDb(toDb(gain));
  };
  const match = settled(async () => {
    await measure();
    live?.match(gain);
  });
  async function listen(context) {
    const [buffer] = await Promise.all([loopOf(source.value), measure()]);
    const input = loop(context, buffer);
    const effect = compressor(context, settings);
    const analyser = new AnalyserNode(context, { fftSize: samples.length });
    input.connect(analyser);
    live = { effect, analyser, ...compare(context, input, effect, { gain, latency: lookahead(context), chosen: Number(on.value) }) };
    return live;
  }
  const set = (name) => (value) => {
    settings[name] = value;
    live?.effect.set(settings);
    drawCurve();
    match();
  };
  function drawCurve() {
    const { threshold = -30, ratio = 4 } = settings;
    curve.setAttribute("d", line([-60, threshold, 0].map((db) => [atIn(db), atOut(db > threshold ? threshold + (db - threshold) / ratio : db)])));
  }

  const source = choice(root, "comp-source", () => lab.again());
  const on = choice(root, "comp-on", (value) => live?.choose(Number(value)));
  choice(root, "comp-one");
  slider(root, "comp-threshold", { text: inDb }, set("threshold"));
  slider(root, "comp-ratio", { text: (ratio) => `${ratio} : 1` }, set("ratio"));
  slider(root, "comp-attack", { real: (raw) => 10 ** (raw / 20), text: inMs }, set("attack"));
  slider(root, "comp-release", { real: (raw) => 10 ** (raw / 20), text: inMs }, set("release"));
  const step = steps(lab, root, "comp-step", listen, ear(lab, root.querySelector(".ear"), { ...attackTest, met }));

  lab.eachFrame(() => {
    if (!live || step.value === "test") past = [];
    else past.push({ time: performance.now(), db: on.value === "1" ? live.effect.input.reduction : 0 });
    const now = past.at(-1)?.time;
    past = past.filter(({ time }) => now - time < SPAN);
    trace.setAttribute("d", past.length ? line(past.map(({ time, db }) => [310 - (140 * (now - time)) / SPAN, 22 - 4.5 * Math.max(-24, db)])) : "");
    meter.textContent = past.length ? `${minus(past.at(-1).db.toFixed(1))} dB` : "hidden";
    if (!live || step.value === "test") return dot.setAttribute("r", 0);
    live.analyser.getFloatTimeDomainData(samples);
    const peak = Math.max(-60, toDb(samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-6)));
    const { threshold, ratio } = settings;
    dot.setAttribute("r", 4);
    dot.setAttribute("cx", atIn(peak));
    dot.setAttribute("cy", atOut(on.value === "1" && peak > threshold ? threshold + (peak - threshold) / ratio : peak));
  });
  return step;
}
