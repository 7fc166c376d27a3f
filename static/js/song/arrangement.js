// What a song looks like: sections, and clips that each say which answer made them. Needs no sound.

import parts from "./parts.js";
import { LANES } from "./score.js";

// Which decision a clip of a lane shows in each section; the fill and the ends have clips of their own.
const SHOWN = {
  drums: ["groove", "kit", "feel"],
  percussion: ["percussion"],
  bass: ["bass"],
  chords: ["chords", "comping", "key"],
  pad: ["space"],
  hook: ["hook", "voice"],
};
const HEARD = { chorus: LANES, verse: ["drums", "bass", "chords", "hook"] };

/**
 * { bars, seconds, sections: [{ name, from, bars }], clips: [{ lane, from, bars, question, decision, text, known }] }. Bars are
 * counted from the first chorus; the pickup is the half bar before. `question` is the place of the answer, from 0, and
 * `known` false for one that is still to come. All decisions have at least one clip.
 */
export function arrangement(score) {
  const { chosen, form } = score;
  const clips = [];
  const clip = (lane, from, bars, id) => {
    const { name, question, known } = chosen[id];
    const decision = parts.decisions[question];
    clips.push({ lane, from, bars, question, decision: id, text: `${decision.name}: ${name}`, known });
  };
  const sections = [];
  let at = 0;
  for (const [i, [name, bars]] of form.entries()) {
    sections.push({ name, from: at, bars });
    for (const lane of HEARD[name] ?? chosen.break.lanes) {
      const fills = lane === "drums" && name !== "break" && bars === parts.bars;
      const shown = SHOWN[lane];
      clip(
        lane,
        at,
        fills ? bars - 1 : bars,
        name === "break" ? "break" : shown[i === 0 ? 0 : i === 1 ? 1 % shown.length : shown.length - 1],
      );
      if (fills) clip(lane, at + bars - 1, 1, "fill");
    }
    at += bars;
  }
  clip("song", -0.5, 0.5, "tempo");
  clip("song", at, 1, "ending");
  return { bars: at + 1, seconds: (at + 1.5) * 16 * score.step, sections, clips };
}
