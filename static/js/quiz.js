// Number keys choose an option while the focus is in the question, one gesture gives one answer, and a lost connection is
// announced. The focus moves to the new heading without our help: it has autofocus, which htmx obeys.

const problem = document.getElementById("problem");
const AGAIN = 1000; // ms; a form that is sent again sooner was sent by the same gesture

// question.css keeps pointers off a question for its first moment; keys wait as long.
const unread = (question) => getComputedStyle(question).pointerEvents === "none";

// Back or Forward pressed before htmx listens changes the address and leaves the question as it was.
const loaded = performance.getEntriesByType("navigation")[0]?.name.split("#")[0];
if (loaded?.startsWith(location.origin) && loaded !== location.href.split("#")[0]) location.reload();

document.addEventListener("keydown", (event) => {
  const question = event.target.closest?.("#question");
  if (!question || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
  event.preventDefault(); // Firefox can search the page for what is typed
  if (!event.repeat && !unread(question)) question.querySelectorAll(".option")[event.key - 1]?.click();
});

// Such a click goes through to the page, where it would take the focus from the heading.
document.addEventListener("mousedown", (event) => {
  if (unread(document.getElementById("question"))) event.preventDefault();
});

// Marks the result that follows as this browser’s own, for results.js: a pattern of its code. A friend’s result whose answer is
// being changed stays the friend’s, and what comes of it is nobody’s where this browser has a result of its own.
function expectResult({ a, change }) {
  const { outline } = a.dataset;
  if (!outline) return;
  try {
    const mine = (change && JSON.parse(localStorage.getItem("producerguide.results"))) ?? [];
    if (mine.length && !mine.some(({ code }) => code.startsWith(a.value))) return;
    sessionStorage.setItem("producerguide.finishing", `^${change ? `(?!${a.value})` : ""}${outline}$`);
  } catch {
    // Storage is blocked or full.
  }
}

// Counts where visitors leave the quiz: only the number of the question is sent. Answering or going back to an earlier
// question is not leaving. If an answer could not be sent, the visitor is still on the question.
let staying = false;
let sent = -AGAIN;
const rest = () => {
  staying = false;
  sent = -AGAIN;
};

document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.closest("#question")) return; // the search
    if (event.timeStamp - sent < AGAIN) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    sent = event.timeStamp;
    staying = true;
    expectResult(event.target.elements);
  },
  true, // before htmx
);
document.addEventListener("click", (event) => {
  if (event.target.closest?.("#question a")) staying = true;
});
addEventListener("popstate", ({ state }) => {
  if (state?.htmx) staying = true;
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) rest();
});
addEventListener("pagehide", () => {
  const number = document.getElementById("question").dataset.left;
  if (number && !staying) navigator.sendBeacon("/quiz/left/", number);
});

// The browser’s Back leads to the address that shows the question with the answer it was given.
document.addEventListener("htmx:beforeHistoryUpdate", ({ detail: { history: next, requestConfig } }) => {
  history.replaceState(history.state, "", `${next.path}&change=${requestConfig.elt.dataset.question}`);
});

const safe = "Your answers so far are safe in the address of this page.";
const messages = {
  afterSwap: "",
  sendError: `You seem to be offline. ${safe} Choose again when you are back.`,
  timeout: `The connection is slow, and this answer did not arrive. ${safe} Choose it again.`,
  responseError: `Something went wrong on our side. ${safe} Choose again in a moment.`,
};
const busy = (seconds) => `Many people are here at once. ${safe} Choose again in ${seconds} seconds.`;
for (const [name, message] of Object.entries(messages)) {
  document.addEventListener(`htmx:${name}`, ({ detail }) => {
    rest();
    const seconds = name === "responseError" && detail.xhr.getResponseHeader("Retry-After");
    problem.textContent = seconds ? busy(seconds) : message;
  });
}

// The answers as music, on request and remembered: each adds its part on the next bar.
const SOUND = "producerguide.sound";
const grow = document.querySelector("[data-grow]");
const LOST = "No sound came out: check the volume and the mute switch, then press the button again.";
const PATIENCE = 3000; // ms that a sound device may take
let growing;
let context;
let waiting; // until the sound device has begun

const silence = () =>
  growing?.then(
    (it) => it.stop(),
    () => {}, // nothing sounds
  );

function listen(on) {
  clearTimeout(waiting); // of the press before
  grow.setAttribute("aria-pressed", on);
  try {
    localStorage.setItem(SOUND, on ? "on" : "off");
  } catch {
    // Storage is blocked or full: the choice lasts until the page is left.
  }
  if (!on) return silence();
  const code = document.getElementById("growing").content;
  const url = code.lastElementChild?.getAttribute("href");
  context ??= new AudioContext({ sampleRate: 48000 });
  // Inside the tap, as phones require, and after a call again.
  context.resume().then(
    () => context.state === "running" && clearTimeout(waiting),
    () => {}, // it is said below
  );
  waiting = setTimeout(() => {
    if (context.state === "running") return;
    grow.setAttribute("aria-pressed", false);
    silence();
    problem.textContent = LOST;
  }, PATIENCE);
  document.head.append(code);
  growing ??= import(url).then(({ Growing }) => new Growing(context));
  hear();
}

function hear() {
  const { value } = document.querySelector("#question [name=a]");
  growing?.then(
    (it) => it.hear(value),
    () => {
      grow.hidden = true; // the code did not come; the drawing stays
    },
  );
}

if (grow && window.AudioContext) {
  grow.hidden = false;
  grow.addEventListener("click", () => listen(grow.getAttribute("aria-pressed") === "false"));
  document.addEventListener("htmx:afterSwap", () => {
    if (grow.getAttribute("aria-pressed") === "true") hear();
  });
  const remembered = () => {
    try {
      return localStorage.getItem(SOUND) === "on";
    } catch {
      return false;
    }
  };
  // A browser lets a page sound only after a gesture on it. A click is one by keyboard too; the start of a touch is none on iOS.
  const first = ({ target }) => target !== grow && listen(true);
  const arm = () => remembered() && addEventListener("click", first, { once: true });
  arm();
  addEventListener("pagehide", () => {
    clearTimeout(waiting);
    grow.setAttribute("aria-pressed", false); // or Back would bring a page that sounds
    silence();
  });
  addEventListener("pageshow", ({ persisted }) => persisted && arm());
}
