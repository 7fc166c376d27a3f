// "Match this sound": a hidden patch, and how far the visitor’s is from it: the cutoff in octaves, the decay as a ratio.

/** A random wave, cutoff and decay. */
export const hidden = (next = Math.random) => ({
  wave: ["triangle", "sawtooth", "square"][Math.floor(3 * next())],
  cutoff: 120 * 2 ** (4 * next()),
  decay: 80 * 2 ** (3.5 * next()),
});

/** How near: { close, text }. Close is the right wave, within half an octave, and within half as long again. */
export function verdict(goal, given) {
  const octaves = Math.log2(given.cutoff / goal.cutoff);
  const times = given.decay / goal.decay;
  const wave = given.wave === goal.wave;
  const close = wave && Math.abs(octaves) <= 0.5 && Math.max(times, 1 / times) <= 1.5;
  const text = [
    wave ? "Wave: right." : `Wave: it is a ${goal.wave.replace("tooth", "")}.`,
    `Your cutoff is ${Math.abs(octaves).toFixed(1)} octaves too ${octaves > 0 ? "high" : "low"}.`,
    `Your decay is ${times.toFixed(1)} times as long as the goal’s.`,
  ];
  if (close) text.push("That is a match.");
  return { close, text: text.join(" ") };
}

/** The game on the page: { goal }. `given()` is the visitor’s patch; `changed()` is called when there is a new goal. */
export function match(panel, given, changed) {
  const game = { goal: hidden() };
  const matched = new Set();
  panel.press("match-check", () => {
    const { close, text } = verdict(game.goal, given());
    if (close) matched.add(game.goal);
    panel.write("match-says", `${text} Sounds matched: ${matched.size}.`);
  });
  panel.press("match-next", () => {
    game.goal = hidden();
    panel.write("match-says", "A new sound.");
    changed();
  });
  return game;
}
