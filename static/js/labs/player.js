// What plays the sound of a lab or an audition.

import { countIn } from "../sticks.js";
import { ceiling, chain, FADE, fromDb, ramp, rms, stopAll } from "./engine.js";

const PATIENCE = 3000; // ms that a sound device may take
const PATIENT = 50; // ms without a sound before sticks count in

/** Plays and stops, one sound at a time: faded, under the ceiling, and stopped when the page is hidden or left. */
export class Player extends EventTarget {
  playing = false;
  #bus;
  #counted;
  #turn = 0;
  #waiting;

  /** `between` are effects that all of it goes through, after the volume. */
  constructor(context, ...between) {
    super();
    this.context = context;
    this.volume = new GainNode(context);
    this.analyser = new AnalyserNode(context, { fftSize: 4096, smoothingTimeConstant: 0.75, minDecibels: -100 });
    this.samples = new Float32Array(2048);
    chain(this.volume, ...between, ceiling(context), this.analyser, context.destination);
    context.addEventListener("statechange", () => this.#watch());
    addEventListener("pagehide", () => this.stop());
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
  }

  /**
   * Play what build(context) makes. `ready()` is a promise of that builder, so that no nodes are made for a visitor who
   * has stopped in the meantime. Call it inside the tap: phones play no sound otherwise. `counted` ends sticks that
   * already count.
   */
  async play(ready, patience = PATIENT, counted) {
    const turn = this.#end();
    this.#counted = counted;
    if (document.hidden) return this.stop(); // the page was left while its code was on its way
    this.context.resume().catch(() => {}); // during a call on an iPhone; #watch() sees it
    const bus = new GainNode(this.context, { gain: 0 });
    this.#bus = bus;
    this.#say(true);
    const late = () => {
      if (turn === this.#turn) this.#counted ??= this.#count(bus);
    };
    const count = patience ? setTimeout(late, patience) : late();
    const build = await ready().finally(() => clearTimeout(count));
    if (turn !== this.#turn) return;
    this.#counted?.();
    chain(build(this.context), bus, this.volume);
    ramp(this.context, bus.gain, 1);
  }

  /** Something to hear while a first sound is being made; returns what ends it. */
  #count(bus) {
    ramp(this.context, bus.gain, 1);
    bus.connect(this.volume);
    return countIn(this.context, bus);
  }

  stop() {
    const turn = this.#end();
    this.#say(false);
    // A running context keeps a phone awake even when it is silent.
    setTimeout(() => turn === this.#turn && this.context.suspend(), 300);
  }

  setVolume(db) {
    ramp(this.context, this.volume.gain, fromDb(db));
  }

  level() {
    this.analyser.getFloatTimeDomainData(this.samples);
    return rms(this.samples);
  }

  #end() {
    const bus = this.#bus;
    this.#counted?.();
    if (bus) ramp(this.context, bus.gain, 0);
    stopAll(this.context);
    setTimeout(() => bus?.disconnect(), 2000 * FADE);
    this.#bus = undefined;
    return ++this.#turn;
  }

  /** A context that does not run has no device, or a call or another program has taken it away. */
  #watch() {
    clearTimeout(this.#waiting);
    if (!this.playing || this.context.state === "running") return;
    this.#waiting = setTimeout(() => {
      this.stop();
      this.dispatchEvent(new Event("lost"));
    }, PATIENCE);
  }

  #say(playing) {
    this.playing = playing;
    this.#watch();
    this.dispatchEvent(new Event("change"));
  }
}
