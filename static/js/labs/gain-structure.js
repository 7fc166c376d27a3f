// Gain structure: a chain with two ceilings, one control at a time; and "which of them is clipped?".

import { chain, fromDb, matched, toDb } from "./engine.js";
import { clip, desk, measure, strips } from "./desk.js";
import { ear } from "./ear.js";
import { choice, frame, inDb, line, minus, slider, steps } from "./lab.js";
import { loopOf } from "./sounds.js";

/** What can be made before anybody has tapped. */
export const prepare = () => loopOf("keys");

/** An effect whose loudest peak, in a wave of that peak, is so many decibels over the ceiling. */
export function over(context, { peak, db }) {
  const input = new GainNode(context, { gain: fromDb(db) / peak });
  return { input, output: chain(input, clip(context)) };
}

export const clipTest = {
  name: "clip",
  skill: "gain-structure",
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
};

// The drawing: bars of 1.6 units a decibel under 0 dBFS at 40, and 10 ms of two waves around 194, 20 units high at full scale.
const atDb = (db) => 40 - 1.6 * Math.max(-54, Math.min(14, db));
const bar = (x, from, to) => `M${x} ${atDb(from).toFixed(1)}V${atDb(to).toFixed(1)}h24V${atDb(from).toFixed(1)}Z`;
const AT = { mic: 66, converter: 130, track: 194, output: 258 };
const inDbfs = (db) => `${minus(db.toFixed(1))} dBFS`;
const says = (db) =>
  db > 0.05 ? `${inDb(db)} over, cut off` : `${inDbfs(db)}, ${Math.abs(db).toFixed(1)} dB of headroom`;

/** A wave, of which `limit` is the most that is drawn. */
const wave = (samples, x, limit) =>
  line(samples.map((sample, i) => [x + 1.2 * i, 194 - 20 * Math.max(-limit, Math.min(limit, sample))]));

export function mount(section, context) {
  const lab = frame(section, context);
  const part = (name) => section.querySelector(`.${name}`);
  const settings = { ...START };
  const taps = ["converter", "bus"].map(() => new AnalyserNode(context, { fftSize: 2048 }));
  const samples = new Float32Array(2048);
  let [tracks, live, step] = [[]];
  let held = [-60, -60];

  const on = choice(section, "clip-on", (value) => live?.choose(Number(value)));
  const draw = (name, path) => part(name).setAttribute("d", path);
  /** What gets through at each place, in dBFS, of what wants to. */
  const peaks = ([converter, output]) => ({
    mic: converter - settings.preamp,
    converter: Math.min(0, converter),
    track: Math.min(0, converter) + settings.fader,
    output: Math.min(0, output),
  });
  function bars([converter, output]) {
    draw(
      "bars",
      Object.entries(peaks([converter, output]))
        .map(([name, db]) => bar(AT[name], -54, db))
        .join(""),
    );
    draw(
      "lost",
      [
        [AT.converter, converter],
        [AT.output, output],
      ]
        .map(([x, db]) => bar(x, 0, Math.max(0, db)))
        .join(""),
    );
  }
  function show() {
    if (step.value === "test") ["bars", "lost", "wanted", "wave"].forEach((name) => draw(name, ""));
    else if (tracks.length) {
      const { converter, output, waves } = measure(tracks, settings);
      for (const [name, db] of Object.entries(peaks([converter, output])))
        part(`at-${name}`).textContent = minus(Math.round(db));
      part("at-says").textContent = `At the converter: ${says(converter)}. At the output: ${says(output)}.`;
      for (const [name, limit] of [
        ["wanted", 1.6],
        ["wave", 1],
      ])
        draw(name, waves.map((points, i) => wave(points, 56 + 134 * i, limit)).join(""));
      if (!lab.player.playing) bars([converter, output]);
    }
  }
  async function load() {
    tracks = await strips(settings.tracks);
    show();
    return tracks;
  }
  const set = (name) => (value) => {
    settings[name] = value;
    live?.set(settings);
    if (step) show();
  };
  const controls = {
    preamp: slider(section, "preamp", { text: inDb }, set("preamp")),
    player: slider(section, "player", { text: inDb }, set("player")),
    fader: slider(section, "fader", { text: inDb }, set("fader")),
    tracks: slider(section, "tracks", { text: (count) => (count === 1 ? "1 track" : `${count} tracks`) }, (count) => {
      if (settings.tracks === count) return;
      settings.tracks = count;
      load();
      lab.again();
    }),
  };
  async function listen() {
    const next = await load();
    return (running) => {
      live = desk(running, next, settings, Number(on.value));
      [live.converter, live.bus].forEach((node, i) => node.connect(taps[i]));
      return live;
    };
  }
  const scene = () => {
    if (SCENES[step.value])
      Object.entries({ ...START, ...SCENES[step.value] }).forEach(([name, value]) => controls[name].set(value));
    show();
  };
  // A friend who has understood dBFS and LUFS is more than a test in a browser can see: nothing is ticked here.
  const trial = ear(lab, part("ear"), { ...clipTest, met: () => false });
  step = steps(lab, section, "gain-step", listen, trial, scene);

  lab.eachFrame(() => {
    if (!lab.player.playing || !live || step.value === "test") return;
    held = taps.map((tap, i) => {
      tap.getFloatTimeDomainData(samples);
      const db = toDb(samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-6));
      return Math.max(db, held[i] - 0.25);
    });
    bars(held);
  });
  step.enter();
  return lab;
}
