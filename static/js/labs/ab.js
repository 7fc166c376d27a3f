// Off and on, at one loudness: what every lab with an effect needs.

import { compare, loop, matching, toDb } from "./engine.js";
import { inDb } from "./lab.js";

/**
 * A loudness-matched A/B of an effect whose settings move. The radio buttons `<name>-on` choose 0 or 1, and the part
 * "match" shows the gain. `buffer()` is a promise of the loop it is heard on, `effect(context)` builds it, `latency` is
 * its delay in seconds, and `gain` a first guess for effects that can only be measured; of the others `foresee(buffer)` knows
 * the gain at once (see foresight.js).
 * Has { on, live, gain, listen, changed() }.
 */
export function ab(panel, name, buffer, effect, { latency = 0, gain = 1, foresee = () => 1, draw = () => {} } = {}) {
  let played;
  let error = gain; // what was measured last, over what had been foreseen for the same settings
  let [measuring, stale] = [false, false];
  function apply() {
    device.gain = played ? error * foresee(played) : error;
    device.live?.match(device.gain);
    panel.write("match", inDb(toDb(device.gain)));
  }
  async function measure() {
    stale = true;
    if (measuring) return;
    measuring = true;
    while (stale) {
      stale = false;
      const expected = foresee(played);
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
