// For instruments that play note by note: play a buffer at a time, know what is heard now, and pads to play on.

import { chain, start } from "./engine.js";

/**
 * Play a buffer into a node, so many semitones higher, as a sampler does: the faster, the higher and shorter.
 * A note that comes too late is dropped, so that a phone that was busy does not play a heap of notes at once.
 */
export function hit(output, buffer, when, { semitones = 0, level = 1 } = {}) {
  const { context } = output;
  if (when < context.currentTime) return;
  const source = new AudioBufferSourceNode(context, { buffer, playbackRate: 2 ** (semitones / 12) });
  chain(start(source, when), new GainNode(context, { gain: level }), output);
}

/** Remembers what is scheduled: add(what, when); now(time) is the last that has begun. */
export function played() {
  let all = [];
  return {
    add: (what, when) => all.push({ what, when }),
    now(time) {
      const begun = all.filter(({ when }) => when <= time);
      all = all.slice(Math.max(0, begun.length - 1));
      return begun.at(-1)?.what;
    },
  };
}

/** Pads that sound at the touch, before the finger is lifted: the buttons in a part of the panel. Returns them. */
export function pads(panel, name, act) {
  const buttons = panel.parts(`.${name} button`);
  for (const button of buttons) {
    button.addEventListener("pointerdown", () => act(Number(button.value)));
    // A click without a pointer comes from the keyboard.
    button.addEventListener("click", ({ detail }) => detail === 0 && act(Number(button.value)));
  }
  return buttons;
}
