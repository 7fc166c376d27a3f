// Off and on, at one level: what every lab with an effect needs.

import { compare, loop, matching, toDb } from "./engine.js";
import { inDb } from "./lab.js";

const SETTLED = 120; // ms without a change before the level is measured again

/**
 * A level-matched A/B of an effect whose settings move. The radio buttons `<name>-on` choose 0 or 1, and the part
 * "match" shows the gain. `buffer()` is a promise of the loop it is heard on, `effect(context)` builds it, `latency` is
 * its delay in seconds, and `gain` a first guess where the first sound must not wait for a measurement.
 * Has { on, live, listen, changed() }.
 */
export function ab(panel, name, buffer, effect, { latency = 0, gain, draw = () => {} } = {}) {
  let timer;
  async function measure() {
    gain = await matching(await buffer(), effect);
    device.live?.match(gain);
    panel.write("match", inDb(toDb(gain)));
  }
  const on = panel.choice(`${name}-on`, (value) => {
    device.live?.choose(Number(value));
    draw();
  });
  const device = {
    live: undefined, // { input, effect } while it plays
    get on() {
      return on.value === "1";
    },
    async listen() {
      const played = await buffer();
      const measured = measure();
      if (gain === undefined || device.live) await measured;
      return (context) => {
        const input = loop(context, played);
        const built = effect(context);
        const compared = compare(context, input, built, { gain, latency, chosen: Number(on.value) });
        device.live = { input, effect: built, ...compared };
        return device.live;
      };
    },
    changed() {
      clearTimeout(timer);
      timer = setTimeout(measure, SETTLED);
    },
  };
  return device;
}
