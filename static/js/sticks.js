// Sticks that count the beat, to be heard while a first sound is still being made, or its code is still on its way.

const BEAT = 60 / 112; // of the labs’ song

/** Two bars of sticks, from now. Returns what ends them. */
export function countIn(context, output) {
  const sticks = new GainNode(context);
  sticks.connect(output);
  const all = Array.from({ length: 8 }, (_, beat) => {
    const at = context.currentTime + 0.01 + beat * BEAT;
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.12, at + 0.001);
    gain.gain.setTargetAtTime(0, at + 0.002, 0.012);
    const stick = new OscillatorNode(context, { type: "triangle", frequency: beat % 4 ? 1480 : 1976 });
    stick.connect(gain).connect(sticks);
    stick.start(at);
    stick.stop(at + 0.12);
    return stick;
  });
  return () => {
    sticks.gain.setTargetAtTime(0, context.currentTime, 0.003);
    for (const stick of all) stick.stop(context.currentTime + 0.015);
    setTimeout(() => sticks.disconnect(), 30);
  };
}
