// The frame of an audition: its code comes when somebody reaches for the button, ninety seconds run, and then it says what was done.
// An audition exports mount({ panel, player, play, seed, small }) and returns { ready, finish() }: `ready()` is a promise of a builder,
// see labs/player.js, and finish() gives { lines, band } and may play on. `small` is a loudspeaker: it has neither bass nor sides.

const SECONDS = 90;
const VOLUME = "producerguide.volume"; // as the labs keep it
const LOST = "There is no sound: no loudspeaker, or a call has taken it. Press “Play the sound” to try again.";
const FAILED = "The audition did not open. Reload the page to try again, or read below what it asks.";

const section = document.querySelector(".try-stage");
const form = document.querySelector(".try-taps form");
const part = (name) => section.querySelector(`.${name}`);
let code;

// The links carry the integrity of each module; import() then takes the modules they have fetched.
function reach() {
  if (code) return code;
  const links = section.querySelector("template").content;
  const urlOf = (name) => links.querySelector(`[href*="${name}"]`).getAttribute("href");
  const urls = ["labs/engine", "labs/panel", "labs/player", "try/seeds"].map(urlOf);
  urls.push(links.lastElementChild.getAttribute("href"));
  document.head.append(links);
  code = Promise.all(urls.map((url) => import(url))).then((all) => Object.assign({}, ...all));
  code.catch(() => {}); // it is said when the button is pressed
  return code;
}

function kept() {
  try {
    return Number(localStorage.getItem(VOLUME)) || 0;
  } catch {
    return 0;
  }
}

/** The volume, and the button that stops the sound and starts it again. */
function sound({ fromDb, Panel, Player, ramp }, context) {
  const player = new Player(context);
  const button = part("try-sound");
  const panel = new Panel(section);
  panel
    .slider("volume", { text: (db) => `${String(db).replace("-", "−")} dB` }, (db) =>
      ramp(context, player.volume.gain, fromDb(db)),
    )
    .set(kept());
  let last;
  const play = async (ready = last, patience) => {
    last = ready;
    part("lab-status").textContent = "";
    try {
      await player.play(ready, patience);
    } catch {
      player.stop();
      part("lab-status").textContent = "This browser cannot play this sound. Below is the same task in words.";
    }
  };
  player.addEventListener("change", () => {
    button.textContent = player.playing ? "Stop the sound" : "Play the sound";
  });
  player.addEventListener("lost", () => {
    part("lab-status").textContent = LOST;
  });
  button.addEventListener("click", () => (player.playing ? player.stop() : play()));
  return { panel, player, play };
}

/** A bar that fills; nothing ticks, and at its end nothing is taken away. */
function run(began) {
  const seconds = (performance.now() - began) / 1000;
  part("try-clock").firstElementChild.value = Math.min(SECONDS, seconds);
  if (part("try-done").disabled) return;
  if (seconds < SECONDS) setTimeout(() => run(began), 500);
  else part("lab-status").textContent = "That was ninety seconds. Finish what you are at, and press Done.";
}

function tell({ lines, band = "" }) {
  const said = part("try-said");
  said
    .querySelector("ul")
    .replaceChildren(...lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  said.hidden = false;
  said.append(form.closest("section")); // the two taps, where one looks now
  section.classList.add("done");
  if (innerWidth < 480) part("try-panel").scrollIntoView();
  said.querySelector("h3").focus({ preventScroll: innerWidth < 480 });
  form.elements.band.value = band;
  form.elements.take.value = [...crypto.getRandomValues(new Uint8Array(8))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** The seed of this address; one without gets its own, so that every visit is another. */
function seeded({ newSeed, seedOf }) {
  const seed = seedOf(location.search) ?? newSeed();
  const address = new URL(location.href);
  address.searchParams.set("seed", seed);
  history.replaceState(history.state, "", address);
  part("try-same").href = `${location.pathname}?seed=${seed}`;
  return seed;
}

async function begin() {
  const start = part("try-start");
  start.disabled = true;
  try {
    // Otherwise the mute switch of an iPhone silences the page.
    if (navigator.audioSession) navigator.audioSession.type = "playback";
    const context = new AudioContext({ sampleRate: 48000 });
    context.resume().catch(() => {}); // the player tells
    const all = await reach();
    const { panel, player, play } = sound(all, context);
    const small = section.querySelector("[name=listen]:checked").value === "speaker";
    const audition = all.mount({ panel, player, play, seed: seeded(all), small });
    part("try-begin").hidden = true;
    part("try-panel").hidden = false;
    section.classList.add("open");
    part("try-panel").scrollIntoView({ block: innerWidth < 480 ? "start" : "nearest" });
    // Only from the button that is gone: somebody may have moved on while the code came.
    if ([start, document.body].includes(document.activeElement))
      part("try-panel").querySelector("input").focus({ preventScroll: true });
    play(audition.ready, 0); // what is made for the first time is never there at once
    run(performance.now());
    part("try-done").addEventListener(
      "click",
      () => {
        part("try-done").disabled = true;
        tell(audition.finish());
      },
      { once: true },
    );
  } catch {
    start.disabled = false;
    part("lab-status").textContent = FAILED;
  }
}

const button = part("try-start");
part("try-begin").hidden = false;
for (const sign of ["pointerenter", "touchstart", "focus"])
  button.addEventListener(sign, reach, { once: true, passive: true });
button.addEventListener("click", begin);
