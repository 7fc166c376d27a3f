// What every page has. It fetches what is needed next, and not before: a page when a pointer rests on its link or the focus
// reaches it, and the script of a form when its part is opened: <details data-needs="id of a template with the script">.
// The button for the theme, which first.js has set. "/" puts the cursor into the search, as on many sites. Last, the service worker is set
// up, unless it was switched off.

const fetched = new Set([location.pathname]);
function prefetch({ target }) {
  const link = target.closest?.("a[href]");
  if (!link || link.origin !== location.origin || link.protocol === "blob:") return;
  if (fetched.has(link.pathname) || navigator.connection?.saveData) return;
  fetched.add(link.pathname);
  const hint = document.createElement("link");
  hint.rel = "prefetch";
  hint.href = link.pathname + link.search;
  document.head.append(hint);
}
document.addEventListener("pointerover", prefetch);
document.addEventListener("focusin", prefetch);

const answers = (form) => String(new URLSearchParams(new FormData(form)));

function changed(form) {
  const fresh = form.cloneNode(true);
  fresh.reset();
  return answers(form) !== answers(fresh);
}

function open({ target: part }) {
  const template = document.getElementById(part.dataset?.needs);
  if (!template) return;
  const form = part.querySelector("form");
  template.content.firstElementChild.addEventListener("load", () => {
    // Replay a change made before the script loaded; one may come even before the browser tells that the part is open.
    if (changed(form)) form.dispatchEvent(new Event("change"));
  });
  document.head.append(template.content);
  template.remove();
}
document.addEventListener("toggle", open, true); // it does not bubble
for (const target of document.querySelectorAll("details[open]")) open({ target }); // before this script had come

const THEMES = ["system", "dark", "light"];
const KEY = "producerguide.theme";
const { dataset } = document.documentElement;
const button = document.getElementById("theme");

function nameTheme() {
  button.querySelector("span").textContent = dataset.theme ?? "system";
}

function nextTheme() {
  const next = THEMES[(THEMES.indexOf(dataset.theme ?? "system") + 1) % THEMES.length];
  if (next === "system") delete dataset.theme;
  else dataset.theme = next;
  nameTheme();
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage is blocked or full: the choice lasts for this page.
  }
}

// The browser’s Back can bring a page that was kept as it was, and another may have changed the theme since.
function readTheme() {
  try {
    const theme = localStorage.getItem(KEY);
    if (theme === "dark" || theme === "light") dataset.theme = theme;
    else delete dataset.theme;
  } catch {
    // Storage is blocked: what was chosen here stays.
  }
  nameTheme();
}

if (button) {
  nameTheme();
  button.hidden = false;
  button.addEventListener("click", nextTheme);
  addEventListener("pageshow", ({ persisted }) => persisted && readTheme());
}

try {
  if (!localStorage.getItem("producerguide.offline")) navigator.serviceWorker?.register("/sw.js").catch(() => {});
} catch {
  // Without storage it could not be switched off.
}

addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const field = [...document.querySelectorAll("input[type=search][name=q]")].find((one) => one.getClientRects().length);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
