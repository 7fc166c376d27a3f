// Sampling: a riff cut into eight slices, put in a new order and repitched over a beat; and "how far was it shifted?".

import { clock } from "./clock.js";
import { draw, ear } from "./ear.js";
import { layer, levelled, render } from "./engine.js";
import { choice, frame, inMs, line, minus, slider, steps } from "./lab.js";
import { hit, played } from "./live.js";
import { PARTS, SIXTEENTH, keys, lead, notesLoop, shot } from "./sounds.js";

const PLACE = 2 * SIXTEENTH; // eight in a bar
const BAR = 8 * PLACE;

const RIFF = [
  ...[69, 76, 72, 74, 69, 67, 72, 64].map((note, i) => [2 * i, lead, { note, length: 0.7 * PLACE, level: 0.5 }, 1]),
  [0, keys, { notes: [57, 60, 64], length: PLACE, level: 0.5 }, 1],
  [6, keys, { notes: [55, 59, 62], length: PLACE, level: 0.5 }, 1],
  [10, keys, { notes: [53, 57, 60], length: PLACE, level: 0.5 }, 1],
];

let made;
/** A promise of a bar of the riff and a bar of the beat. */
export const prepare = () =>
  (made ??= Promise.all([RIFF, PARTS.drums.filter(([step]) => step < 16)].map((notes) => notesLoop(BAR, notes))));

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
  skill: "sampling",
  levels: [5, 3, 2, 1, 0.5],
  pass: 7,
  options: Object.fromEntries(Object.entries(SHIFTS).map(([value, [label]]) => [value, label])),
  unit: (level) => `steps of ${level} semitone${level === 1 ? "" : "s"}`,
  async sounds(answer, level, next) {
    const first = await shot(lead, { note: draw(next, [65, 67, 69, 71, 72]), length: PLACE });
    const both = [first, await repitch(first, level * SHIFTS[answer][1])];
    const [before, after] = both.map((buffer) =>
      layer(
        BAR,
        [0, BAR / 2].map((at) => ({ buffer, at })),
      ),
    );
    return [before, levelled(after, before)];
  },
  met: () => false, // The checklist asks for a clip that is cut, played in time, and its licence.
};

// The drawing: a bar in 296 units, 37 a slice; the riff around 48, what is played around 128.
const COLUMNS = 10;
const peak = (samples) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
// The last is the very end alone, its last 2 ms, where a fade shows.
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

export function mount(section, context) {
  const lab = frame(section, context);
  const root = section.querySelector(".sampling");
  const part = (name) => root.querySelector(`.${name}`);
  const labels = [...part("order").children];
  const settings = { slices: [], pitch: 0, cut: 0, fade: 15, beat: true, places: [] };
  let riff;
  let live;
  let past;

  function change() {
    if (!riff) return;
    settings.slices = slices(riff, settings);
    const recorded = slices(riff, { fade: 0 }).map((slice) => peaks(slice.getChannelData(0)));
    const cut = settings.slices.map((slice) => peaks(slice.getChannelData(0)));
    part("riff").setAttribute("d", recorded.map((heights, i) => wave(12 + 37 * i, 48, 37, heights)).join(""));
    part("cuts").setAttribute(
      "d",
      cut.map((_, i) => `M${(12 + 37 * i + (37 * settings.cut) / (1000 * PLACE)).toFixed(1)} 22V74`).join(""),
    );
    part("played").setAttribute(
      "d",
      settings.places
        .map(({ slice, pitch }, i) =>
          slice ? wave(12 + 37 * i, 128, 37 / rate(pitch + settings.pitch), cut[slice - 1]) : "",
        )
        .join(""),
    );
    labels.forEach((label, i) => {
      label.textContent = settings.places[i].slice || "–";
    });
  }
  async function listen() {
    const [bar, drums] = await prepare();
    riff = bar;
    change();
    return (context) => {
      past = played();
      return (live = sampler(context, drums, settings, past.add));
    };
  }
  const set = (name, value) => {
    settings[name] = value;
    change();
  };
  const put = (name, value) => {
    settings.places[Number(place.value) - 1][name] = value;
    change();
  };
  async function press(number) {
    if (!lab.player.playing) await lab.play();
    live?.press(number);
    part("pressed").textContent = `Slice ${number}, ${signed(settings.pitch)}.`;
  }
  for (const pad of root.querySelectorAll(".pads button")) {
    pad.addEventListener("pointerdown", () => press(Number(pad.value)));
    pad.addEventListener("click", ({ detail }) => detail === 0 && press(Number(pad.value))); // from the keyboard
  }
  function arrange(name) {
    settings.places = ORDERS[name].map((slice) => ({ slice, pitch: 0 }));
    show();
    change();
  }
  let here;
  const show = () => {
    const { slice, pitch } = settings.places[Number(place.value) - 1];
    here?.slice.set(slice);
    here?.pitch.set(pitch);
  };
  const place = choice(root, "place", show);
  arrange(choice(root, "order", arrange).value);
  here = {
    slice: slider(root, "slice", { text: (slice) => (slice ? `slice ${slice}` : "none") }, (value) =>
      put("slice", value),
    ),
    pitch: slider(root, "place-pitch", { text: inSpeed }, (value) => put("pitch", value)),
  };
  slider(root, "pitch", { text: inSpeed }, (value) => set("pitch", value));
  slider(
    root,
    "cut",
    { text: (ms) => (ms ? `${inMs(Math.abs(ms))} too ${ms < 0 ? "early" : "late"}` : "at the hit") },
    (value) => set("cut", value),
  );
  slider(root, "fade", { text: inMs }, (value) => set("fade", value));
  choice(root, "beat", (value) => set("beat", value === "1"));
  const trial = ear(lab, part("ear"), shiftTest);
  const step = steps(lab, root, "sampling-step", listen, trial);
  step.enter();
  lab.eachFrame(() => {
    const at = lab.player.playing && step.value !== "test" ? past?.now(context.currentTime) : undefined;
    part("head").setAttribute("d", at === undefined ? "" : `M${12 + 37 * at} 98V158`);
  });
  return lab;
}
