// How far a patch is from the one to be matched: the cutoff in octaves, the decay as a ratio.

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
