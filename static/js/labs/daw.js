// DAW: four tracks of sixteen steps to play, record, automate and take home; and “which of the two swings?”.

import { clock } from "./clock.js";
import { chain, layer, ramp, render } from "./engine.js";
import { drag } from "./handles.js";
import { inHz, Lab } from "./lab.js";
import { hit, pads, played } from "./live.js";
import { setter } from "./panel.js";
import { BPM, bass, hat, kick, shot, snare } from "./sounds.js";
import { steps } from "./steps.js";

export const TRACKS = ["kick", "snare", "hat", "bass"];
const VOICES = {
  kick: [kick, { level: 0.4 }],
  snare: [snare, { level: 0.36 }],
  hat: [hat, { level: 0.22 }],
  bass: [bass, { note: 33, length: 0.22, level: 0.34 }],
};

/** A promise of one buffer for each track. */
export const prepare = () => Promise.all(TRACKS.map((track) => shot(...VOICES[track])));

// The accent of a step comes from its place in the bar; so does the note of the bass.
const accent = (at) => (at % 4 === 0 ? 1 : at % 2 ? 0.55 : 0.75);
const semitones = (track, at) => (track === "bass" ? [0, 0, 3, -2][Math.floor(at / 4)] : 0);

/** How long a step lasts, in seconds. Swing is how much of each pair the first takes, in percent. */
export const lasts = (number, { tempo, swing }) => (30 / tempo) * (number % 2 ? 1 - swing / 100 : swing / 100);

/** When each step of a bar begins, and after them when the bar ends. */
export const starts = (settings) =>
  Array.from({ length: 17 }, (_, i) =>
    Array.from({ length: i }, (_, n) => lasts(n, settings)).reduce((sum, s) => sum + s, 0),
  );

/** A muted track is silent; when any track is on solo, the tracks without solo are silent too. */
export const heard = ({ mute, solo }, track) => !mute.includes(track) && (solo.length === 0 || solo.includes(track));

const FLAT = Array(16).fill(100);

/** The cutoff of the filter for a position of its slider, from 0 to 100. */
const cutoff = (position) => 150 * 2 ** (0.07 * position);

// The end of the bus, as tape: it is straight up to half of full scale, and never reaches the ceiling.
const TAPE = Float32Array.from({ length: 2049 }, (_, i) => {
  const x = (i - 1024) / 512; // twice full scale each way
  const over = Math.max(0, Math.abs(x) - 0.4);
  return Math.sign(x) * (Math.min(0.4, Math.abs(x)) + 0.28 * Math.tanh(over / 0.28));
});

/** Faders for the tracks into one filter and tape: { output, faders, filter, hits(at, when), mix() }. */
function mixer(context, shots, settings) {
  const filter = new BiquadFilterNode(context, {
    type: "lowpass",
    frequency: cutoff((settings.filter ?? FLAT)[0]),
    Q: 0,
  });
  const faders = TRACKS.map((track) => new GainNode(context, { gain: Number(heard(settings, track)) }));
  for (const fader of faders) fader.connect(filter);
  const tape = chain(filter, new GainNode(context, { gain: 0.5 }), new WaveShaperNode(context, { curve: TAPE }));
  const strike = (i, at, when) =>
    hit(faders[i], shots[i], when, { semitones: semitones(TRACKS[i], at), level: accent(at) });
  function hits(at, when) {
    filter.frequency.setTargetAtTime(cutoff((settings.filter ?? FLAT)[at]), when, 0.015);
    for (const [i, track] of TRACKS.entries()) if (settings.on[track][at]) strike(i, at, when);
  }
  function mix() {
    for (const [i, track] of TRACKS.entries()) ramp(context, faders[i].gain, Number(heard(settings, track)));
  }
  return { output: tape, hits, mix, strike };
}

/**
 * `settings`: { tempo, swing, on: { kick: [16 times true or false], … }, filter: [16 positions], mute: [tracks], solo: [tracks] },
 * read as it plays.
 */
export function sequencer(context, shots, settings, step = () => {}) {
  const live = mixer(context, shots, settings);
  clock(context, (number, when) => {
    const at = number % 16;
    live.hits(at, when);
    step({ at, when });
    return lasts(number, settings);
  });
  return live;
}

const BOUNCED = 4; // bars

/** Four bars and their tail, as a promise of an AudioBuffer. */
export async function bounce(settings) {
  const shots = await prepare();
  const at = starts(settings);
  return render(BOUNCED * at[16] + 1, (context) => {
    const live = mixer(context, shots, settings);
    for (let n = 0; n < 16 * BOUNCED; n++) live.hits(n % 16, at[16] * Math.floor(n / 16) + at[n % 16] + 0.001);
    return live;
  });
}

const NOTES = { kick: 36, snare: 38, hat: 42, bass: 33 }; // of General MIDI, and of the bass

/** One bar as tracks of a MIDI file. */
export const notes = (settings) => {
  const beats = starts(settings).map((at) => (at * settings.tempo) / 60);
  return TRACKS.map((track) => ({
    name: track,
    channel: track === "bass" ? 0 : 9,
    notes: settings.on[track].flatMap((on, at) =>
      on ? [{ at: beats[at], length: 0.2, note: NOTES[track] + semitones(track, at), velocity: accent(at) }] : [],
    ),
  }));
};

/** Whether a beat has what the checklist asks for: all four tracks play, and a control is automated. */
export const complete = ({ on, filter }) =>
  TRACKS.every((track) => on[track].some(Boolean)) && new Set(filter).size > 1;

const late = (swing) => Math.round(1000 * (lasts(0, { tempo: BPM, swing }) - lasts(0, { tempo: BPM, swing: 50 })));
const BEAT = ["x.......x.x.....", "....x.......x...", "xxxxxxxxxxxxxxxx"]; // of the test: kick, snare, hat

export const swingTest = {
  name: "swing",
  levels: [66, 62, 58, 55, 53],
  pass: 8,
  options: { first: "The first", second: "The second", neither: "Neither" },
  unit: (level) => `a swing of ${level} %, which is ${late(level)} ms late`,
  async sounds(answer, level) {
    const shots = await prepare();
    return ["first", "second"].map((which) => {
      const at = starts({ tempo: BPM, swing: which === answer ? level : 50 });
      return layer(
        at[16],
        BEAT.flatMap((row, i) =>
          [...row].flatMap((mark, n) => (mark === "x" ? [{ buffer: shots[i], at: at[n], level: accent(n) }] : [])),
        ),
      );
    });
  },
  // No `met`: the beat that is made and taken home shows it.
};

const inTempo = (tempo) => `${tempo} BPM`;
const inSwing = (swing) => `${swing} %${{ 50: ", straight", 67: ", triplets" }[swing] ?? ""}`;

export function mount(section, context) {
  const lab = new Lab(section, context);
  const desk = new Desk(lab, lab.panel.within("daw"));
  desk.step.enter();
  lab.takeHome("beat", {
    sound: () => bounce(desk.settings),
    tune: () => ({ tempo: desk.settings.tempo, tracks: notes(desk.settings) }),
    saved: (kind) => kind === "wav" && desk.emptied && complete(desk.settings) && lab.earned(),
  });
  return lab;
}

/** The grid of a bar with its tracks, the pads and the filter. */
class Desk {
  settings = { tempo: BPM, swing: 50, on: {}, filter: FLAT, mute: [], solo: [] };
  emptied = false; // whether the visitor began from nothing
  live; // what plays
  past; // the steps that were played

  constructor(lab, panel) {
    this.lab = lab;
    this.panel = panel;
    this.grid = panel.part("grid");
    this.moves = FLAT.map((_, i) => panel.inputs(`daw-f${i + 1}`)[0]);
    panel.root.addEventListener("change", () => this.change());
    panel.press("empty", () => this.empty());
    const set = setter(this.settings, () => this.change());
    panel.slider("daw-tempo", { text: inTempo }, set("tempo"));
    panel.slider("daw-swing", { text: inSwing }, set("swing"));
    this.at = panel.slider("daw-at", {}, () => this.turn());
    this.filter = panel.slider("daw-filter", { text: (raw) => inHz(cutoff(raw)) }, (raw) => this.automate(raw));
    drag(panel.part("lane"), ([x, y]) => this.drawn(x, y));
    pads(panel, "four", (track) => this.play(track));
    this.step = steps(lab, panel, "daw-step", {
      ready: () => this.ready(),
      test: swingTest,
      draw: () => this.afresh(),
    });
    lab.eachFrame(() => this.follow());
  }

  get recording() {
    return this.panel.inputs("daw-record")[0].checked && this.lab.playing;
  }

  async ready() {
    const shots = await prepare();
    return (context) => {
      this.past = played();
      this.live = sequencer(context, shots, this.settings, (step) => this.past.add(step, step.when));
      return this.live;
    };
  }

  /** The step that is heard now, and how many seconds ago it began. Without outputLatency: Firefox hangs when it is read often. */
  get now() {
    const time = this.lab.context.currentTime;
    const step = this.step?.heard ? this.past?.now(time) : undefined;
    return step && { ...step, since: Math.max(0, time - step.when) };
  }

  /** Nothing records as a step begins, and nothing is muted where no button could bring it back. */
  afresh() {
    const silent = this.panel.parts("[name=daw-mute], [name=daw-solo]").filter((box) => !box.getClientRects().length);
    for (const box of [...this.panel.inputs("daw-record"), ...silent]) box.checked = false;
    this.change();
  }

  empty() {
    for (const box of TRACKS.flatMap((track) => this.panel.inputs(`daw-${track}`))) box.checked = false;
    for (const move of this.moves) move.value = 100;
    this.emptied = true;
    this.filter.set(100);
    this.change();
  }

  async play(track) {
    if (!this.lab.playing) await this.lab.play();
    const { now } = this;
    const late = now && now.since > lasts(now.at, this.settings) / 2;
    const at = now ? (now.at + late) % 16 : 0;
    this.live?.strike(track, at, this.lab.context.currentTime);
    if (!this.recording) return this.panel.write("recorded", "Press Record to keep it.");
    this.panel.inputs(`daw-${TRACKS[track]}`)[at].checked = true;
    this.panel.write("recorded", `${TRACKS[track]} on step ${at + 1}`);
    this.change();
  }

  /** The filter at the chosen step; while it records, at the step that is heard. */
  automate(raw) {
    const { now } = this;
    this.moves[this.recording && now ? now.at : this.at.value - 1].value = raw;
    this.change();
  }

  drawn(x, y) {
    this.at.set(1 + Math.floor(x / 20));
    this.filter.set(100 - 2.5 * y);
  }

  turn() {
    this.filter?.set(this.moves[this.at.value - 1].value);
  }

  /** Take the settings from the controls, and draw them. */
  change() {
    const { panel, settings, grid } = this;
    const chosen = (name) => panel.inputs(name).flatMap((box) => (box.checked ? [box.value] : []));
    settings.mute = chosen("daw-mute");
    settings.solo = chosen("daw-solo");
    settings.filter = this.moves.map((move) => Number(move.value));
    for (const track of TRACKS) settings.on[track] = panel.inputs(`daw-${track}`).map((box) => box.checked);
    grid.style.setProperty("--swing", settings.swing);
    for (const [i, row] of panel.parts(".track").entries()) {
      const silent = !heard(settings, TRACKS[i]);
      row.classList.toggle("muted", silent);
      row.querySelector(".track-muted").textContent = silent ? ", muted" : "";
    }
    panel.draw("lane-line", settings.filter.map((at, i) => `M${20 * i} ${39 - 0.38 * at}h20`).join(""));
    this.live?.mix();
  }

  follow() {
    const { now, panel } = this;
    const head = panel.part("playhead");
    head.hidden = !now;
    for (const [i, cell] of panel.parts(".cell").entries()) cell.classList.toggle("now", now?.at === i % 16);
    if (!now) return;
    const at = starts(this.settings);
    head.style.left = `${(100 * Math.min(at[16], at[now.at] + now.since)) / at[16]}%`;
    if (this.recording && this.step.value === "automate") this.automate(this.filter.value);
  }
}
