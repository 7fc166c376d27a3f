// The browser remembers its own results; any other result is a friend’s. Nothing of this leaves the browser.

const KEY = "producerguide.results";
const FINISHING = "producerguide.finishing"; // set by quiz.js when the last answer is sent: a pattern of the code

function own() {
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

function showResult({ code }) {
  const results = own();
  const friend = document.querySelector("[data-friend]");
  const compare = friend.querySelector("[data-compare]");
  friend.hidden = results.some((mine) => mine.code === code);
  document.querySelector("[data-again]").textContent = friend.hidden ? "Answer again" : "Take the quiz yourself";
  compare.hidden = !results.length;
  if (results.length) compare.querySelector("a").href = `/compare/${results[0].code}/${code}/`;
}

function showLast(line) {
  const [last] = own();
  const link = line.querySelector("a");
  line.hidden = !last;
  if (!last || !link) return; // the link goes when the results are forgotten
  link.href = `/result/${last.code}/`;
  link.textContent = last.role;
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
  if (location.pathname !== address) history.replaceState(history.state, "", address);
}
line?.querySelector("button").addEventListener("click", () => {
  localStorage.removeItem(KEY);
  line.textContent = "Forgotten.";
});
show();
// The browser’s Back can bring a page that was kept as it was.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) show();
});
