// What a seed of the address makes of an audition: the same for everybody who has the same address.

import { random } from "../sound/dsp.js";

const SEED = /^[0-9a-z]{1,12}$/;
const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

/** Random numbers from 0 to 1, the same for the same seed. */
export function dice(seed) {
  const next = random([...seed].reduce((sum, letter) => (31 * sum + letter.codePointAt(0)) | 0, 7));
  const die = {
    next,
    below: (count) => Math.floor(count * next()),
    of: (all) => all[die.below(all.length)],
    /** The same things in another order. */
    shuffled(all) {
      const left = [...all];
      return all.map(() => left.splice(die.below(left.length), 1)[0]);
    },
  };
  return die;
}

/** A new seed of five letters. */
export const newSeed = () => [...crypto.getRandomValues(new Uint8Array(5))].map((byte) => LETTERS[byte % 32]).join("");

/** The seed of an address, or nothing. */
export const seedOf = (search) => SEED.exec(new URLSearchParams(search).get("seed") ?? "")?.[0];

/** Four faders and one bell to find. No two faders are alike, and the bell is always heard, on a small loudspeaker too. */
export function hiddenMix(seed, small = false) {
  const die = dice(seed);
  const faders = die.shuffled(small ? [-1, -7, -13] : [-1, -5, -9, -13]).map((db) => db + die.below(3) - 1);
  if (small) faders.splice(1, 0, -9); // the bass, which is not asked for
  const lowest = small ? 1.5 : 0.5;
  const octave = lowest + (4 - lowest) * die.next();
  const gain = die.of([-1, 1]) * (7 + die.below(4));
  return { faders, bell: { frequency: 250 * 2 ** octave, gain } };
}

export const BRIEFS = {
  night: {
    text: "Late at night, close to the ear.",
    effort: 0.2,
    breath: 0.6,
    place: { hand: 1, arm: 0.5, room: 0 },
  },
  crowd: {
    text: "The last chorus, for the back row of a full hall.",
    effort: 0.9,
    breath: 0.1,
    place: { hand: 0, arm: 1, room: 0.5 },
  },
  plain: {
    text: "Plain and steady, like somebody who has made up their mind.",
    effort: 0.5,
    breath: 0.2,
    place: { hand: 0.5, arm: 1, room: 0 },
  },
};

const within = (value) => Math.max(0, Math.min(1, value));

/**
 * A brief, three takes in any order, and what comes last: the microphone or her headphones. The best take fits the brief but for
 * one thing. Where the microphone is, one hears in the bass and in the room, which a small loudspeaker does not have.
 */
export function session(seed, small = false) {
  const die = dice(seed);
  const brief = BRIEFS[die.of(Object.keys(BRIEFS))];
  const fault = die.of(["drag", "flat"]);
  const away = brief.effort > 0.5 ? -1 : 1;
  const near = { effort: brief.effort, breath: brief.breath, drag: 0, flat: 0, [fault]: 0.6 };
  const wrong = {
    effort: within(brief.effort + 0.6 * away),
    breath: within(brief.breath - 0.5 * away),
    drag: 0,
    flat: 0,
  };
  const worst = { ...wrong, drag: fault === "flat" ? 0.7 : 0, flat: fault === "drag" ? 0.7 : 0 };
  return { brief, takes: die.shuffled([near, wrong, worst]), kind: die.of(small ? ["ears"] : ["place", "ears"]) };
}

/** What the headphones of the singer are worth who cannot hear her pitch. */
export const EARS = { voice: 1, drums: 0, loud: 0.25 };

/** The key, the tempo and the three choices of each lane: numbers of choices in the library of parts. */
export function eightBars(seed) {
  const die = dice(seed);
  const three = () => die.shuffled([0, 1, 2, 3]).slice(0, 3);
  return {
    tempo: 1 + die.below(2),
    key: die.below(4),
    comping: die.below(4),
    lanes: { groove: three(), bass: three(), chords: three(), hook: three() },
  };
}
