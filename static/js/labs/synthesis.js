// Synthesis: a patch, one control at a time; "match this sound"; and "which cutoff is higher?".

import { clock } from "./clock.js";
import { chain, matched, ramp, switcher } from "./engine.js";
import { handles } from "./handles.js";
import { inDb, inHz, inMs, Lab } from "./lab.js";
import { plot, pose, setter } from "./panel.js";
import { area, atHz, curve, frequencies, hzAt, response, spectrum } from "./spectrum.js";
import { steps } from "./steps.js";
import { barLoop, contour, INIT, levelOf, NOTES, synth } from "./synth.js";
import { TARGETS, workshop } from "./targets.js";

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

/** What can be made before the first tap. */
export const prepare = () => levelOf(INIT);

export const cutoffTest = {
  name: "cutoff",
  levels: ["1", "1/2", "1/4", "1/8"],
  pass: 8,
  options: { lower: "Lower", same: "The same", higher: "Higher" },
  picture: (answer, level) => {
    const by = { lower: -1, same: 0, higher: 1 }[answer] / level.at(-1);
    return curve(CURVE, (hz) => 10 + 6 * Math.max(0, Math.log2(hz / (800 * 2 ** by))) ** 1.2);
  },
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

// The drawing: a wave and an envelope above, the spectrum and the filter below, 1.2 units a decibel.
const CURVE = frequencies(90);
const atLevel = (db) => Math.max(118, Math.min(202, 60 - 1.6 * db));
const atShare = (share) => 86 - 62 * share;
const SHAPES = {
  // two cycles, 28 units high around 55
  sine: "c11.1-37.3 19.4-37.3 30.5 0s19.4 37.3 30.5 0 19.4-37.3 30.5 0 19.4 37.3 30.5 0",
  triangle: "l15.3-28 30.5 56 30.5-56 30.5 56 15.3-28",
  sawtooth: "l30.5-28v56l61-56v56l30.5-28",
  square: "v-28h30.5v56h30.5v-56h30.5v56h30.5v-28",
};

const time = { real: (raw) => 10 ** (raw / 20), text: inMs };
const SLIDERS = {
  cutoff: { real: (raw) => 80 * 2 ** (raw / 12), text: inHz },
  resonance: { text: inDb },
  amount: { text: (octaves) => `${octaves} oct` },
  attack: time,
  decay: time,
  sustain: { real: (raw) => raw / 100, text: (full) => `${Math.round(100 * full)} %` },
  release: time,
  rate: { real: (raw) => 2 ** (raw / 4), text: (hertz) => `${hertz.toFixed(1)} Hz` },
  depth: { real: (raw) => raw ** 2, text: (cents) => `±${cents} cents` },
};

export function mount(section, context) {
  const lab = new Lab(section, context);
  new Patch(lab, lab.panel).step.enter();
  lab.takeHome("patch");
  return lab;
}

/** The visitor’s patch, and another to compare it with: the plain one it began as, or the goal of the game. */
class Patch {
  patch = { ...INIT };
  live; // { synths, gains, choose } while it plays
  notes = []; // the one that sounds, and those to come
  cents = new Float32Array(128);

  constructor(lab, panel) {
    this.lab = lab;
    this.panel = panel;
    this.probe = new BiquadFilterNode(lab.context, { type: "lowpass" });
    this.tap = new AnalyserNode(lab.context, { fftSize: this.cents.length });
    this.controls = this.wire(setter(this.patch, (name) => this.update(name)));
    this.compared = panel.choice("patch-on", () => this.update());
    this.heard = panel.choice("match-sound", () => this.update());
    this.group = panel.choice("synth-group");
    this.target = panel.choice("target", () => this.turn());
    this.workshop = workshop();
    panel.press("init", () => this.init());
    panel.press("match-check", () => {
      panel.write("match-says", this.workshop.check(this.target.value, this.patch, Date.now()));
      if (this.workshop.built.size === Object.keys(TARGETS).length) lab.earned();
    });
    this.step = steps(lab, panel, "synth-step", {
      ready: () => this.ready(),
      test: cutoffTest,
      draw: () => this.enter(),
    });
    handles(panel.part("contour").ownerSVGElement, this.grips());
    lab.eachFrame(() => this.frame());
  }

  wire(set) {
    const control = (name) =>
      SLIDERS[name] ? this.panel.slider(name, SLIDERS[name], set(name)) : this.panel.choice(name, set(name));
    return Object.fromEntries(Object.keys(OPEN).map((name) => [name, control(name)]));
  }

  /** On the filter its cutoff and resonance; on the envelope the end of the attack, and decay and sustain. */
  grips() {
    const { cutoff, resonance, attack, decay, sustain } = this.controls;
    const ms = () => (1000 * this.span) / 126;
    const shown = (x, y) => (["test", "hear"].includes(this.step.value) ? undefined : [Math.min(310, x), y]);
    const low = () => Math.min(202, 150 - 1.2 * this.patch.resonance);
    const fallen = () => this.patch.attack + this.patch.decay / 3;
    const free = () => this.step.value !== "match";
    return [
      {
        at: () => shown(atHz(this.patch.cutoff), low()),
        to(x, y) {
          cutoff.set(12 * Math.log2(hzAt(x) / 80));
          if (free()) resonance.set((150 - y) / 1.2);
        },
      },
      {
        at: () => free() && shown(184 + this.patch.attack / ms(), atShare(1)),
        to: (x) => attack.set(20 * Math.log10(Math.max(1, (x - 184) * ms()))),
      },
      {
        // A third of the decay after the attack, where most of the way is gone.
        at: () => shown(184 + fallen() / ms(), atShare(this.patch.sustain + (1 - this.patch.sustain) * Math.exp(-1))),
        to: (x, y) => {
          decay.set(20 * Math.log10(Math.max(1, 3 * ((x - 184) * ms() - this.patch.attack))));
          if (free()) sustain.set((100 * ((86 - y) / 62 - Math.exp(-1))) / (1 - Math.exp(-1)));
        },
      },
    ];
  }

  /** Hear the goal, with the rest of the visitor's patch, and with the notes that show it best. */
  turn() {
    this.heard.set("1");
    this.controls.notes.set(TARGETS[this.target.value].notes);
    this.lab.again();
  }

  /** An empty patch. */
  init() {
    pose(this.controls, { ...OPEN, ...SCENES.match, notes: TARGETS[this.target.value].notes });
    this.workshop.init(Date.now());
    this.panel.write("match-says", "Empty patch. The clock runs.");
    this.heard.set("0");
  }

  enter() {
    this.panel.pick("synth-group", { envelope: "env", lfo: "lfo", play: this.group.value }[this.step.value] ?? "osc");
    const scene = SCENES[this.step.value];
    if (scene) pose(this.controls, { ...OPEN, ...scene });
    this.update();
  }

  update(name) {
    if (!this.step) return;
    this.show();
    for (const [i, patch] of this.both.entries()) this.live?.synths[i].set(patch);
    this.live?.choose(this.chosen);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.level(), 120);
    if (name === "notes") this.lab.again();
  }

  get both() {
    const patch = { ...this.patch };
    return [
      patch,
      { ...(this.step.value === "match" ? { ...patch, ...TARGETS[this.target.value] } : INIT), notes: patch.notes },
    ];
  }

  /** Which of the two is heard: 0 or 1. */
  get chosen() {
    return { hear: Number(this.compared.value), match: Number(this.heard.value) }[this.step.value] ?? 0;
  }

  /** Whether the plain patch is heard. */
  get plain() {
    return this.step.value === "hear" && this.compared.value === "1";
  }

  /** Bring both to working level. */
  async level() {
    const gains = await Promise.all(this.both.map(levelOf));
    for (const [i, node] of this.live?.gains.entries() ?? []) ramp(this.lab.context, node.gain, gains[i]);
    return gains;
  }

  async ready() {
    const levels = await this.level();
    return (context) => {
      const synths = this.both.map((patch) => synth(context, patch));
      const gains = levels.map((gain) => new GainNode(context, { gain }));
      const outputs = synths.map((one, i) => chain(one, gains[i]));
      this.live = { synths, gains, ...switcher(context, outputs, this.chosen) };
      synths[0].moves.connect(this.tap);
      this.notes = [];
      clock(context, (number, when) => this.play(synths, number, when));
      return this.live;
    };
  }

  play(synths, number, when) {
    const { list } = NOTES[this.patch.notes];
    const [note, gap] = list[number % list.length];
    this.notes.push(synths.map((one) => one.note(note, when))[0]);
    return gap;
  }

  /** The patch that is drawn, as a note of it. */
  get drawn() {
    return { ...(this.plain ? INIT : this.patch), length: NOTES[this.patch.notes].length };
  }

  /** Seconds of the envelope that are drawn. */
  get span() {
    return this.patch.notes === "riff" ? 1 : 2;
  }

  show() {
    const { panel, drawn, span } = this;
    panel.draw("shape", `M30 55${SHAPES[this.patch.wave]}`);
    panel.draw(
      "contour",
      plot([184, 310], 99, (share) => atShare(contour(drawn, share * span))),
    );
    this.response(0);
  }

  /** The filter, with its cutoff moved by so many cents. */
  response(moved) {
    const { cutoff, resonance } = this.drawn;
    this.probe.frequency.value = Math.min(24000, cutoff * 2 ** (moved / 1200));
    this.probe.Q.value = resonance;
    const levels = response(this.probe, CURVE);
    this.panel.draw(
      "response",
      curve(CURVE, (_, i) => Math.min(202, 150 - 1.2 * levels[i])),
    );
  }

  frame() {
    const { panel, lab, step, notes } = this;
    const shown = this.live && step.heard;
    const levels = shown ? spectrum(lab.player.analyser, CURVE) : [];
    panel.draw(
      "spectrum",
      area(CURVE, (_, i) => atLevel(levels[i] ?? -120), 202),
    );
    panel.move("dot", { r: shown ? 4 : 0 });
    if (!shown) return this.response(0);
    const { currentTime } = lab.context;
    while (notes[1]?.at <= currentTime) notes.shift();
    const t = Math.max(0, currentTime - notes[0].at);
    const note = this.plain ? this.drawn : notes[0];
    panel.move("dot", { cx: 184 + (126 * Math.min(t, this.span)) / this.span, cy: atShare(contour(note, t)) });
    this.tap.getFloatTimeDomainData(this.cents);
    this.response(this.plain ? 0 : this.cents.at(-1));
  }
}
