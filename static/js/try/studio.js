// Studio: the next take. Three takes of a phrase, one sentence to the singer, the take that is made of it, and the microphone or
// her headphones.

import { bufferOf, chain, fromDb, layer, loop } from "../labs/engine.js";
import { loopOf, MELODY, phrase, SONG } from "../labs/sounds.js";
import { add, filter, scale } from "../sound/dsp.js";
import { room } from "../sound/room.js";
import { sing } from "../sound/voice.js";
import { band, directed, directionShare, distance, studioScore } from "./score.js";
import { dice, EARS, session } from "./seeds.js";

const UNDER = -7; // dB, the band under the voice
const LATE = 0.1; // seconds that a take drags at most
const FLAT = 0.55; // semitones

// What she says after a take tells nothing, as in life.
const WORDS = ["“I liked that one.”", "“Hm. I don’t know.”", "“My tea is cold.”", "“That one felt good.”", "“Again?”"];

/** A take in words, for the eye. */
export function inWords({ effort, breath, drag, flat }) {
  const strength = effort < 0.35 ? "Soft" : effort < 0.7 ? "At speaking strength" : "Loud";
  const parts = [
    breath > 0.4 ? "with a lot of air" : "clear",
    drag > 0.3 ? "always a little late" : "right on the beat",
  ];
  return `${strength}, ${[...parts, flat > 0.3 ? "and a touch flat" : "and in tune"].join(", ")}.`;
}

/** What the microphone gets at each place: near is full below, far is mostly the room. */
const PLACES = {
  hand: (sound) => {
    for (const samples of sound) filter(samples, "low", 180, 0.7, 5);
    return sound;
  },
  arm: (sound) => add(sound, room([[sound, 0.25]], { seconds: 0.4, length: sound[0].length / 48000 })),
  room: (sound) => {
    const walls = room([[sound, 1.4]], { seconds: 1.1, length: sound[0].length / 48000 });
    for (const samples of sound) scale(samples, 0.3);
    return add(sound, walls);
  },
};

function sung(take, place) {
  const notes = phrase(MELODY).map((note) => ({
    ...note,
    at: note.at + LATE * take.drag,
    note: note.note - FLAT * take.flat,
    velocity: 0.7 + 0.3 * take.effort,
  }));
  const settings = { effort: take.effort, breath: 0.05 + 0.55 * take.breath, vibrato: 0.15 + 0.3 * take.effort };
  return PLACES[place](sing(notes, { ...settings, seconds: SONG + 0.8 }));
}

const made = new Map();

/** A take as a loop at working level, so that no take is louder than another. */
export function takeLoop(take, place) {
  const key = JSON.stringify([take, place]);
  if (!made.has(key)) made.set(key, layer(SONG, [{ buffer: bufferOf(sung(take, place)) }]));
  return made.get(key);
}

let group;

async function backing() {
  group ??= Promise.all(["keys", "bass", "drums"].map(loopOf)).then((all) =>
    layer(
      SONG,
      all.map((buffer, i) => ({ buffer, level: fromDb([0, -3, -6][i]) })),
    ),
  );
  return group;
}

/** The band and a take, from the top. */
const playing = (take, place) => async () => {
  const [under, voice] = [await backing(), takeLoop(take, place)];
  return (context) => {
    const output = new GainNode(context, { gain: fromDb(-2) });
    chain(loop(context, under), new GainNode(context, { gain: fromDb(UNDER) }), output);
    chain(loop(context, voice), output);
    return output;
  };
};

class Desk {
  said; // the direction
  last; // the place of the microphone, or what is in her headphones
  over = false; // then every take can be heard again

  constructor({ panel, play, seed, small }) {
    Object.assign(this, { panel, play, ...session(seed, small) });
    this.words = dice(seed).shuffled(WORDS);
    panel.write("brief", this.brief.text);
    this.takeNo = panel.choice("take-no", () => this.hear());
    for (const button of panel.parts(".try-say button")) button.addEventListener("click", () => this.say(button));
    for (const name of ["place", "ears"]) {
      for (const radio of panel.inputs(name)) radio.addEventListener("change", () => this.choose(radio));
    }
    this.show(`She says: ${this.words[0]}`);
    this.warm();
  }

  /** Make the takes before they are asked for, one at a time. */
  async warm() {
    for (const take of this.takes) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await backing();
      takeLoop(take, "arm");
    }
  }

  get chosen() {
    return Number(this.takeNo.value);
  }

  /** The take that is on: one of the three, or the one that was made of what was said. */
  get take() {
    const take = this.takes[this.chosen];
    return this.said && !this.over ? directed(take, this.said) : take;
  }

  get place() {
    return this.kind === "place" && this.last ? this.last : "arm";
  }

  get ready() {
    return playing(this.take, this.place);
  }

  show(text) {
    this.panel.write("try-words", text);
    this.panel.write("take-words", inWords(this.take));
  }

  hear() {
    this.show(this.over ? inWords(this.take) : `She says: ${this.words[this.chosen]}`);
    this.play(this.ready);
  }

  say(button) {
    if (this.said) return; // one sentence; the next take is sung
    this.said = button.value;
    for (const one of this.panel.parts(".try-say button")) {
      one.setAttribute("aria-disabled", "true");
      one.setAttribute("aria-pressed", String(one === button));
    }
    this.panel.part("try-takes").disabled = true;
    for (const fieldset of this.panel.parts("[data-last]")) fieldset.hidden = fieldset.dataset.last !== this.kind;
    this.show("Take 4 is playing: what she made of it.");
    this.play(this.ready);
  }

  choose(radio) {
    this.last = radio.value;
    if (this.kind === "place") this.play(this.ready);
    else this.panel.write("try-words", radio.value === "voice" ? "She nods, and finds the note." : "She frowns.");
  }

  end() {
    this.over = true;
    this.panel.part("try-takes").disabled = false;
    this.show("The takes can be heard again.");
  }
}

function lines(desk) {
  const { brief, takes, chosen, said } = desk;
  const all = takes.map((take) => distance(take, brief));
  const best = all.indexOf(Math.min(...all));
  const better = `Take ${best + 1} was nearer to the brief: ${inWords(takes[best])}`;
  const first = `You built on take ${chosen + 1}. ${chosen === best ? "It was the nearest to the brief." : better}`;
  if (!said) return [first, "You said nothing to her yet, so there is no score."];
  const share = directionShare(takes[chosen], said, brief);
  const moved =
    share >= 0.99 ? "moved what was furthest off" : share > 0 ? "helped a little" : "moved nothing that was off";
  return [first, `What you said ${moved}. The take after it: ${inWords(desk.take)}`];
}

/** What it comes to; without a sentence and a last choice there is no score. */
function finish(desk) {
  const { brief, takes, chosen, said, last, kind } = desk;
  const told = lines(desk);
  desk.end();
  if (!said || !last) return { lines: told };
  const worth = kind === "place" ? brief.place[last] : EARS[last];
  const what = kind === "place" ? "The place of the microphone" : "The change in her headphones";
  const ends = worth === 1 ? "was what the moment asked for" : "was not what the moment asked for";
  const score = studioScore({ takes, chosen, direction: said, brief, last: worth });
  return { lines: [...told, `${what} ${ends}.`], band: band(score) };
}

export function mount(given) {
  const desk = new Desk(given);
  return { ready: desk.ready, finish: () => finish(desk) };
}
