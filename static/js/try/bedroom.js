// Bedroom: make it yours. Eight bars that always work, whose layers are swapped on the next bar; at the end they become a piece.

import { bufferOf, FADE, start } from "../labs/engine.js";
import { STEPS } from "../song/score.js";
import { LANES, maker, namesOf, PIECE, recipe, scoreOf } from "./band.js";
import { eightBars } from "./seeds.js";

const NAMES = { groove: "beat", hook: "hook", chords: "chords", bass: "bass" }; // as they are drawn
const LAYERS = Object.keys(NAMES);
const ROW = 26; // the height of a layer in the drawing
const KEPT = 10; // lanes, of about 8 MB each
const RING = 3; // s that the last chord takes to fade, from soon after it was struck

/** Counts what somebody changes. */
export class Log {
  counts = Object.fromEntries(LAYERS.map((layer) => [layer, 0]));
  extras = 0;
  after = 0; // changes after every layer had been touched

  add(name) {
    if (LAYERS.every((layer) => this.counts[layer])) this.after += 1;
    if (name in this.counts) this.counts[name] += 1;
    else this.extras += 1;
  }

  lines(seconds) {
    const times = (count) => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`);
    const touched = LAYERS.filter((layer) => this.counts[layer]);
    const swapped = touched.map((layer) => `the ${NAMES[layer]} ${times(this.counts[layer])}`);
    const lines = [swapped.length ? `You swapped ${swapped.join(", ")}.` : "You left every layer as it was."];
    if (this.extras) lines.push(`You tried the extras ${times(this.extras)}.`);
    if (touched.length === LAYERS.length)
      lines.push(`When every layer was yours, you went on and changed ${this.after || "nothing"} more.`);
    if (seconds > 100) lines.push(`You stayed ${Math.round(seconds - 90)} seconds longer than you had to.`);
    return [...lines, "Now it plays as a piece, with a beginning and an end."];
  }
}

/** The notes of a score as paths { groove, hook, chords, bass }, a row each of ROW units. */
export function notesPaths({ notes }) {
  const x = (at) => ((320 * at) / STEPS).toFixed(1);
  const long = (length) => Math.max(1.5, (320 * length) / STEPS - 0.6).toFixed(1);
  const drum = { kick: 21, snare: 14, clap: 14, rim: 14, hat: 7, tom: 10, crash: 4 };
  const pitched = (lane, low) => {
    const bottom = ROW * LAYERS.indexOf(lane) + ROW - 3;
    const up = (note) => Math.max(0, Math.min(ROW - 7, (note - low) * 0.6));
    return notes[lane]
      .flatMap(({ at, length, note, notes: all }) =>
        (all ?? [note]).map((one) => `M${x(at)} ${(bottom - up(one)).toFixed(1)}h${long(length)}`),
      )
      .join("");
  };
  const groove = notes.drums.map(({ at, voice }) => `M${x(at)} ${drum[voice]}h1.5`).join("");
  return { groove, hook: pitched("hook", 60), chords: pitched("chords", 50), bass: pitched("bass", 26) };
}

/** A source of a buffer into a node, from `offset` on, that the player can stop. Returns what ends it, and then calls ended(). */
function sounding(output, buffer, when, offset, loop) {
  const { context } = output;
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setTargetAtTime(1, when, 0.001); // it may begin within a note
  const source = new AudioBufferSourceNode(context, { buffer, loop });
  source.connect(gain).connect(output);
  start(source, when, undefined, offset);
  const { onended } = source; // false where the player has stopped it
  return (at, over = FADE, ended = () => {}) => {
    gain.gain.setTargetAtTime(0, at, over / 4);
    source.stop(at + 2 * over);
    source.onended = () => onended() && ended();
  };
}

/** Plays the lanes of the newest song together; a new lane comes in on the next bar. */
class Loop {
  #make = maker();
  #lanes = new Map(); // recipes and buffers, the newest last
  #on = {}; // what plays of each lane: { recipe, end }

  /** The buffer of a lane, made once. */
  async lane(song, name) {
    const key = recipe(song, name);
    const known = this.#lanes.get(key) ?? this.#make(song, name).then((sound) => bufferOf(sound));
    this.#lanes.delete(key);
    this.#lanes.set(key, known);
    if (this.#lanes.size > KEPT) this.#lanes.delete(this.#lanes.keys().next().value);
    return known;
  }

  all(song, names) {
    return Promise.all(names.map((name) => this.lane(song, name)));
  }

  /** Make the node in which these lanes begin now. */
  build(context, song, names, buffers) {
    this.output = new GainNode(context);
    this.origin = context.currentTime + 0.05;
    this.bar = 16 * song.step;
    this.#on = {};
    for (const [i, name] of names.entries()) this.#swap(song, name, buffers[i], this.origin);
    return this.output;
  }

  #swap(song, name, buffer, when) {
    this.#on[name]?.end(when);
    delete this.#on[name];
    if (!buffer) return;
    const offset = (when - this.origin) % buffer.duration;
    this.#on[name] = { recipe: recipe(song, name), end: sounding(this.output, buffer, when, offset, true) };
  }

  /** Bring what plays to these lanes, on the next bar; the others stop if this is all of them. */
  change(song, names, buffers, whole = true) {
    const now = this.output.context.currentTime + 0.03;
    const when = this.origin + this.bar * Math.max(0, Math.ceil((now - this.origin) / this.bar));
    for (const lane of LANES) {
      const place = names.indexOf(lane);
      if (place < 0 && !whole) continue;
      const wanted = place < 0 ? undefined : recipe(song, lane);
      if (wanted !== this.#on[lane]?.recipe) this.#swap(song, lane, buffers[place], when);
    }
  }

  /** The same lanes as a piece; ended() is called after its last chord. */
  piece(context, song, names, buffers, ended) {
    const output = new GainNode(context);
    const bar = 16 * song.step;
    this.origin = context.currentTime + 0.05;
    for (const { lanes, from, bars, at } of PIECE) {
      for (const name of lanes.filter((lane) => names.includes(lane))) {
        const when = this.origin + at * bar;
        const end = sounding(output, buffers[names.indexOf(name)], when, from * bar);
        if (at < 10) end(when + bars * bar);
        else end(when + 0.3 * bar, RING, ended); // the last chord
      }
    }
    return output;
  }
}

class Room {
  loop = new Loop();
  log = new Log();
  began = performance.now();

  constructor({ panel, player, play, seed, small }) {
    Object.assign(this, { panel, player, play, small, start: eightBars(seed) });
    this.layers = Object.fromEntries(LAYERS.map((layer) => [layer, panel.choice(layer, () => this.changed(layer))]));
    this.more = panel.inputs("more");
    for (const box of this.more) box.addEventListener("change", () => this.changed(box.value));
    panel.press("try-bars", ({ currentTarget, clientY }) => {
      const { top, height } = currentTarget.getBoundingClientRect();
      this.turn(LAYERS[Math.floor((LAYERS.length * (clientY - top)) / height)]);
    });
    this.draw();
    this.follow();
  }

  get song() {
    const chosen = Object.fromEntries(LAYERS.map((layer) => [layer, Number(this.layers[layer].value)]));
    return scoreOf(this.start, chosen, this.switched, this.small);
  }

  get switched() {
    return new Set(this.more.filter(({ checked }) => checked).map(({ value }) => value));
  }

  get names() {
    return LANES.filter((lane) => lane !== "pad" || this.switched.has("pad"));
  }

  /** The drums begin as soon as they are made; every other lane comes in on a bar. */
  get ready() {
    return async () => {
      const { song } = this;
      const drums = await this.loop.lane(song, "drums");
      return (context) => {
        const output = this.loop.build(context, song, ["drums"], [drums]);
        this.fill();
        return output;
      };
    };
  }

  /** Bring in what is chosen: lane by lane, or all at once where all of them play already. */
  async fill(least = 1) {
    const { song, names } = this;
    this.wanted = song;
    for (let count = least; count <= names.length; count++) {
      const some = names.slice(0, count);
      const buffers = await this.loop.all(song, some);
      // Another tap may have come meanwhile, or the sound may be off.
      if (this.wanted !== song || !this.player.playing || this.over) return;
      this.loop.change(song, some, buffers, count === names.length);
    }
  }

  draw() {
    const paths = notesPaths(this.song);
    for (const layer of LAYERS) {
      this.panel.draw(`notes-${layer}`, paths[layer]);
      this.panel.write(`name-${layer}`, namesOf(this.start, layer)[this.layers[layer].value]);
    }
  }

  /** The next choice of a layer. */
  turn(layer) {
    if (layer && !this.over) this.panel.pick(layer, String((Number(this.layers[layer].value) + 1) % 3));
  }

  changed(name) {
    if (this.over) return;
    this.log.add(name);
    this.draw();
    if (this.loop.output) this.fill(this.names.length);
  }

  /** The playhead, while there is sound. */
  follow() {
    const { origin, bar, output } = this.loop;
    const at = this.player.playing && output ? (output.context.currentTime - origin) / bar : 0;
    this.panel.move("head", { transform: `translate(${((40 * Math.max(0, at)) % 320).toFixed(1)} 0)` });
    if (this.over) return;
    setTimeout(() => this.follow(), matchMedia("(prefers-reduced-motion: reduce)").matches ? 1000 : 50);
  }

  finish() {
    this.over = true;
    const { song, names } = this;
    this.play(async () => {
      const buffers = await this.loop.all(song, names);
      return (context) => this.loop.piece(context, song, names, buffers, () => this.player.stop());
    });
    return { lines: this.log.lines((performance.now() - this.began) / 1000) };
  }
}

export function mount(given) {
  const room = new Room(given);
  return { ready: room.ready, finish: () => room.finish() };
}
