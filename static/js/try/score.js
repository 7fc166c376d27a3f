// How near somebody came in an audition: pure functions, from 0 to 1. No score goes into the fit.

/** 1 up to `full`, 0 from `none` on, and evenly between. */
const share = (error, full, none) => Math.max(0, Math.min(1, (none - error) / (none - full)));

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** How far faders are from the right ones on average, in decibels. What all of them have in common is only the volume. */
export function faderError(given, goal) {
  const off = given.map((db, i) => db - goal[i]);
  const common = mean(off);
  return mean(off.map((db) => Math.abs(db - common)));
}

/** A bell { frequency, gain } against the right one: all of it within half an octave and 3 dB. */
export function bellShare(given, goal) {
  const octaves = Math.abs(Math.log2(given.frequency / goal.frequency));
  return Math.min(share(octaves, 0.5, 2), share(Math.abs(given.gain - goal.gain), 3, 9));
}

/** A mix { faders, bell }: the faders count twice. */
export const mixScore = (given, goal) =>
  (2 * share(faderError(given.faders, goal.faders), 2, 6) + bellShare(given.bell, goal.bell)) / 3;

// What a take has, and how much a listener minds each when it is off. `drag` is how late it comes, `flat` how low.
const MINDED = { effort: 1, breath: 0.7, drag: 0.8, flat: 0.9 };
const traits = Object.keys(MINDED);

/** What one can say to the singer: which way it moves a take, at most to the end of each trait. */
export const DIRECTIONS = {
  close: { effort: -0.5, breath: 0.5 },
  loud: { effort: 0.5, breath: -0.5 },
  lean: { drag: -1 },
  listen: { flat: -1 },
};

/** The next take after a direction: effort and breath stay between 0 and 1, and what was late or low comes right. */
export function directed(take, direction) {
  const next = { ...take };
  for (const [trait, by] of Object.entries(DIRECTIONS[direction]))
    next[trait] = Math.max(0, Math.min(1, next[trait] + by));
  return next;
}

/** How far a take is from a brief. */
export const distance = (take, brief) =>
  traits.reduce((sum, trait) => sum + MINDED[trait] * Math.abs(take[trait] - (brief[trait] ?? 0)), 0);

/** 1 for the take nearest to the brief, 0 for the farthest. */
export function takeShare(takes, chosen, brief) {
  const all = takes.map((take) => distance(take, brief));
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return most > least ? (most - all[chosen]) / (most - least) : 1;
}

/** How much of what the best direction would have brought this one brought. */
export function directionShare(take, direction, brief) {
  const gained = (one) => distance(take, brief) - distance(directed(take, one), brief);
  const best = Math.max(...Object.keys(DIRECTIONS).map(gained));
  return best > 0 ? Math.max(0, gained(direction) / best) : 1;
}

/** `last` is what the microphone or the headphones are worth, from 0 to 1. */
export const studioScore = ({ takes, chosen, direction, brief, last }) =>
  mean([takeShare(takes, chosen, brief), directionShare(takes[chosen], direction, brief), last]);

/** The band that is counted. */
export const band = (score) => (score >= 0.75 ? "high" : score >= 0.4 ? "middle" : "low");
