// For what a visitor changes while it plays: asks for the next steps a little ahead of the sound.

import { start } from "./engine.js";

const AHEAD = 0.2; // enough for a phone that is four times slower than a desk
const LOOK = 25;

/**
 * Calls step(number, when) in time and waits step’s returned seconds for the next; the player ends it.
 * A swing is a longer and a shorter step.
 */
export function clock(context, step) {
  let number = 0;
  let next = context.currentTime + 0.05;
  const look = () => {
    while (next < context.currentTime + AHEAD) next += step(number++, next);
  };
  let timer;
  start({
    context,
    start() {
      timer = setInterval(look, LOOK);
    },
    stop() {
      clearInterval(timer);
    },
  });
  look();
}
