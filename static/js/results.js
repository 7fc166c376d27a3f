// The browser remembers its own results; any other result is a friend’s. Nothing of this leaves the browser.

const KEY = "producerguide.results";
const FINISHING = "producerguide.finishing"; // set by quiz.js when the last answer is sent

function own() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

const result = document.querySelector("[data-code]");
if (result) {
  const { code, role } = result.dataset;
  try {
    if (sessionStorage.getItem(FINISHING)) {
      sessionStorage.removeItem(FINISHING);
      localStorage.setItem(
        KEY,
        JSON.stringify([{ code, role }, ...own().filter((mine) => mine.code !== code)].slice(0, 10)),
      );
    }
  } catch {
    // Storage is blocked or full: every result is treated as a friend’s.
  }
  const [last] = own();
  if (!own().some((mine) => mine.code === code)) {
    const friend = document.querySelector("[data-friend]");
    friend.hidden = false;
    if (last) {
      const compare = friend.querySelector("[data-compare]");
      compare.hidden = false;
      compare.querySelector("a").href = `/compare/${last.code}/${code}/`;
    }
  }
}

const home = document.querySelector("[data-last]");
if (home && own().length) {
  const [last] = own();
  const link = home.querySelector("a");
  link.href = `/result/${last.code}/`;
  link.textContent = last.role;
  home.hidden = false;
  home.querySelector("button").addEventListener("click", () => {
    localStorage.removeItem(KEY);
    home.textContent = "Forgotten.";
  });
}
