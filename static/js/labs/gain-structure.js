// Gain structure: a chain with two ceilings, one control at a time; and "which of them is clipped?".

import { clip, desk, MIC, measure, meter, strips } from "./desk.js";
import { chain, fromDb, matched, peak, toDb } from "./engine.js";
import { handles } from "./handles.js";
import { inDb, Lab, minus } from "./lab.js";
import { line, pose, setter } from "./panel.js";
import { loopOf, SONG } from "./sounds.js";
import { steps } from "./steps.js";

/** What can be made before the first tap. */
export const prepare = () => loopOf("keys");

/** An effect whose loudest peak, in a wave of that peak, is so many decibels over the ceiling. */
export function over(context, { peak, db }) {
  const input = new GainNode(context, { gain: fromDb(db) / peak });
  return { input, output: chain(input, clip(context)) };
}

export const clipTest = {
  name: "clip",
  levels: [12, 6, 3, 1.5],
  pass: 8,
  options: { first: "The first", second: "The second", neither: "Neither" },
  unit: (level) => `peaks that are ${level} dB too high`,
  async sounds(answer, level) {
    const [{ buffer, peak }] = await strips(1);
    const clipped = await matched(buffer, (context) => over(context, { peak, db: level }));
    return { first: [clipped, buffer], second: [buffer, clipped], neither: [buffer, buffer] }[answer];
  },
};

// Each step sets its scene; free play goes on from the last.
const START = { player: 0, preamp: 32, fader: 0, tracks: 1 };
const SCENES = {
  hear: { preamp: 58 },
  preamp: {},
  fader: { preamp: 58 },
  headroom: { preamp: 34 },
  tracks: { preamp: 42 },
  session: { preamp: 42, tracks: 16 },
};
const TARGET = -6; // dBFS, the peaks of the output of a session

// The drawing: bars of 1.6 units a decibel under 0 dBFS at 40, and 10 ms of two waves around 194, 20 units high at full scale.
const atDb = (db) => 40 - 1.6 * Math.max(-54, Math.min(14, db));
const bar = (x, from, to, width = 24) =>
  `M${x} ${atDb(from).toFixed(1)}V${atDb(to).toFixed(1)}h${width}V${atDb(from).toFixed(1)}Z`;
const AT = { mic: 58, converter: 108, track: 158, output: 208 };
const LOUD = [252, 270]; // momentary and short-term, on the same scale
const inDbfs = (db) => `${minus(db.toFixed(1))} dBFS`;
const says = (db) =>
  db > 0.05 ? `${inDb(db)} over, cut off` : `${inDbfs(db)}, ${Math.abs(db).toFixed(1)} dB of headroom`;

const inTracks = (count) => `${count} track${count === 1 ? "" : "s"}`;

/** The path of a wave, cut off at `limit`. */
const wave = (samples, x, limit) =>
  line(samples.map((sample, i) => [x + 1.2 * i, 194 - 20 * Math.max(-limit, Math.min(limit, sample))]));

/** The peak after each place, in dBFS, from the peaks that reach the converter and the output. */
const peaks = ([converter, output], { preamp, fader }) => ({
  mic: converter - preamp,
  converter: Math.min(0, converter),
  track: Math.min(0, converter) + fader,
  output: Math.min(0, output),
});

export function mount(section, context) {
  const lab = new Lab(section, context);
  new Chain(lab, lab.panel).step.enter();
  lab.takeHome("levels");
  return lab;
}

/** The chain from the microphone to the file. */
class Chain {
  settings = { ...START };
  tracks = [];
  live; // the desk that plays
  held = [-60, -60]; // peaks at the converter and the output, which fall slowly
  samples = new Float32Array(2048);

  constructor(lab, panel) {
    this.lab = lab;
    this.panel = panel;
    this.taps = ["converter", "bus"].map(() => new AnalyserNode(lab.context, { fftSize: this.samples.length }));
    this.on = panel.choice("clip-on", (value) => this.live?.choose(Number(value)));
    const set = setter(this.settings, () => {
      this.live?.set(this.settings);
      this.show();
    });
    this.controls = {
      preamp: panel.slider("preamp", { text: inDb }, set("preamp")),
      player: panel.slider("player", { text: inDb }, set("player")),
      fader: panel.slider("fader", { text: inDb }, set("fader")),
      tracks: panel.slider("tracks", { text: inTracks }, (count) => this.count(count)),
    };
    this.step = steps(lab, panel, "gain-step", {
      ready: () => this.ready(),
      test: clipTest,
      draw: () => this.enter(),
    });
    const { preamp, fader } = this.controls;
    const at = (x, db) => (this.step.value === "test" ? undefined : [x + 12, atDb(db)]);
    const to = (control, db) => (_, y) => control.set((40 - y) / 1.6 - db());
    const mic = () => MIC + this.settings.player;
    const converted = () => Math.min(0, mic() + this.settings.preamp);
    handles(panel.part("bars").ownerSVGElement, [
      { at: () => at(AT.converter, mic() + this.settings.preamp), to: to(preamp, mic) },
      { at: () => at(AT.track, converted() + this.settings.fader), to: to(fader, converted) },
    ]);
    panel.press("session-check", () => panel.write("session-says", this.check()));
    lab.eachFrame(() => this.fall());
  }

  /** Words for the session, and the tick where all that the checklist asks for is there. */
  check() {
    const { converter, output } = measure(this.tracks, this.settings);
    const said = (name) => this.panel.inputs(name).find((radio) => radio.checked)?.value;
    const wrong = [
      this.tracks.length < 16 && "the tracks: all sixteen belong to it",
      converter > 0 && "the converter: it cuts the tops off",
      output > TARGET && `the output: it peaks at ${inDbfs(output)}, and may reach ${inDbfs(TARGET)}`,
      said("says-dbfs") !== "peak" && "what dBFS tells: how near the highest sample is to the ceiling",
      said("says-lufs") !== "loud" && "what LUFS tells: how loud it is to the ear, over time",
    ].filter(Boolean);
    if (wrong.length) return `Look again at ${wrong.join("; and at ")}.`;
    this.lab.earned();
    return `Sixteen tracks, and the output peaks at ${inDbfs(output)}. Nothing is cut.`;
  }

  enter() {
    const scene = SCENES[this.step.value];
    if (scene) pose(this.controls, { ...START, ...scene });
    this.show();
  }

  count(tracks) {
    if (this.settings.tracks === tracks) return;
    this.settings.tracks = tracks;
    this.load();
    this.lab.again();
  }

  async load() {
    const count = this.settings.tracks;
    const tracks = await strips(count);
    // Many tracks may come after the few that were chosen since.
    if (count === this.settings.tracks) {
      this.tracks = tracks;
      this.show();
    }
    return tracks;
  }

  async ready() {
    const tracks = await this.load();
    return (context) => {
      this.began = context.currentTime;
      this.live = desk(context, tracks, this.settings, Number(this.on.value));
      this.live.converter.connect(this.taps[0]);
      this.live.bus.connect(this.taps[1]);
      return this.live;
    };
  }

  show() {
    if (this.step?.value === "test")
      for (const name of ["bars", "lost", "loud", "wanted", "wave"]) this.panel.draw(name, "");
    else if (this.step && this.tracks.length) this.measured(measure(this.tracks, this.settings));
  }

  measured({ converter, output, waves, lufs }) {
    const { panel } = this;
    for (const [name, db] of Object.entries(peaks([converter, output], this.settings))) {
      panel.write(`at-${name}`, minus(Math.round(db)));
    }
    panel.write(
      "at-says",
      `At the converter: ${says(converter)}. At the output: ${says(output)}, ${minus(lufs.toFixed(1))} LUFS.`,
    );
    const paths = (limit) => waves.map((points, i) => wave(points, 56 + 134 * i, limit)).join("");
    panel.draw("wanted", paths(1.6));
    panel.draw("wave", paths(1));
    if (this.lab.playing) return;
    this.bars([converter, output]);
    this.loud([lufs, lufs]);
  }

  /** The loudness meter, and its slower number. */
  loud(levels) {
    this.panel.draw("loud", levels.map((level, i) => bar(LOUD[i], -54, level, 14)).join(""));
    this.panel.write("at-lufs", minus(Math.round(levels[1])));
  }

  bars([converter, output]) {
    const through = Object.entries(peaks([converter, output], this.settings));
    const lost = { converter: Math.max(0, converter), output: Math.max(0, output) };
    this.panel.draw("bars", through.map(([name, db]) => bar(AT[name], -54, db)).join(""));
    this.panel.draw(
      "lost",
      Object.entries(lost)
        .map(([name, db]) => bar(AT[name], 0, db))
        .join(""),
    );
  }

  fall() {
    if (!this.step.heard || !this.live) return;
    this.held = this.taps.map((tap, i) => {
      tap.getFloatTimeDomainData(this.samples);
      return Math.max(toDb(peak(this.samples, 1e-6)), this.held[i] - 0.25);
    });
    this.bars(this.held);
    const into = (this.lab.context.currentTime - this.began) % SONG;
    this.loud(meter(measure(this.tracks, this.settings).powers, into));
  }
}
