// Buttons that play a song away from its result: <button data-hear="code role" hidden>, or of two codes the two songs together.
// The code of the song comes when somebody reaches for a button; the sound starts inside the tap, as phones require.

import { own } from "./results.js";

const buttons = [...document.querySelectorAll("[data-hear]")];
const [last] = own();
let songs;
let context;
let playing;

function reach() {
  if (songs) return songs;
  const code = document.getElementById("songs").content;
  const url = code.lastElementChild.getAttribute("href");
  document.head.append(code);
  songs = import(url);
  songs.catch(() => {}); // it is said when a button is pressed
  return songs;
}

function stop() {
  playing?.sound.stop();
  if (playing) playing.button.textContent = playing.said;
  playing = undefined;
}

// A playhead that stands over a drawing goes along with the song.
const head = document.querySelector("[data-head]");
const drawing = head?.ownerSVGElement.viewBox.baseVal.width;
const stands = head?.getBBox().x;

function follow(sound, seconds) {
  if (playing?.sound !== sound) return playing || head.removeAttribute("transform");
  const now = Math.max(0, context.currentTime - sound.starts());
  head.setAttribute("transform", `translate(${drawing * Math.min(1, now / seconds) - stands} 0)`);
  requestAnimationFrame(() => follow(sound, seconds));
}

async function hear(button) {
  const again = playing?.button === button;
  stop();
  if (again) return;
  const said = button.textContent;
  context ??= new AudioContext({ sampleRate: 48000 });
  context.resume().catch(() => {});
  try {
    const { arrangement, picksOf, play, score, together } = await reach();
    const [code, role, other] = button.dataset.hear.split(" ");
    const picks = other ? together(picksOf(code), picksOf(other)) : picksOf(code);
    stop(); // another button may have been pressed meanwhile
    const song = score(picks, role);
    const sound = play(context, song);
    playing = { button, said, sound };
    button.textContent = "Stop";
    if (head) follow(sound, arrangement(song).seconds);
    await sound.ended;
    if (playing?.sound === sound) stop();
  } catch {
    stop();
    button.textContent = "This browser cannot play it";
  }
}

for (const button of buttons) {
  button.hidden = false;
  if (last?.code && "own" in button.dataset) {
    button.dataset.hear = `${last.code} ${button.dataset.hear.split(" ")[1]}`;
    button.textContent = "Play the song of your last result";
  }
  for (const sign of ["pointerenter", "touchstart", "focus"])
    button.addEventListener(sign, reach, { once: true, passive: true });
  button.addEventListener("click", () => hear(button));
  button.parentElement.querySelector("svg")?.addEventListener("click", () => hear(button));
}
