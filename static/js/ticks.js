// Ticks are kept in this browser by the ids of skills, and of steps as "skill.step", so that editing the content loses none: what this
// release does not know stays, and is counted nowhere. They are in the order in which they were ticked.

export const KEY = "producerguide.ticks";
const PLACE = "producerguide.checklist"; // the checklist on which something was ticked last

export function load() {
  let text, value;
  try {
    text = localStorage.getItem(KEY) ?? "[]";
  } catch {
    return { ticks: [], keeps: false, sound: true };
  }
  try {
    value = JSON.parse(text);
  } catch {
    // It is not sound.
  }
  const sound = Array.isArray(value);
  return { ticks: sound ? value : [], keeps: true, sound };
}

export function save(ticks, place) {
  try {
    localStorage.setItem(KEY, JSON.stringify(ticks));
    localStorage.setItem(PLACE, place);
    return true;
  } catch {
    return false;
  }
}

export function place() {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return null;
  }
}

// A skill that is done has all its steps done.
export const has = (ticks, id) => ticks.includes(id) || ticks.includes(id.split(".")[0]);

// How long the step of a checklist takes, whose text says so: "4 × 120 minutes".
export function minutesOf(step) {
  const [, times = 1, minutes] = step.querySelector("small").textContent.match(/(?:(\d+) × )?(\d+) minutes/);
  return times * minutes;
}

// The ticks with one more or one less. `steps` are the ids of the steps of the same skill: a step that is taken back takes back the skill
// and leaves the others; a skill that is taken back takes back its steps.
export function withTick(ticks, id, done, steps) {
  const [skill, step] = id.split(".");
  const others = ticks.filter((one) => one !== id);
  if (done) return [...others, id];
  if (!step) return others.filter((one) => !steps.includes(one));
  if (!others.includes(skill)) return others;
  const kept = steps.filter((one) => one !== id && !others.includes(one));
  return [...others.filter((one) => one !== skill), ...kept];
}
