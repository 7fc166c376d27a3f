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

async function hear(button) {
  const again = playing?.button === button;
  stop();
  if (again) return;
  const said = button.textContent;
  context ??= new AudioContext({ sampleRate: 48000 });
  context.resume().catch(() => {});
  try {
    const { picksOf, play, score, together } = await reach();
    const [code, role, other] = button.dataset.hear.split(" ");
    const picks = other ? together(picksOf(code), picksOf(other)) : picksOf(code);
    stop(); // another button may have been pressed meanwhile
    playing = { button, said, sound: play(context, score(picks, role)) };
    button.textContent = "Stop";
    const { sound } = playing;
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
}
