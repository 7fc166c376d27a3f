// A blind test: ten questions at one level, then a harder level or an easier one. The answer stays inside this module:
// nothing on the page, seen or unseen, gives it away.

import { loop, random, switcher } from "./engine.js";
import { choice, keep, recall } from "./lab.js";

const SCORES = "producerguide.ears"; // { <test>: [{ day, level, right, of }, …] }, oldest first
const TICKS = "producerguide.ticks"; // as static/js/checklist.js keeps them
const KEPT = 50;

export const OF = 10;

export const draw = (next, options) => options[Math.floor(next() * options.length)];

/** The level after a round: harder after a pass, easier when it was guessing. `levels` go from easy to hard. */
export function nextLevel({ levels, pass }, { level, right }) {
  const here = levels.indexOf(level);
  const step = right >= pass ? 1 : right < pass - 3 ? -1 : 0;
  return levels[Math.min(levels.length - 1, Math.max(0, here + step))];
}

export const scores = (name) => {
  const rounds = recall(SCORES, {})[name];
  return Array.isArray(rounds) ? rounds : [];
};

/** How often a round at this level or a harder one was passed. */
export const passes = ({ name, levels, pass }, level) =>
  scores(name).filter((round) => levels.indexOf(round.level) >= levels.indexOf(level) && round.right >= pass).length;

/**
 * `test`: { name, skill, levels, pass, options: { value: label }, unit(level), sounds(answer, level, next), met() }.
 * `sounds` resolves to one or more AudioBuffers of one length, which loop together; `met()` says whether the
 * scores in this browser are what the checklist asks for. Returns { enter() }, for when the visitor turns to the test.
 */
export function ear(lab, root, test, seed = crypto.getRandomValues(new Uint32Array(1))[0]) {
  const part = (name) => root.querySelector(`.ear-${name}`);
  const next = random(seed);
  const last = scores(test.name).at(-1);
  let level = last && test.levels.includes(last.level) ? nextLevel(test, last) : test.levels[0];
  let asked = 0;
  let right = 0;
  let answer;
  let heard;
  let play; // of the question that is open

  const listens = part("sounds")
    ? choice(root, `${test.name}-sound`, (which) => heard?.choose(Number(which)))
    : undefined;
  const answers = Object.entries(test.options).map(([value, label]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.disabled = true;
    button.addEventListener("click", () => judge(value));
    part("answers").append(button);
    return button;
  });
  const say = (text) => {
    part("status").textContent = text;
  };
  const open = (yes) =>
    answers.forEach((button) => {
      button.disabled = !yes;
    });

  async function ask() {
    if (asked === OF) asked = right = 0;
    asked += 1;
    answer = draw(next, Object.keys(test.options));
    part("next").hidden = true;
    part("tick").hidden = true;
    listens?.set("0");
    say(`Question ${asked} of ${OF}, ${test.unit(level)}. Listen, then answer.`);
    const buffers = test.sounds(answer, level, next);
    play = async () => {
      const all = await buffers;
      return (context) =>
        (heard = switcher(
          context,
          all.map((buffer) => loop(context, buffer)),
          Number(listens?.value ?? 0),
        ));
    };
    await lab.play(play);
    open(true);
    (part("sounds")?.querySelector("input") ?? answers[0]).focus();
  }

  function judge(given) {
    open(false);
    right += given === answer;
    const verdict =
      given === answer
        ? `Right: ${test.options[answer]}.`
        : `It was ${test.options[answer]}, and you said ${test.options[given]}.`;
    if (asked < OF) say(`${verdict} ${right} of ${asked} right so far.`);
    else finish(verdict);
    part("next").textContent = asked < OF ? "Next" : "Another round";
    part("next").hidden = false;
    part("next").focus();
  }

  function finish(verdict) {
    const round = { day: new Date().toISOString().slice(0, 10), level, right, of: OF };
    keep(SCORES, { ...recall(SCORES, {}), [test.name]: [...scores(test.name), round].slice(-KEPT) });
    level = nextLevel(test, round);
    const passed = right >= test.pass ? ` You hear ${test.unit(round.level)}.` : "";
    const change = level === round.level ? "The next round stays at" : `The next round goes to`;
    say(`${verdict} ${right} of ${OF} right at ${test.unit(round.level)}.${passed} ${change} ${test.unit(level)}.`);
    lab.stop();
    play = undefined;
    show();
    part("tick").hidden = !test.met() || recall(TICKS, []).includes(test.skill);
  }

  function show() {
    const rounds = scores(test.name);
    part("history").replaceChildren(
      ...rounds
        .slice(-5)
        .reverse()
        .map((round) => {
          const item = document.createElement("li");
          item.textContent = `${round.day}: ${round.right} of ${round.of} at ${test.unit(round.level)}`;
          return item;
        }),
    );
    part("rounds").hidden = rounds.length === 0;
  }

  part("next").addEventListener("click", ask);
  part("yes").addEventListener("click", () => {
    const ticks = recall(TICKS, []);
    if (!ticks.includes(test.skill)) keep(TICKS, [...ticks, test.skill]);
    part("tick").hidden = true;
    say("Ticked on your checklist.");
    part("next").focus();
  });
  part("no").addEventListener("click", () => {
    part("tick").hidden = true;
    part("next").focus();
  });
  show();
  return { enter: () => (play ? lab.use(play) : lab.stop()) };
}
