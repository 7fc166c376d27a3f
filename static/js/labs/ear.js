// A blind test: ten questions at one level, then a harder level or an easier one. The answer stays in a private field:
// nothing on the page, visible or not, gives it away.

import { loop, random, switcher } from "./engine.js";
import { keep, recall } from "./lab.js";

const SCORES = "producerguide.ears"; // { <test>: [{ day, level, right, of }, …] }, oldest first
const TICKS = "producerguide.ticks"; // as static/js/checklist.js keeps them
const KEPT = 50;
const SHOWN = 5;

export const OF = 10;

export const draw = (next, options) => options[Math.floor(next() * options.length)];

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

/**
 * `test`: { name, skill, levels, pass, options: { value: label }, unit(level), sounds(answer, level, next), met() }.
 * `sounds` resolves to one or more AudioBuffers of one length, which loop together; `met()` says whether the scores in
 * this browser are what the checklist asks for, and is left out where no test in a browser can show that.
 */
export class Ear {
  #answer;
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
    if (panel.part("ear-sounds")) {
      this.listens = panel.choice(`${test.name}-sound`, (which) => this.heard?.choose(Number(which)));
    }
    panel.press("ear-next", () => this.ask());
    panel.press("ear-yes", () => this.tick());
    panel.press("ear-no", () => {
      this.show("tick", false);
      panel.part("ear-next").focus();
    });
    this.history();
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
    this.show("next", false);
    this.show("tick", false);
    this.listens?.set("0");
    this.say(`Question ${this.asked} of ${OF}, ${this.test.unit(this.level)}. Listen, then answer.`);
    this.play = this.ready(this.test.sounds(this.#answer, this.level, this.next));
    await this.lab.play(this.play);
    this.open(true);
    const [first] = [...this.panel.parts(".ear-sounds input"), ...this.answers];
    first.focus();
  }

  ready(buffers) {
    return async () => {
      const all = await buffers;
      return (context) => {
        const loops = all.map((buffer) => loop(context, buffer));
        this.heard = switcher(context, loops, Number(this.listens?.value ?? 0));
        return this.heard;
      };
    };
  }

  judge(given) {
    const { options } = this.test;
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
    this.show("tick", test.met?.() && !recall(TICKS, []).includes(test.skill));
  }

  tick() {
    const ticks = recall(TICKS, []);
    if (!ticks.includes(this.test.skill)) keep(TICKS, [...ticks, this.test.skill]);
    this.show("tick", false);
    this.say("Ticked on your checklist.");
    this.panel.part("ear-next").focus();
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

/**
 * The steps of a lab, a choice by that name. All play `ready`, except "test", which is the blind test in the part "ear".
 * `draw` is called on every change of step. Returns { value, heard, enter() }; `heard` is true while something sounds
 * that the drawing may show.
 */
export function steps(lab, panel, name, { ready, test, draw = () => {} }) {
  const trial = new Ear(lab, panel.within("ear"), test);
  const control = panel.choice(name, enter);
  function enter() {
    draw();
    if (control.value === "test") trial.enter();
    else lab.use(ready);
  }
  return {
    get value() {
      return control.value;
    },
    get heard() {
      return lab.playing && control.value !== "test";
    },
    enter,
  };
}
