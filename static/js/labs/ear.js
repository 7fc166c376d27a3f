// A blind test: ten questions at one level, then a harder level or an easier one. The answer stays in a private field:
// nothing on the page, visible or not, gives it away.

import { chain, copyOf, draw, fromDb, loop, peak, random, switcher } from "./engine.js";
import { keep, recall } from "./lab.js";
import { plot } from "./panel.js";

const SCORES = "producerguide.ears"; // { <test>: [{ day, level, right, of }, …] }, oldest first
const KEPT = 50;
const SHOWN = 5;
const LOUDEST = -10; // dBFS: with the volume at its highest, nothing in a test reaches the ceiling and is told by that

export const OF = 10;

/** The level after a round: harder after a pass, easier after mere guessing. `levels` go from easy to hard. */
export function nextLevel({ levels, pass }, { level, right }) {
  const here = levels.indexOf(level);
  const step = right >= pass ? 1 : right < pass - 3 ? -1 : 0;
  return levels[Math.min(levels.length - 1, Math.max(0, here + step))];
}

export const scores = (name) => {
  const rounds = recall(SCORES, {})[name];
  return Array.isArray(rounds) ? rounds : [];
};

/** How many rounds at this level or a harder one were passed. */
export const passes = ({ name, levels, pass }, level) =>
  scores(name).filter((round) => levels.indexOf(round.level) >= levels.indexOf(level) && round.right >= pass).length;

/** How likely mere guessing is to pass a round. */
export function luck({ options, pass }) {
  const share = 1 / Object.keys(options).length;
  let [ways, sum] = [1, 0];
  for (let right = 0; right <= OF; right++) {
    if (right >= pass) sum += ways * share ** right * (1 - share) ** (OF - right);
    ways = (ways * (OF - right)) / (right + 1);
  }
  return sum;
}

/**
 * `test`: { name, levels, pass, options: { value: label }, unit(level), sounds(answer, level, next), met(), picture }.
 * `sounds` resolves to one or more AudioBuffers of one length, which loop together; `met(passes)` says whether the
 * scores in this browser are what the checklist asks for, and is left out where no test in a browser can show that.
 * After a wrong answer both it and the right one can be heard and seen: `picture(answer, level)` is the path of one, and
 * where it is left out the waves of the sounds are drawn.
 */
export class Ear {
  #answer;
  #seed;
  asked = 0;
  right = 0;

  constructor(lab, panel, test, seed = crypto.getRandomValues(new Uint32Array(1))[0]) {
    this.lab = lab;
    this.panel = panel;
    this.test = test;
    this.next = random(seed);
    const last = scores(test.name).at(-1);
    this.level = last && test.levels.includes(last.level) ? nextLevel(test, last) : test.levels[0];
    this.answers = Object.entries(test.options).map((option) => this.button(option));
    panel.part("ear-answers").append(...this.answers);
    const turn = () => this.heard?.choose(this.listened);
    if (panel.part("ear-sounds")) this.listens = panel.choice(`${test.name}-sound`, turn);
    this.which = panel.choice(`${test.name}-heard`, turn);
    panel.press("ear-next", () => this.ask());
    panel.part("ear-next").disabled = false; // until now its code was on its way
    this.history();
  }

  /** The number of the sound that is heard: those of the question first, and then those of a wrong answer. */
  get listened() {
    return Number(this.listens?.value ?? 0) + Number(this.which.value) * this.arms;
  }

  /** Called when the visitor turns to the test. */
  enter() {
    if (this.play) this.lab.use(this.play);
    else this.lab.stop();
  }

  async ask() {
    if (this.asked === OF) this.asked = this.right = 0;
    this.asked += 1;
    this.#answer = draw(this.next, Object.keys(this.test.options));
    this.#seed = this.next() * 2 ** 32;
    this.show("next", false);
    this.show("mistake", false);
    this.listens?.set("0");
    this.which.set("0");
    this.say(`Question ${this.asked} of ${OF}, ${this.test.unit(this.level)}. Listen, then answer.`);
    this.play = this.ready([this.#answer], this.level);
    await this.lab.play(this.play);
    this.open(true);
    const [first] = [...this.panel.parts(".ear-sounds input"), ...this.answers];
    // Only from the button that is gone: somebody may have moved on while the sounds were made.
    if ([this.panel.part("ear-next"), document.body].includes(document.activeElement)) first.focus();
  }

  /** The sounds of these answers, as one thing to play; the same random numbers belong to each. */
  ready(answers, level) {
    const made = answers.map((answer) => this.test.sounds(answer, level, random(this.#seed)));
    return async () => {
      const all = await Promise.all(made);
      this.arms = all[0].length;
      this.all = all;
      const most = Math.max(...all.flat().map((buffer) => peak(buffer.getChannelData(0), 1e-3)));
      const level = Math.min(1, fromDb(LOUDEST) / most);
      return (context) => {
        const loops = all.flat().map((buffer) => loop(context, buffer));
        this.heard = switcher(context, loops, this.listened);
        return chain(this.heard, new GainNode(context, { gain: level }));
      };
    };
  }

  judge(given) {
    const { options } = this.test;
    const { level } = this;
    const right = given === this.#answer;
    this.open(false);
    this.right += right;
    const verdict = right
      ? `Right: ${options[given]}.`
      : `It was ${options[this.#answer]}, and you said ${options[given]}.`;
    if (this.asked < OF) this.say(`${verdict} ${this.right} of ${this.asked} right so far.`);
    else this.finish(verdict);
    this.panel.write("ear-next", this.asked < OF ? "Next" : "Another round");
    this.show("next", true);
    this.panel.part("ear-next").focus();
    if (!right) this.mistake(given, level);
  }

  /** Play and draw what it was, and what the visitor said. */
  mistake(given, level) {
    const both = [this.#answer, given];
    this.show("mistake", true);
    const ready = this.ready(both, level);
    const drawn = async () => {
      const build = await ready();
      const { picture } = this.test;
      const paths = picture ? both.map((answer) => picture(answer, level)) : this.all.map(wave);
      for (const [i, name] of ["ear-was", "ear-said"].entries()) {
        this.panel.draw(name, paths[i]);
        this.panel.part(name).setAttribute("transform", picture ? "" : `translate(0 ${48 * i})`);
      }
      return build;
    };
    this.play = drawn;
    const { playing } = this.lab;
    this.lab.use(drawn); // also when it is silent: Play plays both then
    if (!playing) drawn();
  }

  finish(verdict) {
    const test = this.test;
    const round = { day: new Date().toISOString().slice(0, 10), level: this.level, right: this.right, of: OF };
    keep(SCORES, { ...recall(SCORES, {}), [test.name]: [...scores(test.name), round].slice(-KEPT) });
    this.level = nextLevel(test, round);
    const at = test.unit(round.level);
    const passed = round.right >= test.pass ? ` You hear ${at}.` : "";
    const change = this.level === round.level ? "stays at" : "goes to";
    const next = `The next round ${change} ${test.unit(this.level)}.`;
    this.say(`${verdict} ${round.right} of ${OF} right at ${at}.${passed} ${next}`);
    this.lab.stop();
    this.play = undefined;
    this.history();
    if (test.met?.(passes)) this.lab.earned();
  }

  history() {
    const rounds = scores(this.test.name);
    const items = rounds
      .slice(-SHOWN)
      .reverse()
      .map((round) => {
        const item = document.createElement("li");
        item.textContent = `${round.day}: ${round.right} of ${round.of} at ${this.test.unit(round.level)}`;
        return item;
      });
    this.panel.part("ear-history").replaceChildren(...items);
    this.show("rounds", rounds.length > 0);
  }

  button([value, label]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.disabled = true;
    button.addEventListener("click", () => this.judge(value));
    return button;
  }

  open(yes) {
    for (const button of this.answers) button.disabled = !yes;
  }

  say(text) {
    this.panel.write("ear-status", text);
  }

  show(name, yes) {
    this.panel.part(`ear-${name}`).hidden = !yes;
  }
}

/** The outline of sounds one after the other, 44 units high. */
function wave(buffers) {
  const all = buffers.map(copyOf);
  return plot([0, 320], 639, (share) => {
    const samples = all[Math.min(all.length - 1, Math.floor(share * all.length))];
    const at = Math.floor(((share * all.length) % 1) * samples.length);
    const part = samples.subarray(at, at + samples.length / 320);
    return 24 - (Math.round(640 * share) % 2 ? -1 : 1) * Math.min(22, 70 * peak(part));
  });
}
