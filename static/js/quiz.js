// Number keys choose an option while the focus is in the question, and a lost connection is announced.
// The focus moves to the new heading without our help: it has autofocus, which htmx obeys.

const problem = document.getElementById("problem");

document.addEventListener("keydown", (event) => {
  const question = event.target.closest?.("#question");
  if (!question || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
  question.querySelectorAll(".option")[event.key - 1]?.click();
});

const say = (text) => () => {
  problem.textContent = text;
};
const safe = "Your answers so far are safe in the address of this page.";
document.addEventListener("htmx:sendError", say(`You seem to be offline. ${safe} Choose again when you are back.`));
document.addEventListener(
  "htmx:timeout",
  say(`The connection is slow, and this answer did not arrive. ${safe} Choose it again.`),
);
document.addEventListener("htmx:responseError", (event) => {
  const seconds = event.detail.xhr.getResponseHeader("Retry-After");
  if (seconds) say(`Many people are here at once. ${safe} Choose again in ${seconds} seconds.`)();
  else say(`Something went wrong on our side. ${safe} Choose again in a moment.`)();
});
document.addEventListener("htmx:afterSwap", say(""));

// Marks the result that follows as this browser’s own, for results.js.
const mine = () => {
  try {
    sessionStorage.setItem("producerguide.finishing", "1");
  } catch {
    // Storage is blocked or full.
  }
};
document.addEventListener("submit", (event) => {
  if (event.target.method === "post" || event.target.elements.change) mine();
});

// Counts where visitors leave the quiz: only the number of the question is sent. Answering or going back to an earlier
// question is not leaving. If an answer could not be sent, the visitor is still on the question.
let staying = false;
document.addEventListener("submit", () => {
  staying = true;
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("#question a")) staying = true;
});
for (const name of ["afterSwap", "sendError", "timeout", "responseError"]) {
  document.addEventListener(`htmx:${name}`, () => {
    staying = false;
  });
}
addEventListener("pagehide", () => {
  const number = document.getElementById("question").dataset.left;
  if (number && !staying) navigator.sendBeacon("/quiz/left/", number);
});
