// Loads a lab’s code when a visitor reaches for its button. The sound starts inside the tap, as phones require, and sticks count
// until the first sound is made.

import { countIn } from "./sticks.js";

const section = document.querySelector(".lab");
const button = section?.querySelector(".lab-play");
let lab;
let made; // when its first sound was there, in the time of events

// The links carry the integrity of each module; import() then takes the modules they have fetched.
function reach() {
  if (lab) return;
  const code = section.querySelector("template").content;
  const url = code.lastElementChild.getAttribute("href");
  document.head.append(code);
  lab = import(url);
  const failed = () => {}; // it is reported when the lab is opened
  lab
    .then(({ prepare }) => prepare())
    .then(() => {
      made = performance.now();
    }, failed);
}

/** Sticks as loud as this browser keeps its labs; see labs/lab.js. */
function count(context) {
  const volume = new GainNode(context, { gain: 10 ** (kept() / 20) });
  volume.connect(context.destination);
  return countIn(context, volume);
}

function kept() {
  try {
    return Number(localStorage.getItem("producerguide.volume")) || 0;
  } catch {
    return 0; // storage is blocked
  }
}

async function open({ timeStamp }) {
  const closed = button.textContent;
  button.textContent = "Opening…";
  let end;
  try {
    // Otherwise the mute switch of an iPhone silences the page.
    if (navigator.audioSession) navigator.audioSession.type = "playback";
    const context = new AudioContext({ sampleRate: 48000 });
    context.resume().catch(() => {}); // the lab tells
    if (!(made < timeStamp)) end = count(context);
    reach();
    (await lab).mount(section, context).play(undefined, end);
  } catch {
    end?.();
    button.textContent = closed;
    section.querySelector(".lab-status").textContent =
      "The lab did not open. Reload the page to try again. The drawing and the text describe the sound.";
  }
}

for (const sign of ["pointerenter", "touchstart", "focus"])
  button?.addEventListener(sign, reach, { once: true, passive: true });
button?.addEventListener("click", open, { once: true });
