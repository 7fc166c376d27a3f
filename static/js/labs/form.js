// A form: which of five parts plays in which of 72 bars; and "which part is softer?".

import { fromDb, levelled, once, start, sum } from "./engine.js";
import { CHORDS, loopOf, notesLoop, SIXTEENTH, SONG } from "./sounds.js";

export const BAR = 16 * SIXTEENTH; // seconds
export const BLOCK = 8; // bars of a section on the desk
export const PARTS = { drums: "Drums", bass: "Bass", keys: "Chords", lead: "Tune", pad: "Pad" };
const LEVELS = { drums: 0.64, bass: 0.55, keys: 0.46, lead: 0.32, pad: 0.37 };

const bars = (count, ...parts) => Array(count).fill(parts);

/** The parts of each bar: two and a half minutes in nine sections, of which two have a last bar that waits. */
export const SONG_FORM = [
  ...bars(8, "keys", "pad"),
  ...bars(7, "drums", "bass", "lead"),
  ["lead"],
  ...bars(8, "drums", "bass", "keys", "lead"),
  ...bars(8, "drums", "bass", "pad"),
  ...bars(8, "drums", "bass", "keys", "lead"),
  ...bars(8, "lead", "pad"),
  ...bars(7, "drums", "pad"),
  ["pad"],
  ...bars(8, ...Object.keys(PARTS)),
  ...bars(8, "keys", "pad"),
];

/** How many line-ups differ, how many bars differ from the bar before, and how many have all parts. */
export const shape = (form) => ({
  changes: form.filter((bar, i) => i > 0 && bar.join() !== form[i - 1].join()).length,
  lineUps: new Set(form.map((bar) => bar.join())).size,
  full: form.filter((bar) => bar.length === Object.keys(PARTS).length).length,
});

const pad = once(async () => {
  const { voice } = await import("../sound/voice.js");
  const held = (note, i) => [8 * i, voice, { note, vowel: "u", length: 7 * SIXTEENTH }, 1];
  return notesLoop(
    SONG,
    CHORDS.flatMap((notes, i) => notes.slice(0, 3).map((note) => held(note, i))),
  );
});

export const loopOfPart = (name) => (name === "pad" ? pad() : loopOf(name));

export const loops = () => Promise.all(Object.keys(PARTS).map(loopOfPart));

/** The parts in time; follow(form) mutes and unmutes from now on. Ends with the last bar. */
export function arrange(context, buffers, form, at = context.currentTime) {
  const output = new GainNode(context);
  const parts = Object.keys(PARTS);
  const gains = buffers.map((buffer) => {
    const gain = new GainNode(context, { gain: 0 });
    start(new AudioBufferSourceNode(context, { buffer, loop: true }), at, at + form.length * BAR)
      .connect(gain)
      .connect(output);
    return gain.gain;
  });
  function follow(next) {
    const now = context.currentTime;
    gains.forEach((gain, i) => {
      gain.cancelScheduledValues(now);
      next.forEach((bar, number) => {
        const when = at + number * BAR;
        // Just before the bar, so that its first hit is whole.
        if (when + BAR > now)
          gain.setTargetAtTime(bar.includes(parts[i]) ? LEVELS[parts[i]] : 0, Math.max(now, when - 0.015), 0.003);
      });
    });
  }
  follow(form);
  return { output, connect: (to) => output.connect(to), follow, at };
}

export const softerTest = {
  name: "softer",
  levels: [40, 12, 6, 3],
  pass: 7,
  options: PARTS,
  unit: (level) => `one part ${level} dB softer`,
  async sounds(answer, level) {
    const buffers = await loops();
    const mix = (change) =>
      // Without a limiter, which would move the other parts too.
      sum(
        SONG,
        Object.keys(PARTS).map((name, i) => ({
          buffer: buffers[i],
          level: LEVELS[name] * (name === answer ? change : 1),
        })),
      );
    const both = [mix(1), mix(fromDb(-level))];
    return [both[0], levelled(both[1], both[0])];
  },
};
