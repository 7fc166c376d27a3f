// Sampling: a riff cut into eight slices, put in a new order and repitched over a beat; and "how far was it shifted?".

import { clock } from "./clock.js";
import { draw, layer, levelled, once, peak, render } from "./engine.js";
import { handles, pointIn } from "./handles.js";
import { inMs, Lab, minus } from "./lab.js";
import { hit, pads, played } from "./live.js";
import { line, setter } from "./panel.js";
import { keys, lead, notesLoop, PARTS, SIXTEENTH, shot } from "./sounds.js";
import { steps } from "./steps.js";

const PLACE = 2 * SIXTEENTH; // eight in a bar
const BAR = 8 * PLACE;

const RIFF = [
  ...[69, 76, 72, 74, 69, 67, 72, 64].map((note, i) => [2 * i, lead, { note, length: 0.7 * PLACE, level: 0.5 }, 1]),
  [0, keys, { notes: [57, 60, 64], length: PLACE, level: 0.5 }, 1],
  [6, keys, { notes: [55, 59, 62], length: PLACE, level: 0.5 }, 1],
  [10, keys, { notes: [53, 57, 60], length: PLACE, level: 0.5 }, 1],
];

/** A promise of a bar of the riff and a bar of the beat. */
export const prepare = once(() => {
  const beat = PARTS.drums.filter(([step]) => step < 16);
  return Promise.all([RIFF, beat].map((notes) => notesLoop(BAR, notes)));
});

export const rate = (semitones) => 2 ** (semitones / 12);

/** The riff in eight slices. `cut` moves each cut, and `fade` is how long each end fades; both in milliseconds. */
export function slices(riff, { cut = 0, fade = 15 } = {}) {
  const all = riff.getChannelData(0);
  const { length, sampleRate } = riff;
  const size = Math.floor(length / 8);
  const fading = Math.round((fade * sampleRate) / 1000);
  return Array.from({ length: 8 }, (_, number) => {
    const from = Math.round((number * length) / 8 + (cut * sampleRate) / 1000) + length;
    const slice = new AudioBuffer({ length: size, sampleRate });
    slice.copyToChannel(
      Float32Array.from(
        { length: size },
        (_, i) => all[(from + i) % length] * (fading ? Math.min(1, (size - 1 - i) / fading) : 1),
      ),
      0,
    );
    return slice;
  });
}

/** `settings`: { slices, places: [{ slice: 0 for none or 1 to 8, pitch }], pitch, beat }, read as it plays. */
export function sampler(context, drums, settings, step = () => {}) {
  const output = new GainNode(context, { gain: 0.7 });
  const press = (number, when, pitch = 0) =>
    hit(output, settings.slices[number - 1], when, { semitones: pitch + settings.pitch });
  clock(context, (number, when) => {
    const at = number % 8;
    const { slice, pitch } = settings.places[at];
    if (slice) press(slice, when, pitch);
    if (settings.beat && at === 0) hit(output, drums, when, { level: 0.8 });
    step(at, when);
    return PLACE;
  });
  return { output, press: (number) => press(number, context.currentTime) };
}

/** A sound played faster or slower, as a buffer. A promise. */
export const repitch = (buffer, semitones) =>
  render(buffer.duration / rate(semitones), (context) => {
    const output = new GainNode(context);
    hit(output, buffer, 0, { semitones });
    return output;
  });

const SHIFTS = {
  down2: ["Two steps down", -2],
  down1: ["One step down", -1],
  same: ["Not at all", 0],
  up1: ["One step up", 1],
  up2: ["Two steps up", 2],
};

export const shiftTest = {
  name: "shift",
  levels: [5, 3, 2, 1, 0.5],
  pass: 7,
  options: Object.fromEntries(Object.entries(SHIFTS).map(([value, [label]]) => [value, label])),
  unit: (level) => `steps of ${level} semitone${level === 1 ? "" : "s"}`,
  async sounds(answer, level, next) {
    const first = await shot(lead, { note: draw(next, [65, 67, 69, 71, 72]), length: PLACE });
    const both = [first, await repitch(first, level * SHIFTS[answer][1])];
    const twice = (buffer) => [0, BAR / 2].map((at) => ({ buffer, at }));
    const [before, after] = both.map((buffer) => layer(BAR, twice(buffer)));
    return [before, levelled(after, before)];
  },
  // No `met`: the checklist asks for a clip that is cut, played in time, and its licence.
};

// The drawing: a bar in 296 units, 37 a slice; the riff around 48, what is played around 128.
const COLUMNS = 10;
// One more for the last 2 ms, where a fade shows.
const peaks = (samples) => [
  ...Array.from({ length: COLUMNS }, (_, i) =>
    peak(samples.subarray((i * samples.length) / COLUMNS, ((i + 1) * samples.length) / COLUMNS)),
  ),
  peak(samples.subarray(-96)),
];
function wave(x, y, width, heights) {
  const top = heights.map((height, i) => [x + (width * i) / COLUMNS, y - 84 * height - 0.5]);
  const bottom = top.map(([at, up]) => [at, 2 * y - up]).reverse();
  return `${line([...top, ...bottom])}Z`;
}

const ORDERS = { recorded: [1, 2, 3, 4, 5, 6, 7, 8], new: [1, 4, 3, 1, 5, 8, 3, 7] };
const signed = (semitones) =>
  minus(`${semitones > 0 ? "+" : ""}${semitones} semitone${Math.abs(semitones) === 1 ? "" : "s"}`);
const inSpeed = (semitones) => `${signed(semitones)}, speed × ${rate(semitones).toFixed(2)}`;

const inCut = (ms) => (ms ? `${inMs(Math.abs(ms))} too ${ms < 0 ? "early" : "late"}` : "at the hit");
const inSlice = (slice) => (slice ? `slice ${slice}` : "none");
const atSlice = (i) => 12 + 37 * i;

/** Four bars, as a promise of an AudioBuffer. */
async function bounce({ slices: cut, places, pitch, beat }) {
  const [, drums] = await prepare();
  return render(4 * BAR + 1, (context) => {
    const output = new GainNode(context, { gain: 0.7 });
    for (let n = 0; n < 32; n++) {
      const { slice, pitch: own } = places[n % 8];
      const when = n * PLACE + 0.001;
      if (slice) hit(output, cut[slice - 1], when, { semitones: own + pitch });
      if (beat && n % 8 === 0) hit(output, drums, when, { level: 0.8 });
    }
    return output;
  });
}

/** The places as two letters each, the slice and its pitch, and back. */
const write = (places) => places.map(({ slice, pitch }) => `${slice}${(pitch + 22).toString(36)}`).join("");
const read = (text) =>
  text.match(/../g).map(([slice, pitch]) => ({ slice: Number(slice), pitch: Number.parseInt(pitch, 36) - 22 }));

export function mount(section, context) {
  const lab = new Lab(section, context);
  const desk = new Sampler(lab, lab.panel.within("sampling"));
  desk.step.enter();
  lab.takeHome("slices", { sound: () => bounce(desk.settings) });
  return lab;
}

class Sampler {
  settings = { slices: [], pitch: 0, cut: 0, fade: 15, beat: true, places: [] };
  riff;
  live; // what plays
  past; // the places that were played

  constructor(lab, panel) {
    this.lab = lab;
    this.panel = panel;
    const set = setter(this.settings, () => this.change());
    pads(panel, "pads", (number) => this.press(number));
    this.place = panel.choice("place", () => this.turn());
    this.arrange(panel.choice("order", (order) => this.arrange(order)).value);
    [this.all] = panel.inputs("places");
    this.all.addEventListener("change", () => {
      this.settings.places = read(this.all.value);
      this.turn();
      this.change();
    });
    const put = (name) => (value) => this.put(name, value);
    this.here = {
      slice: panel.slider("slice", { text: inSlice }, put("slice")),
      pitch: panel.slider("place-pitch", { text: inSpeed }, put("pitch")),
    };
    panel.slider("pitch", { text: inSpeed }, set("pitch"));
    const cut = panel.slider("cut", { text: inCut }, set("cut"));
    panel.slider("fade", { text: inMs }, set("fade"));
    const beat = set("beat");
    panel.choice("beat", (value) => beat(value === "1"));
    this.step = steps(lab, panel, "sampling-step", { ready: () => this.ready(), test: shiftTest });
    const late = 37 / (1000 * PLACE); // units a millisecond
    const cuts = Array.from({ length: 7 }, (_, i) => ({
      line: [18, 78],
      at: () => this.riff && [atSlice(i + 1) + late * this.settings.cut, 78],
      to: (x) => cut.set((x - atSlice(i + 1)) / late),
    }));
    this.placed = handles(panel.part("cuts").ownerSVGElement, cuts);
    panel
      .part("played")
      .ownerSVGElement.addEventListener("click", (event) => this.tap(pointIn(event.currentTarget, event)));
    lab.eachFrame(() => this.follow());
  }

  /** A tap below chooses a place, and a tap on the chosen one brings the next slice to it. */
  tap([x, y]) {
    const place = String(1 + Math.max(0, Math.min(7, Math.floor((x - 12) / 37))));
    if (y < 90) return;
    if (this.place.value === place) this.here.slice.set((this.chosen.slice + 1) % 9);
    else this.panel.pick("place", place);
  }

  /** What plays at the place that is chosen. */
  get chosen() {
    return this.settings.places[Number(this.place.value) - 1];
  }

  put(name, value) {
    this.chosen[name] = value;
    this.change();
  }

  /** Bring the two sliders of the place to what it plays. */
  turn() {
    const { slice, pitch } = this.chosen;
    this.here?.slice.set(slice);
    this.here?.pitch.set(pitch);
  }

  arrange(order) {
    this.settings.places = ORDERS[order].map((slice) => ({ slice, pitch: 0 }));
    this.turn();
    this.change();
  }

  async ready() {
    const [riff, drums] = await prepare();
    this.riff = riff;
    this.change();
    return (context) => {
      this.past = played();
      this.live = sampler(context, drums, this.settings, this.past.add);
      return this.live;
    };
  }

  async press(number) {
    if (!this.lab.playing) await this.lab.play();
    this.live?.press(number);
    this.panel.write("pressed", `Slice ${number}, ${signed(this.settings.pitch)}.`);
  }

  change() {
    if (this.all) this.all.value = write(this.settings.places);
    if (!this.riff) return;
    this.placed?.();
    const { settings, panel } = this;
    settings.slices = slices(this.riff, settings);
    const heights = (all) => all.map((slice) => peaks(slice.getChannelData(0)));
    const cut = heights(settings.slices);
    const recorded = heights(slices(this.riff, { fade: 0 }));
    panel.draw("riff", recorded.map((slice, i) => wave(atSlice(i), 48, 37, slice)).join(""));
    const late = (37 * settings.cut) / (1000 * PLACE);
    panel.draw("cuts", cut.map((_, i) => `M${(atSlice(i) + late).toFixed(1)} 22V74`).join(""));
    panel.draw("played", settings.places.map((place, i) => this.drawn(place, i, cut)).join(""));
    for (const [i, label] of [...panel.part("order").children].entries()) {
      label.textContent = settings.places[i].slice || "–";
    }
  }

  drawn({ slice, pitch }, i, cut) {
    return slice ? wave(atSlice(i), 128, 37 / rate(pitch + this.settings.pitch), cut[slice - 1]) : "";
  }

  follow() {
    const at = this.step.heard ? this.past?.now(this.lab.context.currentTime) : undefined;
    this.panel.draw("head", at === undefined ? "" : `M${atSlice(at)} 98V158`);
  }
}
