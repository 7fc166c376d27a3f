// Synthesis: a patch, one control at a time; "match this sound"; and "which cutoff is higher?".

import { chain, matched, ramp, switcher } from "./engine.js";
import { clock } from "./clock.js";
import { ear } from "./ear.js";
import { choice, frame, inDb, inHz, inMs, line, slider, spectrum, steps } from "./lab.js";
import { match } from "./match.js";
import { INIT, NOTES, barLoop, contour, levelOf, synth } from "./synth.js";

// Each step sets its scene, in positions of the sliders; free play goes on from the last.
const OPEN = {
  wave: "sawtooth",
  cutoff: 87,
  resonance: 0,
  amount: 0,
  attack: 12,
  decay: 50,
  sustain: 100,
  release: 42,
  rate: 9,
  depth: 0,
  aim: "filter",
  notes: "riff",
};
const SCENES = {
  hear: { cutoff: 23, resonance: 6, amount: 3, sustain: 20, depth: 8, rate: 10 },
  wave: {},
  cutoff: { cutoff: 47 },
  resonance: { cutoff: 35, resonance: 15 },
  envelope: { cutoff: 28, amount: 3, sustain: 30 },
  lfo: { cutoff: 42, resonance: 6, depth: 30, rate: 8, notes: "held" },
  match: { wave: "sine", cutoff: 28, resonance: 6, amount: 2, decay: 52, sustain: 0, release: 36 },
};

/** What can be made before anybody has tapped. */
export const prepare = () => levelOf(INIT);

export const cutoffTest = {
  name: "cutoff",
  skill: "synthesis",
  levels: ["1", "1/2", "1/4", "1/8"],
  pass: 8,
  options: { lower: "Lower", same: "The same", higher: "Higher" },
  unit: (level) => `cutoffs ${level} octave apart`,
  async sounds(answer, level, next) {
    const cutoff = 400 * 2 ** (2 * next());
    const second = cutoff * 2 ** ({ lower: -1, same: 0, higher: 1 }[answer] / level.at(-1));
    const open = await barLoop(INIT);
    const through = (frequency) =>
      matched(open, (context) => new BiquadFilterNode(context, { type: "lowpass", frequency, Q: 0 }));
    return Promise.all([cutoff, second].map(through));
  },
};

// The drawing: a wave and an envelope above, the spectrum and the filter below: 280 units for 20 Hz to 20 kHz, 1.2 a decibel.
const CURVE = Float32Array.from({ length: 90 }, (_, i) => 20 * 1000 ** (i / 89));
const atHz = (hz) => 30 + (280 * Math.log(hz / 20)) / Math.log(1000);
const atLevel = (db) => Math.max(118, Math.min(202, 60 - 1.6 * db));
const SHAPES = {
  // two cycles, 28 units high around 55
  sine: "c11.1-37.3 19.4-37.3 30.5 0s19.4 37.3 30.5 0 19.4-37.3 30.5 0 19.4 37.3 30.5 0",
  triangle: "l15.3-28 30.5 56 30.5-56 30.5 56 15.3-28",
  sawtooth: "l30.5-28v56l61-56v56l30.5-28",
  square: "v-28h30.5v56h30.5v-56h30.5v56h30.5v-28",
};
const time = (raw) => 10 ** (raw / 20);

export function mount(section, context) {
  const lab = frame(section, context);
  const part = (name) => section.querySelector(`.${name}`);
  const draw = (name, path) => part(name).setAttribute("d", path);
  const patch = { ...INIT };
  const probe = new BiquadFilterNode(context, { type: "lowpass" });
  const tap = new AnalyserNode(context, { fftSize: 128 });
  const [ratios, cents] = [new Float32Array(90), new Float32Array(128)];
  let [live, step, timer] = [];
  let notes = []; // the one that sounds, and those to come

  const span = () => (patch.notes === "held" ? 2 : 1);
  const atTime = (t) => 184 + (126 * Math.min(t, span())) / span();
  const alone = () => step.value === "hear" && compared.value === "1";
  const drawn = () => ({ ...(alone() ? INIT : patch), length: NOTES[patch.notes].length });
  function response(moved) {
    const { cutoff, resonance } = drawn();
    probe.frequency.value = Math.min(24000, cutoff * 2 ** (moved / 1200));
    probe.Q.value = resonance;
    probe.getFrequencyResponse(CURVE, ratios, new Float32Array(90));
    draw(
      "response",
      line(Array.from(ratios, (ratio, i) => [atHz(CURVE[i]), Math.min(202, 150 - 24 * Math.log10(ratio))])),
    );
  }
  function show() {
    draw("shape", `M30 55${SHAPES[patch.wave]}`);
    draw(
      "contour",
      line(
        Array.from({ length: 100 }, (_, i) => [
          atTime((i * span()) / 99),
          86 - 62 * contour(drawn(), (i * span()) / 99),
        ]),
      ),
    );
    response(0);
  }

  const other = () => (step.value === "match" ? { ...patch, ...game.goal } : INIT);
  const chosen = () => ({ hear: Number(compared.value), match: Number(heard.value) })[step.value] ?? 0;
  async function level() {
    const gains = await Promise.all([{ ...patch }, other()].map(levelOf));
    live?.gains.forEach((gain, i) => ramp(context, gain.gain, gains[i]));
    return gains;
  }
  function update() {
    if (!step) return;
    show();
    live?.synths[0].set({ ...patch });
    live?.synths[1].set(other());
    live?.choose(chosen());
    clearTimeout(timer);
    timer = setTimeout(level, 120);
  }
  const set = (name) => (value) => {
    patch[name] = value;
    update();
  };
  const controls = {
    wave: choice(section, "wave", set("wave")),
    cutoff: slider(section, "cutoff", { real: (raw) => 80 * 2 ** (raw / 12), text: inHz }, set("cutoff")),
    resonance: slider(section, "resonance", { text: inDb }, set("resonance")),
    amount: slider(section, "amount", { text: (octaves) => `${octaves} oct` }, set("amount")),
    attack: slider(section, "attack", { real: time, text: inMs }, set("attack")),
    decay: slider(section, "decay", { real: time, text: inMs }, set("decay")),
    sustain: slider(
      section,
      "sustain",
      { real: (raw) => raw / 100, text: (full) => `${Math.round(100 * full)} %` },
      set("sustain"),
    ),
    release: slider(section, "release", { real: time, text: inMs }, set("release")),
    rate: slider(
      section,
      "rate",
      { real: (raw) => 2 ** (raw / 4), text: (hertz) => `${hertz.toFixed(1)} Hz` },
      set("rate"),
    ),
    depth: slider(section, "depth", { real: (raw) => raw ** 2, text: (cents) => `±${cents} cents` }, set("depth")),
    aim: choice(section, "aim", set("aim")),
    notes: choice(section, "notes", (value) => {
      set("notes")(value);
      lab.again();
    }),
  };
  const compared = choice(section, "patch-on", update);
  const heard = choice(section, "match-sound", update);
  const game = match(
    part("match"),
    () => patch,
    () => {
      heard.set("1");
      lab.again();
    },
  );

  async function listen() {
    const gains = await level();
    return (running) => {
      const synths = [{ ...patch }, other()].map((one) => synth(running, one));
      const levels = gains.map((gain) => new GainNode(running, { gain }));
      live = {
        synths,
        gains: levels,
        ...switcher(
          running,
          synths.map((one, i) => chain(one, levels[i])),
          chosen(),
        ),
      };
      synths[0].moves.connect(tap);
      notes = [];
      clock(running, (number, when) => {
        const { list } = NOTES[patch.notes];
        const [note, gap] = list[number % list.length];
        notes.push(synths.map((one) => one.note(note, when))[0]);
        return gap;
      });
      return live;
    };
  }
  function scene() {
    const next = SCENES[step.value];
    if (next) Object.entries({ ...OPEN, ...next }).forEach(([name, value]) => controls[name].set(value));
    update();
  }
  // Four patches made in ten minutes each are more than a test in a browser can see: nothing is ticked here.
  const trial = ear(lab, part("ear"), { ...cutoffTest, met: () => false });
  step = steps(lab, section, "synth-step", listen, trial, scene);

  lab.eachFrame(() => {
    const hidden = !lab.player.playing || !live || step.value === "test";
    const levels = hidden ? CURVE.map(() => -120) : spectrum(lab.player.analyser, CURVE);
    draw("spectrum", `${line(Array.from(levels, (db, i) => [atHz(CURVE[i]), atLevel(db)]))}V202H30Z`);
    part("dot").setAttribute("r", hidden ? 0 : 4);
    if (hidden) return response(0);
    while (notes[1]?.at <= context.currentTime) notes.shift();
    const t = Math.max(0, context.currentTime - notes[0].at);
    part("dot").setAttribute("cx", atTime(t));
    part("dot").setAttribute("cy", 86 - 62 * contour(alone() ? drawn() : notes[0], t));
    tap.getFloatTimeDomainData(cents);
    response(alone() ? 0 : cents[127]);
  });
  step.enter();
  return lab;
}
