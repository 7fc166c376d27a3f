// What only the browser knows of a result: whose it is, on which days its plan falls, and which of its steps are done. Nothing of this
// leaves the browser.
// It remembers its own results; any other result is a friend’s.

const KEY = "producerguide.results";
const FINISHING = "producerguide.finishing"; // set by quiz.js when the last answer is sent: a pattern of the code

export function own() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function adopt({ code, role }) {
  try {
    const pattern = sessionStorage.getItem(FINISHING);
    if (!pattern || !new RegExp(pattern).test(code)) return;
    sessionStorage.removeItem(FINISHING);
    const others = own().filter((mine) => mine.code !== code);
    localStorage.setItem(KEY, JSON.stringify([{ code, role }, ...others].slice(0, 10)));
  } catch {
    // Storage is blocked or full: every result is treated as a friend’s.
  }
}

// Code of the song comes when somebody reaches for it; the sound starts inside the tap, as phones require.
let context;
function audio(button) {
  if (!globalThis.AudioContext) {
    button.textContent = "This browser cannot play it";
    return undefined;
  }
  context ??= new AudioContext({ sampleRate: 48000 });
  context.resume().catch(() => {}); // the player tells
  return context;
}

function onReach(part, reach) {
  for (const sign of ["pointerenter", "touchstart", "focusin"])
    part.addEventListener(sign, () => reach().catch(() => {}), { once: true, passive: true });
}

function prepareSong(section, button) {
  let player;
  let opening;
  const failed = () => {
    button.textContent = "Reload to play";
  };
  const reach = () => {
    if (player) return player;
    const code = section.querySelector("template").content;
    const url = code.lastElementChild.getAttribute("href");
    document.head.append(code);
    player = import(url).then(({ mount }) => mount(section, button));
    player.catch(failed);
    return player;
  };
  onReach(section, reach);
  onReach(button, reach);
  const hear = (other) => {
    const sound = audio(button);
    if (!sound || opening) return; // a second press before the code is there would stop what the first starts
    opening = true;
    button.textContent = "Opening…";
    const toggle = (it) => {
      opening = false;
      return it.toggle(sound, other);
    };
    reach().then(toggle).catch(failed);
  };
  button.hidden = false;
  button.addEventListener("click", () => hear());
  section.addEventListener("click", ({ target }) => {
    if (target.dataset?.other) hear(target.dataset);
  });
}

// Away from its result a song has a button: <button data-hear="code role" hidden>, or two codes for two songs together.
function prepareHear(button) {
  const reach = () => import("./hear.js");
  const hear = () => {
    const sound = audio(button);
    if (!sound) return;
    reach().then(
      (it) => it.hear(button, sound),
      () => {
        button.textContent = "Reload to play";
      },
    );
  };
  const [last] = own();
  if (last?.code && "own" in button.dataset) {
    button.dataset.hear = `${last.code} ${button.dataset.hear.split(" ")[1]}`;
    button.textContent = "Play the song of your last result";
  }
  button.hidden = false;
  onReach(button, () => reach().then((it) => it.reach()));
  button.addEventListener("click", hear);
  button.parentElement.querySelector("svg")?.addEventListener("click", hear);
}

function showResult({ code }) {
  const results = own();
  const friend = document.querySelector("[data-friend]");
  if (!friend) return; // put away
  const compare = friend.querySelector("[data-compare]");
  friend.hidden = results.some((mine) => mine.code === code);
  document.querySelector("[data-again]").textContent = friend.hidden ? "Answer again" : "Take the quiz yourself";
  compare.hidden = !results.length;
  friend.querySelector("[data-away]").onclick = () => friend.remove();
  if (friend.hidden) import("./tried.js").then(({ offer }) => offer(document.querySelector("[data-untried]")));
  document.querySelector(".you-are").textContent = friend.hidden ? "You are a" : "Your friend is a";
  if (!results.length || friend.hidden) return;
  for (const link of [compare.querySelector("a"), document.querySelector("[data-beside]")]) {
    link.href = `/compare/${results[0].code}/${code}/`;
  }
}

function showLast(line) {
  const [last] = own();
  const link = line.querySelector("a");
  line.hidden = !last;
  if (!last || !link) return; // the link goes when the results are forgotten
  link.href = `/result/${last.code}/`;
  link.textContent = last.role;
}

const format = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const DAY = 24 * 60 * 60 * 1000;

const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });

function showDates(start) {
  for (const place of document.querySelectorAll("[data-day]")) {
    const day = new Date(start.valueAsNumber + place.dataset.day * DAY);
    place.textContent = Number.isNaN(day.valueOf()) ? `Day ${+place.dataset.day + 1}` : weekday.format(day);
  }
  for (const place of document.querySelectorAll("[data-weeks]")) {
    const day = new Date(start.valueAsNumber + (7 * place.dataset.weeks - 1) * DAY);
    place.textContent = Number.isNaN(day.valueOf()) ? "" : `, ${format.format(day)}`;
  }
}

// The plan starts next Monday, or on the day that is chosen.
function startPlan(start) {
  const now = new Date();
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  if (!start.value) start.valueAsNumber = today + ((8 - now.getDay()) % 7 || 7) * DAY;
  start.addEventListener("input", () => showDates(start));
  addEventListener("pageshow", () => showDates(start)); // some browsers restore the field after the scripts have run
  // A calendar takes the plan that was made last for the right one.
  start.form.addEventListener("formdata", ({ formData }) => formData.set("made", Math.floor(Date.now() / 1000)));
  showDates(start);
}

// The code for ticks comes when there are some, or when the first is made.
function prepareSteps(list) {
  let next;
  const reach = () => {
    next ??= import("./next.js").then(({ Next }) => new Next(list));
    return next;
  };
  // As it is now: until the code is there, more may be ticked.
  const tick = ({ value, checked }) => reach().then((it) => it.tick(value, checked));
  list.addEventListener("change", ({ target }) => tick(target));
  for (const box of list.querySelectorAll(":checked")) tick(box); // before this script came
  if (ticked()) reach().then((it) => it.show());
}

function ticked() {
  try {
    return localStorage.getItem("producerguide.ticks");
  } catch {
    return null;
  }
}

const result = document.querySelector("[data-code]");
const line = document.querySelector("[data-last]");

function show() {
  if (result) showResult(result.dataset);
  if (line) showLast(line);
}

if (result) {
  adopt(result.dataset);
  // A page that answers a form has an address of its own.
  const address = `/result/${result.dataset.code}/`;
  if (location.pathname !== address) history.replaceState(history.state, "", address + location.search);
  prepareSteps(document.querySelector("[data-steps]"));
  prepareSong(document.querySelector("[data-song]"), document.querySelector("[data-play]"));
}
for (const button of document.querySelectorAll("[data-hear]")) prepareHear(button);
const back = document.querySelector("[data-back]");
if (back && ticked()) import("./next.js").then(({ greet }) => greet(back)).catch(() => {});
const start = document.querySelector("[data-next-monday]");
if (start) startPlan(start);
line?.querySelector("button").addEventListener("click", () => {
  localStorage.removeItem(KEY);
  line.textContent = "Forgotten.";
});
show();
// The browser’s Back can bring a page that was kept as it was.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) show();
});
