// EQ and compression: two devices, of which one is on the desk at a time.

import { attackTest, squeezer } from "./compressor.js";
import { passes } from "./ear.js";
import { bandTest, equaliser } from "./eq.js";
import { choice, frame } from "./lab.js";
import { loopOf } from "./sounds.js";

/** What can be made before anybody has tapped. */
export const prepare = () => loopOf("song");

export function mount(section, context) {
  const lab = frame(section, context);
  // The checklist asks for ±6 dB three times, and for the attack at all.
  const met = () => passes(bandTest, 6) >= 3 && passes(attackTest, "clear") >= 1;
  const devices = {
    eq: equaliser(lab, section.querySelector(".eq"), met),
    compressor: squeezer(lab, section.querySelector(".compressor"), met),
  };
  const part = choice(section, "part", (name) => devices[name].enter());
  devices[part.value].enter();
  return lab;
}
