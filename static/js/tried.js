// What somebody made of the auditions, as in ?tried=, kept in this browser: it is there when the quiz is taken later.

const KEY = "producerguide.tried";
const RIGHT = /^[0-9a-c]{3,8}$/;

function kept() {
  try {
    const text = localStorage.getItem(KEY) ?? "";
    return RIGHT.test(text) ? text : "";
  } catch {
    return "";
  }
}

/** What was tried last counts; what was not tried again stays as it was. */
export const merged = (before, now) =>
  before.length === now.length ? [...now].map((one, i) => (one === "0" ? before[i] : one)).join("") : now;

function keep(text) {
  try {
    localStorage.setItem(KEY, merged(kept(), text));
  } catch {
    // Storage is blocked or full: the address still has it.
  }
}

/** On a result of one’s own, which says nothing of auditions: a link that puts them beside it. */
export function offer(line) {
  const text = kept();
  if (!line || !text) return;
  const link = line.querySelector("[data-beside-answers]");
  link.href = `${location.pathname}?tried=${text}`;
  link.hidden = false;
}

const said = document.querySelector("[data-tried]")?.dataset.tried;
if (said) keep(said);
