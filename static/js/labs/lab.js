// What every lab has: play, volume, meter, and drawings that move while it plays. Also how values are written and kept.

import { toDb } from "./engine.js";
import { Panel } from "./panel.js";
import { Player } from "./player.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const VOLUME = "producerguide.volume";
const LOST =
  "There is no sound: the browser finds no loudspeaker or headphones, or a call or another program has taken them. Press Play to try again.";
const QUIETEST = -60; // dB, where the meter begins

export const minus = (text) => String(text).replace("-", "−");
export const inDb = (db) => minus(`${db > 0 ? "+" : ""}${Number(db.toFixed(1))} dB`);
export const inHz = (hz) =>
  hz < 1000 ? `${Math.round(hz)} Hz` : `${Number((hz / 1000).toFixed(hz < 10000 ? 2 : 1))} kHz`;
export const inMs = (ms) => `${Number(ms.toFixed(ms < 10 ? 1 : 0))} ms`;

/** The JSON that this browser keeps under a key, or `otherwise` if there is none of that type. */
export function recall(key, otherwise) {
  try {
    const value = JSON.parse(localStorage.getItem(key));
    return value?.constructor === otherwise.constructor ? value : otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is blocked or full: the value lasts until the page is left.
  }
}

/**
 * A lab on its page. Everywhere, `ready()` is a promise of build(context), and build makes the node to play.
 * `panel` is the whole section.
 */
export class Lab {
  #draws = [];
  #drawing = false;
  #ready;

  constructor(section, context) {
    this.context = context;
    this.panel = new Panel(section);
    this.player = new Player(context);
    this.#meter(this.panel.within("lab-transport"));
    this.player.addEventListener("change", () => {
      this.panel.write("lab-play", this.playing ? "Stop" : "Play");
      if (this.playing && !this.#drawing) this.#frame();
    });
    this.player.addEventListener("lost", () => this.say(LOST));
    this.panel.press("lab-play", () => (this.playing ? this.stop() : this.play()));
    const loud = recall(VOLUME, 0);
    const volume = this.panel.slider("volume", { text: inDb }, (db) => {
      this.player.setVolume(db);
      keep(VOLUME, db);
    });
    volume.set(loud);
    for (const part of section.querySelectorAll(".lab-desk, .lab-transport")) part.hidden = false;
  }

  get playing() {
    return this.player.playing;
  }

  /** Play this now. */
  async play(ready = this.#ready) {
    this.#ready = ready;
    this.say("");
    try {
      await this.player.play(ready);
    } catch {
      this.player.stop();
      this.say("This browser cannot play this sound. The drawing and the text describe it.");
    }
  }

  /** Play this from now on, at once if something plays. */
  use(ready) {
    if (ready === this.#ready) return;
    this.#ready = ready;
    this.again();
  }

  /** Start afresh if something plays. */
  again() {
    if (this.playing) this.play();
  }

  stop() {
    this.player.stop();
  }

  say(text) {
    this.panel.write("lab-status", text);
  }

  /** Call draw() for each frame while there is sound, and once more after it. */
  eachFrame(draw) {
    this.#draws.push(draw);
  }

  #frame() {
    for (const draw of this.#draws) draw();
    this.#drawing = this.playing;
    if (!this.playing) return;
    if (still.matches) setTimeout(() => this.#frame(), 1000);
    else requestAnimationFrame(() => this.#frame());
  }

  #meter(panel) {
    let written = 0;
    this.eachFrame(() => {
      const db = this.playing ? Math.max(QUIETEST, toDb(this.player.level())) : QUIETEST;
      panel.draw("meter-level", `M0 2H${((db - QUIETEST) / -QUIETEST) * 100}`);
      if (this.playing && performance.now() - written < 250) return;
      written = performance.now();
      panel.write("meter-value", db > QUIETEST ? `${minus(Math.round(db))} dB` : "silent");
    });
  }
}
