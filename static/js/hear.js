// Plays a song away from its result, for the buttons that results.js prepares.

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
  playing?.sound.stop();
  if (playing) playing.button.textContent = playing.said;
  playing = undefined;
}

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

export async function hear(button, context) {
  const again = playing?.button === button;
  stop();
  if (again) return;
  const said = button.textContent;
  try {
    const { arrangement, picksOf, play, score, together } = await reach();
    const [code, role, other] = button.dataset.hear.split(" ");
    const picks = other ? together(picksOf(code), picksOf(other)) : picksOf(code);
    stop(); // another button may have been pressed meanwhile
    const song = score(picks, role);
    const sound = play(context, song);
    playing = { button, said, sound };
    button.textContent = "Stop";
    if (head) follow(sound, context, arrangement(song).seconds);
    await sound.ended;
    if (playing?.sound === sound) stop();
  } catch {
    stop();
    button.textContent = "This browser cannot play it";
  }
}
