// The next steps, ticked here and on the checklist alike. Which ones are next, the checklist knows: it is fetched once something is ticked.

import { has, KEY, load, minutesOf, place, save, withTick } from "./ticks.js";

async function stepsOf(checklist) {
  const response = await fetch(checklist);
  if (!response.ok) throw new Error(checklist);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return [...page.querySelectorAll(".skill")].flatMap((skill) =>
    [...skill.querySelectorAll(".steps li")].map((step) => ({
      id: `${skill.id.replace("skill-", "")}.${step.querySelector("input").value}`,
      skill: skill.querySelector("h3").textContent.trim(),
      at: `${checklist}#${skill.id}`,
      text: step.querySelector("label").textContent.trim(),
      minutes: minutesOf(step),
      done: step.querySelector("p").firstChild.textContent.trim(),
    })),
  );
}

function fill(row, step) {
  row.hidden = !step;
  if (!step) return;
  const [text, minutes, done] = row.querySelectorAll("span");
  row.querySelector("input").value = step.id;
  Object.assign(row.querySelector("a"), { href: step.at, textContent: step.skill });
  text.textContent = step.text;
  minutes.textContent = `${step.minutes} minutes`;
  done.textContent = step.done;
}

// "Your next three steps" of a result.
export class Next {
  constructor(list) {
    this.list = list;
    this.rows = [...list.children];
    this.status = list.parentElement.querySelector("[data-ticked]");
    this.all = null;
    this.ticks = [];
    this.pressed = new Map();
    addEventListener("storage", ({ key }) => {
      if (key === KEY || key === null) this.show();
    });
  }

  get boxes() {
    return this.rows.filter((row) => !row.hidden).map((row) => row.querySelector("input"));
  }

  async know() {
    this.all ??= await stepsOf(this.list.dataset.steps);
    return this.all;
  }

  // What is done makes room for what comes next, unless it was ticked here just now and may be taken back.
  async show() {
    this.ticks = load().ticks;
    for (const box of this.boxes) box.checked = has(this.ticks, box.value);
    if (!this.boxes.some((box) => box.checked)) return;
    try {
      const open = (await this.know()).filter(({ id }) => !has(this.ticks, id));
      this.rows.forEach((row, i) => {
        fill(row, open[i]);
        row.querySelector("input").checked = false;
      });
      if (!open.length) this.say("Nothing is left to do on this list. Go and make music.");
    } catch {
      // Without a network the ticks are shown where they are.
    }
  }

  async tick(id, done) {
    this.pressed.set(id, done);
    const of = `${id.split(".")[0]}.`;
    const steps = done ? [] : await this.know().catch(() => []);
    if (this.pressed.get(id) !== done) return; // ticked again before the checklist came
    const siblings = steps.map((step) => step.id).filter((one) => one.startsWith(of));
    const { ticks, keeps } = load();
    this.ticks = withTick(keeps ? ticks : this.ticks, id, done, siblings);
    for (const box of this.boxes) if (box.value === id) box.checked = done; // `show` may have cleared it since
    const kept = save(this.ticks, this.list.dataset.steps);
    if (!kept)
      this.say("This browser does not save anything for this page, so the tick will be gone when you close it.");
    else this.say(done ? "Done. It is ticked on the checklist too." : "To do again.");
    if (kept && this.boxes.every((box) => has(this.ticks, box.value))) this.show();
  }

  say(text) {
    this.status.textContent = text;
  }
}

// Home greets a browser that has ticks: what was finished last, and what is next.
export async function greet(line) {
  const { ticks } = load();
  const checklist = place() ?? line.dataset.checklist;
  const all = await stepsOf(checklist);
  const skills = new Map(all.map((step) => [step.id.split(".")[0], step.skill]));
  const texts = new Map(all.map((step) => [step.id, step.text]));
  const last = ticks.findLast((id) => skills.has(id) || texts.has(id));
  const next = all.find(({ id }) => !has(ticks, id));
  if (!last) return;
  line.querySelector("[data-finished]").textContent = skills.get(last) ?? sentence(texts.get(last));
  const to = line.querySelector("a");
  to.href = next?.at ?? checklist;
  to.textContent = next ? `${sentence(next.text)} (${next.minutes} minutes)` : "nothing is left. Go and make music";
  line.hidden = false;
}

const sentence = (text) => text.match(/^.*?(?=[.?!:](\s|$))/)?.[0] ?? text;
