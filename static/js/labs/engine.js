// Native Web Audio: pure builders that work the same in a live and an offline context.
// A source builder is (context, settings) => node; an effect builder is (context, settings) => { input, output, … }.

export const CEILING = 0.7; // about −3 dBFS, the limit of all that is played
export const RATE = 48000; // of every context, so that a loop is the same on every device
export const LEVEL = -20; // dBFS (RMS), the working level of a loop
export const FADE = 0.015;

export const fromDb = (db) => 10 ** (db / 20);
export const toDb = (ratio) => 20 * Math.log10(ratio);

/** A function that makes its value on the first call and then returns the same one. */
export function once(make) {
  let value;
  return () => {
    value ??= make();
    return value;
  };
}

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// The running sources of each context, so that they can be stopped: one that is not is never freed.
const running = new WeakMap();
const inside = (context) => running.get(context) ?? running.set(context, new Set()).get(context);

/** Start anything that has stop(), so that the player can stop it. */
export function start(source, when = 0, until) {
  const all = inside(source.context);
  all.add(source);
  source.onended = () => all.delete(source);
  source.start(when);
  if (until !== undefined) source.stop(until);
  return source;
}

export const loop = (context, buffer) => start(new AudioBufferSourceNode(context, { buffer, loop: true }));

/** Stop every source in a context, after the time that the caller needs to fade it out. */
export function stopAll(context) {
  for (const source of inside(context)) source.stop(context.currentTime + FADE);
  inside(context).clear();
}

/** Connect a source to the effects in turn, and return the last node. */
export function chain(source, ...effects) {
  let node = source.output ?? source;
  for (const effect of effects) {
    node.connect(effect.input ?? effect);
    node = effect.output ?? effect;
  }
  return node;
}

/** The sound of a builder as an AudioBuffer, mono. */
export async function render(seconds, build) {
  const context = new OfflineAudioContext({ length: Math.round(seconds * RATE), sampleRate: RATE });
  chain(await build(context), context.destination);
  return context.startRendering();
}

/**
 * A loop at working level of sounds laid over each other: [{ buffer, at, level }], `at` in seconds.
 * A tail that goes on after the end is added to the start.
 */
export function layer(seconds, sounds) {
  const loop = new AudioBuffer({ length: Math.round(seconds * RATE), sampleRate: RATE });
  const all = loop.getChannelData(0);
  for (const { buffer, at = 0, level = 1 } of sounds) {
    const samples = buffer.getChannelData(0);
    let to = Math.round(at * RATE);
    for (let i = 0; i < samples.length; i++) {
      if (to >= all.length) to -= all.length;
      all[to++] += level * samples[i];
    }
  }
  return scale(loop, working(all));
}

export const renderLoop = async (seconds, build) => layer(seconds, [{ buffer: await render(seconds + 1.5, build) }]);

function scale(buffer, gain) {
  const samples = buffer.getChannelData(0);
  for (let i = 0; i < samples.length; i++) samples[i] *= gain;
  return buffer;
}

/** A copy of the samples of a buffer, to be kept: its own are taken away from scripts when it starts to play (in Firefox). */
export const copyOf = (buffer) => buffer.getChannelData(0).slice();

/** The gain that brings samples to working level, with peaks at most 10 dB over it. */
export const working = (samples) => Math.min(fromDb(LEVEL) / rms(samples), fromDb(LEVEL + 10) / peak(samples));

/** The largest sample, or `least`. */
export function peak(samples, least = 0) {
  let most = least;
  for (let i = 0; i < samples.length; i++) most = Math.max(most, Math.abs(samples[i]));
  return most;
}

export function rms(samples) {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i] * samples[i];
  return Math.sqrt(sum / samples.length);
}

/** A loop as it leaves an effect, from its second time round: by then every tail and envelope has settled. */
export async function through(buffer, effect) {
  const { length, duration } = buffer;
  const both = await render(2 * duration, (context) => chain(loop(context, buffer), effect(context)));
  const out = new AudioBuffer({ length, sampleRate: RATE });
  out.copyToChannel(both.getChannelData(0).subarray(length), 0);
  return out;
}

const gainTo = (buffer, other) => rms(buffer.getChannelData(0)) / Math.max(rms(other.getChannelData(0)), 1e-6);

/** The gain, measured, that brings a loop back to its level (RMS) after an effect. */
export const matching = async (buffer, effect) => gainTo(buffer, await through(buffer, effect));

/** The buffer itself, brought to the level (RMS) of another. */
export const levelled = (buffer, other) => scale(buffer, gainTo(other, buffer));

/** The loop through an effect, and level-matched, as another loop: for blind tests. */
export const matched = async (buffer, effect) => levelled(await through(buffer, effect), buffer);

/** Several nodes that all run while one is heard; choose(number) fades from one to another. */
export function switcher(context, nodes, chosen = 0) {
  const output = new GainNode(context);
  const gains = nodes.map((node, i) => {
    const gain = new GainNode(context, { gain: i === chosen ? 1 : 0 });
    node.connect(gain).connect(output);
    return gain.gain;
  });
  function choose(next) {
    for (const [i, gain] of gains.entries()) ramp(context, gain, i === next ? 1 : 0);
  }
  return { output, choose };
}

/** A source with and without an effect, at one level and in time: choose(1) hears the effect. `gain` comes from matching(). */
export function compare(context, source, effect, { gain = 1, latency = 0, chosen = 1 } = {}) {
  const dry = new DelayNode(context, { delayTime: latency });
  const wet = new GainNode(context, { gain });
  source.connect(dry);
  chain(source, effect, wet);
  return { ...switcher(context, [dry, wet], chosen), match: (next) => ramp(context, wet.gain, next) };
}

/** Bring a parameter of a running graph to a value without a click. */
export const ramp = (context, param, value) => param.setTargetAtTime(value, context.currentTime, FADE / 5);

/** Cuts off what is over the ceiling. No oversampling: that would overshoot. */
export function ceiling(context) {
  const input = new GainNode(context, { gain: 1 / CEILING });
  const output = new WaveShaperNode(context, { curve: [-CEILING, 0, CEILING] });
  input.connect(output);
  return { input, output };
}
