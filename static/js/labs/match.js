// "Match this sound": a hidden patch, and how far the visitor’s is from it, in octaves and in times.

/** A wave, a cutoff and a decay that nobody knows. */
export const hidden = (next = Math.random) => ({
  wave: ["triangle", "sawtooth", "square"][Math.floor(3 * next())],
  cutoff: 120 * 2 ** (4 * next()),
  decay: 80 * 2 ** (3.5 * next()),
});

/** How near: { close, text }. Close is the right wave, half an octave and half as long again. */
export function verdict(goal, given) {
  const octaves = Math.log2(given.cutoff / goal.cutoff);
  const times = given.decay / goal.decay;
  const wave = given.wave === goal.wave;
  const close = wave && Math.abs(octaves) <= 0.5 && Math.max(times, 1 / times) <= 1.5;
  const text = `Wave: ${wave ? "right" : `it is a ${goal.wave.replace("tooth", "")}`}. Your cutoff is ${Math.abs(octaves).toFixed(1)} octaves too ${octaves > 0 ? "high" : "low"}. Your decay is ${times.toFixed(1)} times as long as the goal’s.`;
  return { close, text: text + (close ? " That is a match." : "") };
}

/** The game on the page: { goal }. `given()` is the visitor’s patch, `changed()` is called when there is a new goal. */
export function match(root, given, changed) {
  const part = (name) => root.querySelector(`.match-${name}`);
  const game = { goal: hidden() };
  const matched = new Set();
  part("check").addEventListener("click", () => {
    const { close, text } = verdict(game.goal, given());
    if (close) matched.add(game.goal);
    part("says").textContent = `${text} Sounds matched: ${matched.size}.`;
  });
  part("next").addEventListener("click", () => {
    game.goal = hidden();
    part("says").textContent = "A new sound.";
    changed();
  });
  return game;
}
