// Bedroom: make it yours. Eight bars that always work, whose layers are swapped on the next bar; at the end they become a piece.

import { bufferOf, start } from "../labs/engine.js";
import { STEPS } from "../song/score.js";
import { LANES, maker, PIECE, recipe, scoreOf } from "./band.js";
import { eightBars } from "./seeds.js";

const LAYERS = ["groove", "bass", "chords", "hook"];
const NAMES = { groove: "beat", bass: "bass", chords: "chords", hook: "hook" };
const KEPT = 10; // lanes, of about 8 MB each
const FADE = 0.02; // s
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

/** The notes of a score as a path: drums, hook, chords and bass, a row each of 21 units. */
export function notesPath({ notes }) {
  const x = (at) => ((320 * at) / STEPS).toFixed(1);
  const long = (length) => Math.max(1.5, (320 * length) / STEPS - 0.6).toFixed(1);
  const row = { kick: 18, snare: 12, clap: 12, rim: 12, hat: 6, tom: 9, crash: 3 };
  const pitched = (lane, top, low) =>
    notes[lane].flatMap(({ at, length, note, notes: all }) =>
      (all ?? [note]).map(
        (one) => `M${x(at)} ${(top + 19 - Math.max(0, Math.min(17, (one - low) / 2))).toFixed(1)}h${long(length)}`,
      ),
    );
  const hits = notes.drums.map(({ at, voice }) => `M${x(at)} ${row[voice]}h1.5`);
  return [...hits, ...pitched("hook", 21, 60), ...pitched("chords", 42, 50), ...pitched("bass", 63, 26)].join("");
}

/** A source of a buffer into a node, from `offset` on, that the player can stop. */
function sounding(output, buffer, when, { offset = 0, loop = false, until, fade = FADE } = {}) {
  const { context } = output;
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setTargetAtTime(1, when, 0.001); // it may begin within a note
  const source = new AudioBufferSourceNode(context, { buffer, loop });
  source.connect(gain).connect(output);
  const end = (at, over = FADE) => {
    gain.gain.setTargetAtTime(0, at, over / 4);
    source.stop(at + 2 * over);
  };
  start({ context, start: () => source.start(when, offset), stop: (at) => source.stop(at) });
  if (until !== undefined) end(until, fade);
  return end;
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
    this.#on[name] = { recipe: recipe(song, name), end: sounding(this.output, buffer, when, { offset, loop: true }) };
  }

  /** Bring what plays to another song, on the next bar. */
  change(song, names, buffers) {
    const now = this.output.context.currentTime + 0.03;
    const when = this.origin + this.bar * Math.max(0, Math.ceil((now - this.origin) / this.bar));
    for (const lane of LANES) {
      const place = names.indexOf(lane);
      const wanted = place < 0 ? undefined : recipe(song, lane);
      if (wanted !== this.#on[lane]?.recipe) this.#swap(song, lane, buffers[place], when);
    }
  }

  /** The same lanes as a piece. */
  piece(context, song, names, buffers) {
    const output = new GainNode(context);
    const bar = 16 * song.step;
    this.origin = context.currentTime + 0.05;
    for (const { lanes, from, bars, at } of PIECE) {
      const last = at + bars === 11;
      for (const name of lanes.filter((lane) => names.includes(lane))) {
        const when = this.origin + at * bar;
        const until = when + (last ? 0.3 : bars) * bar;
        sounding(output, buffers[names.indexOf(name)], when, { offset: from * bar, until, fade: last ? RING : FADE });
      }
    }
    return output;
  }
}

class Room {
  loop = new Loop();
  log = new Log();
  began = performance.now();
  changes = 0;

  constructor({ panel, player, play, seed }) {
    Object.assign(this, { panel, player, play, start: eightBars(seed) });
    this.layers = Object.fromEntries(LAYERS.map((layer) => [layer, panel.choice(layer, () => this.changed(layer))]));
    this.more = panel.inputs("more");
    for (const box of this.more) box.addEventListener("change", () => this.changed(box.value));
    this.draw();
    this.follow();
  }

  get song() {
    const chosen = Object.fromEntries(LAYERS.map((layer) => [layer, Number(this.layers[layer].value)]));
    return scoreOf(this.start, chosen, this.switched);
  }

  get switched() {
    return new Set(this.more.filter(({ checked }) => checked).map(({ value }) => value));
  }

  get names() {
    return LANES.filter((lane) => lane !== "pad" || this.switched.has("pad"));
  }

  get ready() {
    return async () => {
      let made;
      let changes;
      // What is changed while the first sound is made is heard in it.
      do {
        changes = this.changes;
        made = [this.song, this.names];
        made.push(await this.loop.all(...made));
      } while (changes !== this.changes);
      return (context) => this.loop.build(context, ...made);
    };
  }

  draw() {
    this.panel.draw("notes", notesPath(this.song));
  }

  async changed(name) {
    if (this.over) return;
    this.log.add(name);
    this.changes += 1;
    this.draw();
    const { song, names } = this;
    this.wanted = song;
    const buffers = await this.loop.all(song, names);
    // Another tap may have come meanwhile, or the sound may be off.
    if (this.wanted === song && this.player.playing && this.loop.output && !this.over)
      this.loop.change(song, names, buffers);
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
      return (context) => this.loop.piece(context, song, names, buffers);
    });
    return { lines: this.log.lines((performance.now() - this.began) / 1000) };
  }
}

export function mount(given) {
  const room = new Room(given);
  return { ready: room.ready, finish: () => room.finish() };
}
