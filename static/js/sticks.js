// Sticks that count the beat, to be heard while a first sound is still being made, or its code is still on its way.

const BEAT = 60 / 112; // of the labs’ song

/** Two bars of sticks, from now. Returns what ends them. */
export function countIn(context, output) {
  const stick = new OscillatorNode(context, { type: "triangle" });
  const level = new GainNode(context, { gain: 0 });
  const first = context.currentTime + 0.01;
  stick.connect(level).connect(output);
  for (let beat = 0; beat < 8; beat++) {
    const at = first + beat * BEAT;
    stick.frequency.setValueAtTime(beat % 4 ? 1480 : 1976, at);
    level.gain.setValueAtTime(0, at);
    level.gain.linearRampToValueAtTime(0.12, at + 0.001);
    level.gain.setTargetAtTime(0, at + 0.002, 0.012);
  }
  stick.start();
  stick.stop(first + 8 * BEAT);
  return () => {
    const now = context.currentTime;
    level.gain.cancelScheduledValues(now);
    level.gain.setTargetAtTime(0, now, 0.003);
    stick.stop(now + 0.015);
  };
}
