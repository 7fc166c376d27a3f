// What every lab has: play, volume, meter, and drawings that move while it plays. Also how values are written and kept.

import { toDb } from "./engine.js";
import { Panel } from "./panel.js";
import { Player } from "./player.js";
import { speaker } from "./speaker.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const VOLUME = "producerguide.volume";
const TICKS = "producerguide.ticks"; // as static/js/checklist.js keeps them
const MISSING = "This part did not load. Check the connection, and reload the page to try again.";
const LOST = "There is no sound: no loudspeaker, or a call has taken it. Press Play to try again.";
const UNKEPT = "This browser does not save anything for this page, so it is not ticked.";
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

/** Whether the value is kept. Where storage is blocked or full, it lasts until the page is left. */
export function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
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
    const loudspeaker = speaker(context);
    this.player = new Player(context, loudspeaker);
    this.#meter(this.panel.within("lab-transport"));
    this.player.addEventListener("change", () => {
      this.panel.write("lab-play", this.playing ? "Stop" : "Play");
      if (this.playing && !this.#drawing) this.#frame();
    });
    this.player.addEventListener("lost", () => this.say(LOST));
    this.panel.press("lab-play", () => {
      if (this.playing) return this.stop();
      this.say(""); // here alone: what a link has brought plays by itself, and its message stays
      this.play();
    });
    const loud = recall(VOLUME, 0);
    const volume = this.panel.slider("volume", { text: inDb }, (db) => {
      this.player.setVolume(db);
      keep(VOLUME, db);
    });
    volume.set(loud);
    if (this.panel.inputs("speaker").length) this.panel.choice("speaker", (name) => loudspeaker.choose(name));
    for (const part of section.querySelectorAll(".lab-desk, .lab-transport")) part.hidden = false;
    section.classList.add("open");
    this.#dock();
    this.#ticks(section.dataset.skill);
    // On a phone the panel fills the screen.
    if (innerWidth < 480) this.panel.part("lab-panel").scrollIntoView();
  }

  get playing() {
    return this.player.playing;
  }

  /** Play this now; `counted` as the player takes it. */
  async play(ready = this.#ready, counted = undefined) {
    this.#ready = ready;
    try {
      await this.player.play(ready, undefined, counted);
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

  /** What is asked for only now comes now; where it does not come, the lab says so. */
  later(code, use) {
    return code.then(use, () => this.say(MISSING));
  }

  /** The last thing of a lab: its part “Take it home” (see home.js), and following a link that has brought somebody here. */
  takeHome(name, files = {}) {
    let home;
    const come = (use) =>
      this.later(import("./home.js"), ({ Home }) => {
        home ??= new Home(this, name, files);
        use(home);
      });
    this.panel.press("lab-home", () => come(() => home.turn()));
    const follow = () => location.hash.startsWith("#lab&") && come(() => home.follow(location.hash));
    addEventListener("hashchange", follow); // a link pasted where the lab is open
    follow();
  }

  /** Offer to tick the skill of this lab, once what the checklist asks for is done. */
  earned() {
    this.panel.part("ear-tick").hidden = recall(TICKS, []).includes(this.panel.root.dataset.skill);
  }

  #ticks(skill) {
    const close = (text) => {
      this.panel.part("ear-tick").hidden = true;
      this.say(text);
      this.panel.part("lab-play").focus();
    };
    this.panel.press("ear-yes", () => {
      const ticks = recall(TICKS, []);
      close(ticks.includes(skill) || keep(TICKS, [...ticks, skill]) ? "Ticked on your checklist." : UNKEPT);
    });
    this.panel.press("ear-no", () => close(""));
  }

  /** Next and back: the step beside the one that is shown, and after the last step of a part the next part. */
  #dock() {
    const groups = () =>
      this.panel
        .parts(".stepper")
        .flatMap((group) => (group.getClientRects().length ? [[...group.querySelectorAll("input")]] : []));
    const beside = (by) =>
      groups()
        .reverse()
        .map((radios) => radios[radios.findIndex((radio) => radio.checked) + by])
        .find((radio) => radio);
    const show = () => {
      this.panel.part("lab-back").ariaDisabled = String(!beside(-1)); // they keep the focus
      this.panel.part("lab-next").ariaDisabled = String(!beside(1));
      for (const group of groups())
        group
          .find((radio) => radio.checked)
          ?.closest("fieldset")
          .scrollTo({ left: left(group) });
    };
    const left = (radios) => {
      const { offsetLeft, offsetWidth } = radios.find((radio) => radio.checked).closest("label");
      return offsetLeft - radios[0].closest("label").offsetLeft - offsetWidth;
    };
    const walk = (by) => beside(by)?.click();
    this.panel.press("lab-back", () => walk(-1));
    this.panel.press("lab-next", () => walk(1));
    this.panel.root.addEventListener("change", () => requestAnimationFrame(show));
    show();
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
      const begins = db > QUIETEST && panel.part("meter-value").textContent === "silent";
      if (this.playing && !begins && performance.now() - written < 250) return;
      written = performance.now();
      panel.write("meter-value", db > QUIETEST ? `${minus(Math.round(db))} dB` : "silent");
    });
  }
}
