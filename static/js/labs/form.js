// A form: which of five parts plays in which four of 32 bars; and "which part is softer?".

import { fromDb, layer, rms, start } from "./engine.js";
import { CHORDS, SIXTEENTH, SONG, loopOf, notesLoop, voice } from "./sounds.js";

export const BAR = 16 * SIXTEENTH; // seconds
export const BLOCK = 4; // bars
export const PARTS = { drums: "Drums", bass: "Bass", keys: "Chords", lead: "Tune", pad: "Pad" };
const LEVELS = { drums: 0.7, bass: 0.6, keys: 0.5, lead: 0.35, pad: 0.4 };

/** Intro, verse, chorus, bridge and last chorus: the parts of each four bars. */
export const SONG_FORM = [
  ["keys", "pad"],
  ["drums", "bass", "lead"], ["drums", "bass", "lead"],
  ["drums", "bass", "keys", "lead"], ["drums", "bass", "keys", "lead"],
  ["lead", "pad"],
  Object.keys(PARTS), Object.keys(PARTS),
];

/** How many line-ups differ from the block before them, and how many bars have all parts. */
export const shape = (form) => ({
  changes: form.filter((block, i) => i > 0 && block.join() !== form[i - 1].join()).length,
  lineUps: new Set(form.map((block) => block.join())).size,
  full: BLOCK * form.filter((block) => block.length === Object.keys(PARTS).length).length,
});

let pad;
export const loopOfPart = (name) => (name !== "pad" ? loopOf(name) : (pad ??= notesLoop(SONG, CHORDS.flatMap((notes, i) =>
  notes.slice(0, 3).map((note) => [8 * i, voice, { note, vowel: "u", length: 7 * SIXTEENTH }, 1])))));

export const loops = () => Promise.all(Object.keys(PARTS).map(loopOfPart));

/** The parts in time; follow(form) mutes and unmutes from now on. Ends with the last block. */
export function arrange(context, buffers, form, at = context.currentTime) {
  const output = new GainNode(context);
  const parts = Object.keys(PARTS);
  const gains = buffers.map((buffer) => {
    const gain = new GainNode(context, { gain: 0 });
    start(new AudioBufferSourceNode(context, { buffer, loop: true }), at, at + form.length * BLOCK * BAR).connect(gain).connect(output);
    return gain.gain;
  });
  function follow(next) {
    const now = context.currentTime;
    gains.forEach((gain, i) => {
      gain.cancelScheduledValues(now);
      next.forEach((block, number) => {
        const when = at + number * BLOCK * BAR;
        const last = at + (number + 1) * BLOCK * BAR;
        // Just before the bar, so that its first hit is whole.
        if (last > now) gain.setTargetAtTime(block.includes(parts[i]) ? LEVELS[parts[i]] : 0, Math.max(now, when - 0.015), 0.003);
      });
    });
  }
  follow(form);
  return { output, connect: (to) => output.connect(to), follow, at };
}

export const softerTest = {
  name: "softer",
  skill: "arrangement",
  levels: [40, 12, 6, 3],
  pass: 7,
  options: PARTS,
  unit: (level) => `one part ${level} dB softer`,
  async sounds(answer, level) {
    const buffers = await loops();
    const mix = (change) => layer(SONG, Object.keys(PARTS).map((name, i) => ({ buffer: buffers[i], level: LEVELS[name] * (name === answer ? change : 1) })));
    const both = [mix(1), mix(fromDb(-level))];
    // Peaks keep some mixes under working level: the louder one comes down to the softer.
    const levels = both.map((buffer) => rms(buffer.getChannelData(0)));
    both.forEach((buffer, i) => {
      const samples = buffer.getChannelData(0);
      const gain = Math.min(...levels) / levels[i];
      for (let at = 0; at < samples.length; at++) samples[at] *= gain;
    });
    return both;
  },
};
