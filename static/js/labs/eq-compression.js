// EQ and compression: two devices, of which one is on the desk at a time.

import { attackTest, squeezer } from "./compressor.js";
import { bandTest, equaliser } from "./eq.js";
import { Lab } from "./lab.js";
import { loopOf } from "./sounds.js";

/** What can be made before the first tap. */
export const prepare = () => loopOf("song");

export function mount(section, context) {
  const lab = new Lab(section, context);
  // The checklist asks for ±6 dB three times, and for the attack at all.
  const met = (passes) => passes(bandTest, 6) >= 3 && passes(attackTest, "clear") >= 1;
  const devices = {
    eq: equaliser(lab, lab.panel.within("eq"), met),
    compressor: squeezer(lab, lab.panel.within("compressor"), met),
  };
  const part = lab.panel.choice("part", (name) => devices[name].enter());
  devices[part.value].enter();
  lab.takeHome("eq");
  return lab;
}
