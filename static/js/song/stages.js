// The first eight bars of a song before it is finished, for the guide: its idea, its takes and its mix. The song itself is the master.

import { add, fromDb, scale, stereo } from "../sound/dsp.js";
import { limit } from "../sound/limit.js";
import { gainFor } from "../sound/loudness.js";
import { mixed, TOP } from "./mix.js";
import { LANES, STEPS } from "./score.js";
import { TAIL } from "./stems.js";

const LOUD = -19; // LUFS, 3 to 4 dB under the song: that is what its master adds
const IDEA = { chords: 0, hook: 0 };
// How many dB each lane is off, since nobody has balanced the takes.
const TAKES = { drums: 4, percussion: 2, bass: 5, chords: 3, pad: 1, hook: -6 };

/** Lanes as they were recorded, without a room. */
function dry({ step }, stems, levels) {
  const out = stereo(STEPS * step + TAIL);
  for (const [lane, level] of Object.entries(levels)) add(out, stems[lane].sound, 0, fromDb(level));
  const gain = gainFor(out, LOUD);
  for (const samples of out) scale(samples, gain);
  return limit(out, TOP);
}

function mono([left, right]) {
  const middle = left.map((sample, i) => (sample + right[i]) / 2);
  return [middle, middle];
}

const STAGES = {
  idea: (score, stems) => mono(dry(score, stems, IDEA)),
  takes: (score, stems) => dry(score, stems, TAKES),
  mix: (score, stems) => {
    const lanes = LANES.map((lane) => [lane, stems[lane].sound]);
    return mixed(score, lanes, STEPS * score.step, undefined, LOUD).mix;
  },
};

/** A stage as the piece that follows the pickup. */
export const staged = (score, stems, name) => ({ name, at: 8 * score.step, sound: STAGES[name](score, stems) });
