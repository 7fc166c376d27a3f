// For music that a visitor changes while it plays: schedules the next steps a little ahead of the sound.

import { start } from "./engine.js";

const AHEAD = 0.2; // seconds; enough for a phone that is four times slower than a computer
const LOOK = 25; // ms

/**
 * Calls step(number, when) in time, and the next one after the seconds that step returns, until the player stops.
 * For swing, steps are longer and shorter in turn.
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
