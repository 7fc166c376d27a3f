// The core of the song while the questionnaire is filled in: a loop to which each answer adds its part on the next bar.

import { bufferOf, inWorker, score } from "./song.js";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const BARS = 8;
const FADE = 0.05; // s

export class Growing {
  #source;
  #gain;
  #bar = 0; // s
  #origin = 0;
  #wanted = "";

  constructor(context) {
    this.context = context;
    if (navigator.audioSession) navigator.audioSession.type = "playback"; // or an iPhone's mute switch silences it
  }

  /** Play what these answers make, from the next bar on: the version and a character an answer, as in an address. */
  async hear(code) {
    this.#wanted = code;
    const picks = [...code.slice(1)].map((letter) => ALPHABET.indexOf(letter));
    const song = score(picks);
    const { mix } = await inWorker("renderCore", song);
    if (this.#wanted === code) this.#change(mix, 16 * song.step);
  }

  stop() {
    this.#wanted = "";
    this.#fade(this.context.currentTime);
    this.#source = undefined;
    // A running context keeps a phone awake even when it is silent.
    setTimeout(() => this.#wanted || this.context.suspend(), 300);
  }

  #fade(when) {
    this.#gain?.gain.setTargetAtTime(0, when, FADE / 3);
    this.#source?.stop(when + 2 * FADE);
  }

  #change(mix, bar) {
    const { context } = this;
    const now = context.currentTime + 0.05;
    const goesOn = this.#source && bar === this.#bar;
    const when = this.#source ? this.#origin + Math.ceil((now - this.#origin) / this.#bar) * this.#bar : now;
    this.#fade(when);
    this.#gain = new GainNode(context);
    this.#gain.connect(context.destination);
    this.#source = new AudioBufferSourceNode(context, {
      buffer: bufferOf(context, mix),
      loop: true,
      loopEnd: BARS * bar,
    });
    this.#source.connect(this.#gain);
    if (!goesOn) this.#origin = when;
    this.#source.start(when, (when - this.#origin) % (BARS * bar));
    this.#bar = bar;
  }
}
