// The theme that was chosen here, set before anything is drawn: this is the one script that a page waits for.

const KEY = "producerguide.theme";
const THEMES = ["system", "dark", "light"];
const root = document.documentElement;

function chosen() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function apply(theme) {
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  else delete root.dataset.theme;
}

apply(chosen());

document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  const name = (theme) => {
    button.querySelector("span").textContent = theme;
  };
  name(root.dataset.theme ?? "system");
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? "system") + 1) % THEMES.length];
    apply(next);
    name(next);
    try {
      localStorage.setItem(KEY, next);
    } catch {
      /* it holds for this page */
    }
  });
});

// The next page is fetched when a pointer rests on its link or the focus reaches it, and not before.
const fetched = new Set([location.pathname]);
function prefetch({ target }) {
  const link = target.closest?.("a[href]");
  if (!link || link.origin !== location.origin || fetched.has(link.pathname) || navigator.connection?.saveData) return;
  fetched.add(link.pathname);
  const hint = document.createElement("link");
  hint.rel = "prefetch";
  hint.href = link.pathname + link.search;
  document.head.append(hint);
}
document.addEventListener("pointerover", prefetch);
document.addEventListener("focusin", prefetch);
