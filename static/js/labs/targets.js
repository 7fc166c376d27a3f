// Four sounds to build from an empty patch, one after the other, each in ten minutes.

import { verdict } from "./match.js";

const MINUTES = 10;

export const TARGETS = {
  bass: { wave: "square", cutoff: 320, decay: 300, sustain: 0, attack: 4, notes: "riff" },
  pad: { wave: "sawtooth", cutoff: 900, decay: 1200, sustain: 0.7, attack: 400, notes: "chords" },
  pluck: { wave: "triangle", cutoff: 1800, decay: 120, sustain: 0, attack: 2, notes: "riff" },
  lead: { wave: "sawtooth", cutoff: 3600, decay: 500, sustain: 0.6, attack: 15, notes: "riff" },
};

/** Which targets were built, and from where: { built, init(), check(name, patch, now) }. */
export function workshop() {
  const built = new Set();
  let began;
  return {
    built,
    init(now) {
      began = now;
    },
    /** Words for a patch; it counts where Init was pressed before it, at most ten minutes ago. */
    check(name, patch, now) {
      const { close, text } = verdict(TARGETS[name], patch);
      if (!close) return text;
      if (began === undefined) return `${text} Press Init, and build it again from nothing.`;
      const minutes = (now - began) / 60_000;
      began = undefined;
      if (minutes > MINUTES) return `${text} It took ${Math.ceil(minutes)} minutes; 10 are allowed.`;
      built.add(name);
      return `${text} Built: ${[...built].join(", ")}.`;
    },
  };
}
