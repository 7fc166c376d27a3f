// Off and on, at one loudness: what every lab with an effect needs.

import { powerSpectrum } from "../sound/fft.js";
import { weighted } from "../sound/loudness.js";
import { channels, compare, fromDb, loop, matching, RATE, toDb } from "./engine.js";
import { inDb } from "./lab.js";

/**
 * A loudness-matched A/B of an effect whose settings move. The radio buttons `<name>-on` choose 0 or 1, and the part
 * "match" shows the gain. `buffer()` is a promise of the loop it is heard on, `effect(context)` builds it, `latency` is
 * its delay in seconds, and `gain` a first guess for effects that can only be measured.
 * Has { on, live, gain, listen, changed() }.
 */
export function ab(panel, name, buffer, effect, { latency = 0, gain = 1, draw = () => {} } = {}) {
  let played;
  let error = gain; // what was measured last, over what had been foreseen for the same settings
  let [measuring, stale] = [false, false];
  const foreseen = foresight(effect);
  function apply() {
    device.gain = played ? error * foreseen(played) : error;
    device.live?.match(device.gain);
    panel.write("match", inDb(toDb(device.gain)));
  }
  async function measure() {
    stale = true;
    if (measuring) return;
    measuring = true;
    while (stale) {
      stale = false;
      const expected = foreseen(played);
      error = (await matching(played, effect)) / expected;
      apply();
    }
    measuring = false;
  }
  const on = panel.choice(`${name}-on`, (value) => {
    device.live?.choose(Number(value));
    draw();
  });
  const device = {
    gain,
    live: undefined, // { input, effect } while it plays
    get on() {
      return on.value === "1";
    },
    async listen() {
      played = await buffer();
      apply();
      measure();
      return (context) => {
        const input = loop(context, played);
        const built = effect(context);
        const compared = compare(context, input, built, { gain: device.gain, latency, chosen: Number(on.value) });
        device.live = { input, effect: built, ...compared };
        return device.live;
      };
    },
    changed() {
      apply();
      if (played) measure();
    },
  };
  return device;
}

/**
 * The gain that an effect will need, at once: a measurement takes longer than a control takes to move. Exact for a filter,
 * near for a compressor, and 1 for what can only be measured.
 */
function foresight(effect) {
  const probe = new OfflineAudioContext(1, 1, RATE);
  let blind = false;
  return (buffer) => {
    if (blind) return 1;
    const built = effect(probe);
    if (built instanceof BiquadFilterNode) return filterGain(built, spectrumOf(buffer));
    if (built.input instanceof DynamicsCompressorNode)
      return fromDb(-makeUpOf(built)) * squeezeGain(built.input, levelsOf(buffer));
    blind = true;
    return 1;
  };
}

const makeUpOf = ({ output, input }) =>
  toDb(output.gain.value) - 0.6 * input.threshold.value * (1 - 1 / input.ratio.value);

/** What each buffer was found to have, found once. */
function kept(find) {
  const all = new WeakMap();
  return (buffer) => all.get(buffer) ?? all.set(buffer, find(buffer)).get(buffer);
}

const BANDS = 240; // from 20 Hz to 20 kHz
const BAND_HERTZ = Float32Array.from({ length: BANDS }, (_, i) => 20 * 1000 ** (i / (BANDS - 1)));
const SIZE = 8192;

/** The K-weighted power of a buffer in narrow bands. */
const spectrumOf = kept((buffer) => {
  const bands = new Float32Array(BANDS);
  const sides = weighted(channels(buffer));
  for (let from = 0; from + SIZE <= buffer.length; from += SIZE) {
    const powers = powerSpectrum(...sides.map((samples) => samples.subarray(from, from + SIZE)));
    for (let bin = 4; bin < powers.length; bin++) {
      const band = Math.round(((BANDS - 1) * Math.log((bin * RATE) / SIZE / 20)) / Math.log(1000));
      if (band >= 0 && band < BANDS) bands[band] += powers[bin];
    }
  }
  return bands;
});

function filterGain(filter, powers) {
  const gains = new Float32Array(BANDS);
  filter.getFrequencyResponse(BAND_HERTZ, gains, new Float32Array(BANDS));
  let [before, after] = [0, 0];
  for (let i = 0; i < BANDS; i++) {
    before += powers[i];
    after += powers[i] * gains[i] ** 2;
  }
  return Math.sqrt(before / Math.max(after, 1e-12));
}

const MS = RATE / 1000;

/** For each millisecond of a buffer the peak in decibels, and the K-weighted power. */
const levelsOf = kept((buffer) => {
  const [plain, heard] = [channels(buffer), weighted(channels(buffer))];
  return Array.from({ length: Math.floor(plain[0].length / MS) }, (_, ms) => {
    let [most, power] = [1e-5, 0];
    for (let i = ms * MS; i < (ms + 1) * MS; i++) {
      for (const samples of plain) most = Math.max(most, Math.abs(samples[i]));
      for (const samples of heard) power += samples[i] ** 2;
    }
    return [toDb(most), power];
  });
});

/** What a compressor with these settings takes away from the power, as the gain that brings it back. */
function squeezeGain({ threshold, ratio, attack, release }, levels) {
  const slope = 1 - 1 / ratio.value;
  const [closes, opens] = [attack, release].map(({ value }) => 1 - Math.exp(-0.001 / Math.max(value, 0.0003)));
  let [reduction, before, after] = [0, 0, 0];
  for (const turn of [0, 1]) {
    for (const [peak, power] of levels) {
      const wanted = -slope * Math.max(0, peak - threshold.value);
      reduction += (wanted < reduction ? closes : opens) * (wanted - reduction);
      if (turn === 0) continue;
      before += power;
      after += power * 10 ** (reduction / 10);
    }
  }
  return Math.sqrt(before / Math.max(after, 1e-12));
}
