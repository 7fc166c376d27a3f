// The browser remembers its own results; any other result is a friend's. Nothing of it leaves the browser.

const KEY = "producerguide.results";
const FINISHING = "producerguide.finishing"; // set by quiz.js when the last answer goes off

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
      localStorage.setItem(KEY, JSON.stringify([{ code, role }, ...own().filter((mine) => mine.code !== code)].slice(0, 10)));
    }
  } catch { /* a browser that keeps nothing: every result is a friend's */ }
  const [last] = own();
  if (!own().some((mine) => mine.code === code)) {
    const friend = document.querySelector("[data-friend]");
    friend.hidden = false;
    if (last) {
      const compare = friend.querySelector("[data-compare]");
      compare.hidden = false;
      compare.querySelector("a").href = `/compare/${last.code}/${code}/`;
    }
  } else document.querySelector("[data-again]").textContent = "Answer again";
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

const share = document.querySelector("[data-share]");
if (share && navigator.share) {
  share.hidden = false;
  share.addEventListener("click", () => {
    navigator.share({ title: share.dataset.share, url: document.getElementById("link").value }).catch(() => {});
  });
}
