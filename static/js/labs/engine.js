// Native Web Audio: pure builders that work the same in a live and an offline context.
// A source builder is (context, settings) => node; an effect builder is (context, settings) => { input, output, … }.

import { fromDb, peakOf, RATE, random, scale, toDb } from "../sound/dsp.js";
import { limit } from "../sound/limit.js";
import { loudness } from "../sound/loudness.js";

export { fromDb, RATE, random, toDb }; // the rate of every context, so that a loop is the same on every device

export const CEILING = 0.7; // about −3 dBFS, the limit of all that is played
export const LEVEL = -20; // LUFS, the working level of a loop
const PEAK = LEVEL + 15; // dBFS, what a loop at working level may reach: 2 dB under the ceiling
export const FADE = 0.015;

/** A function that makes its value on the first call and then returns the same one. */
export function once(make) {
  let value;
  return () => {
    value ??= make();
    return value;
  };
}

/** One of the options, by a random number. */
export const draw = (next, options) => options[Math.floor(next() * options.length)];

// The running sources of each context, so that they can be stopped: one that is not is never freed.
const running = new WeakMap();
const inside = (context) => running.get(context) ?? running.set(context, new Set()).get(context);

/** Start anything that has stop(), so that the player can stop it; a buffer may begin at an offset. */
export function start(source, when = 0, until, offset) {
  const all = inside(source.context);
  all.add(source);
  // Offline, where nothing can be closed, one that has ended stays: what no script holds a browser may take away, echoes and room with it
  // (Chromium does when memory is short).
  if (source.context.close) source.onended = () => all.delete(source);
  source.start(when, offset);
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

/** The sound of a builder as an AudioBuffer, stereo. */
export async function render(seconds, build) {
  const settings = { numberOfChannels: 2, length: Math.round(seconds * RATE), sampleRate: RATE };
  const context = new OfflineAudioContext(settings);
  chain(await build(context), context.destination);
  return context.startRendering();
}

/** The samples of a buffer, read afresh: they are taken away from scripts when it starts to play (in Firefox). */
export const channels = (buffer) =>
  Array.from({ length: buffer.numberOfChannels }, (_, channel) => buffer.getChannelData(channel));

/** An AudioBuffer of channels of samples. */
export function bufferOf(all) {
  const buffer = new AudioBuffer({ numberOfChannels: all.length, length: all[0].length, sampleRate: RATE });
  for (const [channel, samples] of all.entries()) buffer.copyToChannel(samples, channel);
  return buffer;
}

/**
 * A loop of sounds laid over each other: [{ buffer, at, level }], `at` in seconds. A tail that goes on after the end is added
 * to the start. Channels.
 */
function laid(seconds, sounds) {
  const both = [0, 1].map(() => new Float32Array(Math.round(seconds * RATE)));
  for (const { buffer, at = 0, level = 1 } of sounds) {
    const from = channels(buffer);
    for (const [channel, all] of both.entries()) {
      const samples = from[channel] ?? from[0];
      let to = Math.round(at * RATE) % all.length;
      for (let i = 0; i < samples.length; i++) {
        all[to] += level * samples[i];
        to = to + 1 === all.length ? 0 : to + 1;
      }
    }
  }
  return both;
}

/** Sounds laid over each other as they are: [{ buffer, at, level }]. */
export const sum = (seconds, sounds) => bufferOf(laid(seconds, sounds));

/** The same, brought to working level. */
export const layer = (seconds, sounds) => bufferOf(atWork(laid(seconds, sounds)));

/** Channels brought to working level: by gain, and what is over PEAK by a limiter. In place. */
function atWork(all) {
  for (let turn = 0; turn < 4; turn++) {
    const gain = fromDb(LEVEL - loudness(all));
    for (const samples of all) scale(samples, gain);
    if (peakOf(all) <= 1.02 * fromDb(PEAK)) break;
    limit(all, fromDb(PEAK));
  }
  return all;
}

export const renderLoop = async (seconds, build) => layer(seconds, [{ buffer: await render(seconds + 1.5, build) }]);

/** A copy of the samples of a buffer’s first channel, to be kept. */
export const copyOf = (buffer) => buffer.getChannelData(0).slice();

/** The first channel alone, as a microphone records it. */
export const mono = (buffer) => bufferOf([buffer.getChannelData(0)]);

/** The gain that brings a buffer to working level, with peaks under the ceiling. */
export const working = (buffer) =>
  Math.min(fromDb(LEVEL - lufs(buffer)), fromDb(PEAK) / Math.max(peakOf(channels(buffer)), 1e-6));

const measured = new WeakMap();

/** The loudness of a buffer, measured once. */
export function lufs(buffer) {
  if (!measured.has(buffer)) measured.set(buffer, Math.max(-100, loudness(channels(buffer))));
  return measured.get(buffer);
}

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
  const twice = await render(2 * duration, (context) => chain(loop(context, buffer), effect(context)));
  return bufferOf(channels(twice).map((samples) => samples.slice(length, 2 * length)));
}

const gainTo = (buffer, other) => fromDb(lufs(buffer) - lufs(other));

/** The gain, measured, that brings a loop back to its loudness after an effect. */
export const matching = async (buffer, effect) => gainTo(buffer, await through(buffer, effect));

/** The buffer itself, brought to the loudness of another. */
export function levelled(buffer, other) {
  const gain = gainTo(other, buffer);
  for (const samples of channels(buffer)) scale(samples, gain);
  measured.delete(buffer);
  return buffer;
}

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
