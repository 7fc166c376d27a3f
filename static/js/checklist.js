// The checklist: ticks of skills and of the steps inside them. A link takes those of the skills elsewhere.

import { has, KEY, load, minutesOf, save, withTick } from "./ticks.js";

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

const byId = (id) => document.getElementById(id);
const checklist = byId("checklist");
const boxes = [...checklist.querySelectorAll("h3 [type=checkbox]")]; // of skills
const steps = [...checklist.querySelectorAll(".steps [type=checkbox]")];
for (const step of steps) step.value = `${step.closest(".skill").id.replace("skill-", "")}.${step.value}`;
const here = new Set([...boxes, ...steps].map((box) => box.value));
const device = byId("device");
const link = byId("link");
const reset = byId("reset");
const undo = byId("undo");

let ticks = []; // of all checklists, not only of this one
let keeps = true;
let cleared = [];

const row = (box) => box.closest("li");
const name = (box) => box.labels[0].textContent.trim();
const stepsOf = (box) => [...row(box).querySelectorAll(".steps [type=checkbox]")];
const skillOf = (step) => row(step.closest(".steps")).querySelector("h3 [type=checkbox]");
const done = () => boxes.filter((box) => box.checked);
const open = () => boxes.filter((box) => !box.checked);
const chosen = () => checklist.querySelector("[name=show]:checked").value;
const count = (number) => `${number} tick${number === 1 ? "" : "s"}`;
const progress = (of) => {
  const finished = of.filter((box) => box.checked).length;
  const left = of.flatMap((box) => (box.checked ? [] : stepsOf(box))).filter((step) => !step.checked);
  const hours = Math.round(left.reduce((sum, step) => sum + minutesOf(row(step)), 0) / 60);
  return { share: finished / of.length, text: `${finished} of ${of.length} done, ${hours} hours left` };
};
const say = (text) => {
  byId("status").textContent = text;
};

// Called before every change, because another tab may have changed the ticks.
function read() {
  if (!keeps) return;
  const found = load();
  keeps = found.keeps;
  if (keeps) ticks = found.ticks;
  if (!found.sound) say("The ticks saved in this browser could not be read, so the list starts empty.");
}

function write(next) {
  ticks = next;
  keeps = keeps && save(ticks, location.pathname);
  show();
}

function check() {
  for (const step of steps) step.checked = has(ticks, step.value);
  // A skill is done when it is ticked, or when all of its steps are.
  for (const box of boxes) box.checked = ticks.includes(box.value) || stepsOf(box).every((step) => step.checked);
}

function showNext() {
  const left = open().flatMap((box) => stepsOf(box).filter((step) => !step.checked));
  byId("next")
    .querySelectorAll("a")
    .forEach((next, i) => {
      next.parentElement.hidden = !left[i];
      if (!left[i]) return;
      const skill = skillOf(left[i]);
      next.hash = row(skill).id;
      next.textContent = `${name(skill)}: ${name(left[i])}`;
    });
}

function show() {
  check();
  for (const meter of checklist.querySelectorAll("[data-of]")) {
    const { share, text } = progress(boxes.filter((box) => byId(meter.dataset.of).contains(box)));
    meter.querySelector(".meter-level").setAttribute("d", `M0 2H${100 * share}`);
    meter.querySelector(".meter-value").textContent = text;
  }
  showNext();
  byId("finished").hidden = open().length > 0;
  byId("lost").hidden = keeps;
  reset.disabled = ![...boxes, ...steps].some((box) => box.checked);
  link.value = `${checklist.dataset.link}#t=${encode()}`;
  filter();
  drawCode();
}

function filter() {
  const which = chosen();
  for (const box of boxes) row(box).hidden = which !== "all" && box.checked !== (which === "done");
}

// Skill number n is bit n - 1, five bits a character, the lowest first.
function encode() {
  const digits = [];
  for (const box of done()) {
    const bit = box.dataset.number - 1;
    digits[Math.floor(bit / 5)] |= 1 << (bit % 5);
  }
  return Array.from(digits, (digit) => DIGITS[digit ?? 0]).join("");
}

function decode(code) {
  const byNumber = new Map(boxes.map((box) => [Number(box.dataset.number), box.value]));
  const found = [];
  let unknown = false;
  const forgiven = code.toLowerCase().replace(/o/g, "0").replace(/[il]/g, "1");
  for (const [place, character] of [...forgiven].entries()) {
    const digit = DIGITS.indexOf(character);
    for (let bit = 0; bit < 5; bit++) {
      const id = byNumber.get(5 * place + bit + 1);
      if (digit < 0 || ((digit >> bit) & 1 && !id)) unknown = true;
      else if ((digit >> bit) & 1) found.push(id);
    }
  }
  return { found, unknown };
}

// Programs that pass a link on escape it, change its case, and add trackers and punctuation.
function inLink() {
  // Unlike decodeURIComponent, URLSearchParams takes any text.
  const hash = new URLSearchParams(`hash=${location.hash.replaceAll("&", "%26")}`).get("hash");
  const [, code] = hash.match(/[#&?]t=([^#&?\s]*)/i) ?? [];
  return code?.replace(/^[^a-z\d]+|[^a-z\d]+$/gi, "");
}

function takeFromLink() {
  const code = inLink();
  if (code === undefined) return;
  read();
  const { found, unknown } = decode(code);
  const fresh = found.filter((id) => !ticks.includes(id));
  if (fresh.length) write([...ticks, ...fresh]);
  history.replaceState(history.state, "", location.pathname + location.search);
  let message = "The link brought no ticks for this list.";
  if (fresh.length) message = `${count(fresh.length)} came in with the link and joined yours.`;
  else if (found.length) message = "All the ticks in the link were here already.";
  if (unknown) message += " Part of the link was not recognised and was left out. Your own ticks are all still here.";
  say(message);
}

async function drawCode() {
  if (!device.open) return;
  try {
    const { draw } = await import("./qr.js");
    draw(byId("qr"), link.value);
    byId("no-qr").hidden = true;
  } catch {
    byId("no-qr").hidden = false;
  }
}

function again() {
  read();
  show();
}

function change(box) {
  const { value, checked } = box;
  const skill = boxes.includes(box) ? box : skillOf(box);
  read();
  const siblings = stepsOf(skill).map((step) => step.value);
  write(withTick(ticks, value, checked, siblings));
  say(`${name(box)}: ${checked ? "done" : "to do"}. ${progress(boxes).text}.`);
  if (!row(skill).hidden) return;
  const place = boxes.indexOf(skill);
  const near = [...boxes.slice(place), ...boxes.slice(0, place).reverse()].find((other) => !row(other).hidden);
  (near ?? checklist.querySelector("[name=show]:checked")).focus();
}

checklist.addEventListener("change", ({ target }) => {
  if (target.name === "show") {
    filter();
    say(`Showing ${boxes.filter((box) => !row(box).hidden).length} of ${boxes.length} skills.`);
  } else if (here.has(target.value)) change(target);
});

byId("next").addEventListener("click", ({ target }) => {
  const skill = byId(target.hash?.slice(1));
  if (!skill) return;
  skill.querySelector(".steps").open = true;
  if (chosen() !== "done") return;
  byId("show-all").checked = true;
  filter();
});

byId("print").hidden = !window.print;
byId("print").addEventListener("click", () => print());

reset.addEventListener("click", () => {
  read();
  cleared = ticks.filter((id) => here.has(id));
  write(ticks.filter((id) => !here.has(id)));
  undo.hidden = false;
  undo.focus();
  say(`${count(cleared.length)} cleared. The foundations are cleared on the other two lists as well.`);
});

undo.addEventListener("click", () => {
  read();
  write([...ticks, ...cleared.filter((id) => !ticks.includes(id))]);
  undo.hidden = true;
  reset.focus();
  say(`${count(cleared.length)} brought back.`);
});

device.addEventListener("toggle", drawCode);
device.addEventListener("toggle", () => import("./buttons.js").catch(() => {}), { once: true });
window.addEventListener("hashchange", takeFromLink);
window.addEventListener("storage", ({ key }) => {
  if (key === KEY || key === null) again();
});
// Some browsers restore boxes as they last stood in this tab, after the scripts have run.
window.addEventListener("pageshow", again);

again();
takeFromLink();
byId("tools").classList.add("ready");
