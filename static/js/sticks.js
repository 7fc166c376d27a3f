// Sticks that count the beat, to be heard while a first sound is still being made, or its code is still on its way.

/** Two bars of sticks, from now, at 112 BPM as the labs’ song. Returns what ends them. */
export function countIn(context, output) {
  const stick = new OscillatorNode(context, { type: "triangle" });
  const level = new GainNode(context, { gain: 0 });
  stick.connect(level).connect(output);
  let at = context.currentTime + 0.01;
  for (let beat = 0; beat < 8; beat++, at += 60 / 112) {
    stick.frequency.setValueAtTime(beat % 4 ? 1480 : 1976, at);
    level.gain.setTargetAtTime(0.12, at, 0.0005);
    level.gain.setTargetAtTime(0, at + 0.002, 0.012);
  }
  stick.start();
  stick.stop(at);
  return () => {
    level.gain.setTargetAtTime(0, context.currentTime, 0.003);
    stick.stop(context.currentTime + 0.015);
  };
}
