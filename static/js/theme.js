// Sets the chosen theme before anything is drawn. This is the only script that a page waits for: keep it short.

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
      // Storage is blocked or full: the choice lasts for this page.
    }
  });
});
