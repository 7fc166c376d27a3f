// Plays a song away from its result, for the buttons that results.js prepares.

const PATIENCE = 3000; // ms that a sound device may take

let songs;
let playing;

export function reach() {
  if (songs) return songs;
  const code = document.getElementById("songs").content;
  const url = code.lastElementChild.getAttribute("href");
  document.head.append(code);
  songs = import(url);
  songs.catch(() => {}); // it is said when a button is pressed
  return songs;
}

function stop() {
  if (!playing) return;
  const { button, context, said, sound } = playing;
  playing = undefined;
  sound.stop();
  button.textContent = said;
  // A running context keeps a phone awake even when it is silent.
  setTimeout(() => playing || context.suspend(), 300);
}
addEventListener("pagehide", stop); // or Back would bring a page that sounds

// A playhead that stands over a drawing goes along with the song.
const head = document.querySelector("[data-head]");
const drawing = head?.ownerSVGElement.viewBox.baseVal.width;
const stands = head?.getBBox().x;

function follow(sound, context, seconds) {
  if (playing?.sound !== sound) return playing || head.removeAttribute("transform");
  const now = Math.max(0, context.currentTime - sound.starts());
  head.setAttribute("transform", `translate(${drawing * Math.min(1, now / seconds) - stands} 0)`);
  requestAnimationFrame(() => follow(sound, context, seconds));
}

// No device, or a call or another program has taken it away.
function watch(sound, context, heard = performance.now()) {
  if (playing?.sound !== sound) return;
  const { button } = playing;
  const now = performance.now();
  if (context.state === "running") setTimeout(watch, 500, sound, context, now);
  else if (now < heard + PATIENCE) setTimeout(watch, 500, sound, context, heard);
  else {
    stop();
    button.textContent = "No sound came out. Try again";
  }
}

export async function hear(button, context) {
  const again = playing?.button === button;
  stop();
  if (again) return;
  button.dataset.said ??= button.textContent; // not what a failure wrote there
  const { said } = button.dataset;
  let code;
  try {
    code = await reach();
    const { arrangement, picksOf, play, score, together } = code;
    const [first, role, other] = button.dataset.hear.split(" ");
    const picks = other ? together(picksOf(first), picksOf(other)) : picksOf(first);
    stop(); // another button may have been pressed meanwhile
    context.resume().catch(() => {}); // a stop shortly before may have put it to sleep since the press
    const song = score(picks, role);
    const sound = play(context, song, context.destination, button.dataset.stage);
    playing = { button, context, said, sound };
    button.textContent = "Stop";
    watch(sound, context);
    if (head) follow(sound, context, arrangement(song).seconds);
    await sound.ended;
    if (playing?.sound === sound) stop();
  } catch ({ message }) {
    stop();
    // A worker whose code did not come fails without a message.
    button.textContent = code && message ? "This browser cannot play it" : "Reload to play";
  }
}
