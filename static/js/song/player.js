// The song of a result on its page: plays, moves the playhead over the drawing, and says what each clip comes from.

import { inWorker, picksOf, play, score, wav } from "./song.js";

const LOST = "No sound came out: check the volume and the mute switch, then press Play again.";
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const PATIENCE = 3000; // ms that a sound device may take
const KEYS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

class Drawing {
  #clips;
  #head;
  #says;
  #texts;
  #chosen = 0;

  constructor(section) {
    this.section = section;
    this.surface = section.querySelector(".song-drawing");
    this.#clips = [...section.querySelectorAll(".clip")];
    this.#head = section.querySelector(".playhead");
    this.#says = section.querySelector("[data-says]");
    this.#texts = [...section.querySelectorAll("[data-clips] li")];
    this.bars = Number(section.dataset.bars);
    this.surface.addEventListener("pointerdown", (event) => this.#press(event));
    this.surface.addEventListener("keydown", (event) => this.#step(event));
    this.#asSlider();
    this.choose(0);
  }

  #asSlider() {
    const { surface } = this;
    surface.tabIndex = 0;
    surface.setAttribute("role", "slider");
    surface.setAttribute("aria-label", "The clips of the song, and the answer that chose each");
    surface.setAttribute("aria-valuemin", 1);
    surface.setAttribute("aria-valuemax", this.#clips.length);
  }

  choose(number) {
    this.#clips[this.#chosen].classList.remove("chosen");
    this.#chosen = number;
    this.#clips[number].classList.add("chosen");
    this.#says.replaceChildren(...this.#texts[number].cloneNode(true).childNodes);
    this.#says.querySelector("button")?.removeAttribute("tabindex"); // in the list, which nobody sees, it has no place
    this.surface.setAttribute("aria-valuenow", number + 1);
    this.surface.setAttribute("aria-valuetext", this.#says.textContent.trim());
  }

  /** The clip under a press, or the nearest in its row: some are narrower than a finger. */
  #press({ clientX, clientY }) {
    const far = (clip) => {
      const { left, right, top, bottom } = clip.firstElementChild.getBoundingClientRect();
      const x = Math.max(left - clientX, 0, clientX - right);
      return Math.max(top - clientY, 0, clientY - bottom) * 1000 + x + (right - left) / 1e6;
    };
    const nearest = this.#clips.reduce((best, clip) => (far(clip) < far(best) ? clip : best));
    this.choose(this.#clips.indexOf(nearest));
  }

  #step(event) {
    const by = KEYS[event.key];
    if (!by) return;
    event.preventDefault();
    this.choose((this.#chosen + by + this.#clips.length) % this.#clips.length);
  }

  /** Where the song is, in bars; the sentence goes along with the clips that begin. */
  moveTo(bar, last) {
    const x = `${(100 * Math.min(Math.max(bar, 0), this.bars)) / this.bars}%`;
    this.#head.setAttribute("x1", x);
    this.#head.setAttribute("x2", x);
    const begun = this.#clips.findLastIndex(({ dataset }) => dataset.start > last && dataset.start <= bar);
    // To replace a button that has the focus would throw whoever uses a keyboard back to the top of the page.
    if (begun >= 0 && !this.#says.contains(document.activeElement)) this.choose(begun);
  }
}

class Player {
  #context;
  #playing;
  #last = -1;
  #heard; // when the context was last seen to run

  constructor(section, button) {
    this.drawing = new Drawing(section);
    this.button = button;
    this.time = section.querySelector("[data-time]");
    this.bar = Number(section.dataset.bar);
    this.song = score(picksOf(section.dataset.song), section.dataset.role);
  }

  get playing() {
    return Boolean(this.#playing);
  }

  /** Play the song, or the one of another code and role; a second time stops it. */
  async toggle(context, other) {
    const going = this.playing;
    this.stop();
    if (going && !other) return;
    if (navigator.audioSession) navigator.audioSession.type = "playback"; // or an iPhone's mute switch silences it
    this.#context = context;
    const playing = play(context, other ? score(picksOf(other.other), other.role) : this.song);
    this.#playing = playing;
    this.#last = -1;
    this.#heard = performance.now();
    this.button.textContent = "Stop";
    requestAnimationFrame(() => this.#frame());
    try {
      await playing.ended;
      if (this.#playing === playing) this.stop();
    } catch {
      this.stop();
      this.time.textContent = "This browser cannot play it. ";
    }
  }

  stop() {
    this.#playing?.stop();
    this.#playing = undefined;
    this.button.textContent = "Play";
    this.time.textContent = "";
    this.drawing.moveTo(0, Number.POSITIVE_INFINITY);
    // A running context keeps a phone awake even when it is silent.
    setTimeout(() => this.playing || this.#context?.suspend(), 300);
  }

  #frame() {
    if (!this.playing) return;
    if (this.#context.state === "running") this.#heard = performance.now();
    else if (performance.now() > this.#heard + PATIENCE) {
      // No device, or a call or another program has taken it away.
      this.stop();
      this.time.textContent = LOST;
      return;
    }
    const now = Math.max(0, this.#context.currentTime - this.#playing.starts());
    this.time.textContent = `${clock(now)} of `;
    const bar = now / this.bar;
    this.drawing.moveTo(bar, this.#last);
    this.#last = bar;
    requestAnimationFrame(() => this.#frame());
  }
}

function offer(bytes, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.textContent = name;
  return link;
}

async function take({ song }, kind, status) {
  status.textContent = "Making it…";
  try {
    const files =
      kind === "stems" ? await inWorker("stemFiles", song) : { "song.wav": wav(await inWorker("render", song)) };
    const links = Object.entries(files).map(([name, bytes]) => offer(bytes, name));
    status.replaceChildren(...links.flatMap((link) => [link, " "]));
    if (links.length === 1) links[0].click();
  } catch {
    status.textContent = "This browser could not make it.";
  }
}

export function mount(section, button) {
  const player = new Player(section, button);
  addEventListener("pagehide", () => player.stop()); // or Back would bring a page that sounds
  const give = section.querySelector("[data-give]");
  const status = give.querySelector("[data-taking]");
  give.hidden = false;
  for (const one of give.querySelectorAll("[data-take]")) one.onclick = () => take(player, one.dataset.take, status);
  return player;
}
