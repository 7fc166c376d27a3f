// What a mix sounds like elsewhere: small models of a phone, a laptop and a club, heard in place of the full sound.

import { chain, switcher } from "./engine.js";

// Filters as [type, frequency, Q, gain]; the Q of a highpass or lowpass is in dB. `mono`: one small loudspeaker.
export const SPEAKERS = {
  full: { filters: [] },
  phone: {
    mono: true,
    filters: [
      ["highpass", 450, -5.3],
      ["highpass", 450, 2.3], // with the first, a Butterworth filter of the fourth order
      ["peaking", 2500, 0.8, 3],
      ["lowpass", 12000, -3],
    ],
  },
  laptop: {
    filters: [
      ["highpass", 160, -3],
      ["peaking", 1200, 0.8, 2],
      ["lowpass", 15000, -3],
    ],
  },
  club: {
    mono: true,
    level: 0.7, // the bass must not reach the ceiling
    filters: [
      ["lowshelf", 90, 0, 6],
      ["highshelf", 7000, 0, -3],
      ["highpass", 35, -3],
    ],
  },
};

function model(context, input, { mono, level = 1, filters }) {
  const how = mono ? { channelCount: 1, channelCountMode: "explicit" } : {};
  const first = new GainNode(context, { gain: level, ...how });
  input.connect(first);
  return chain(
    first,
    ...filters.map(([type, frequency, Q, gain = 0]) => new BiquadFilterNode(context, { type, frequency, Q, gain })),
  );
}

/** All of them run, and one is heard: { input, output, choose(name) }. */
export function speaker(context, chosen = "full") {
  const names = Object.keys(SPEAKERS);
  const input = new GainNode(context);
  const models = names.map((name) => model(context, input, SPEAKERS[name]));
  const { output, choose } = switcher(context, models, names.indexOf(chosen));
  return { input, output, choose: (name) => choose(names.indexOf(name)) };
}
