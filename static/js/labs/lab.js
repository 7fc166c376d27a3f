// What the labs have in common on the page: play, volume and meter; steps, sliders and moving drawings.

import { toDb } from "./engine.js";
import { Player } from "./player.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");

export const minus = (text) => String(text).replace("-", "−");
export const inDb = (db) => minus(`${db > 0 ? "+" : ""}${Number(db.toFixed(1))} dB`);
export const inHz = (hz) => (hz < 1000 ? `${Math.round(hz)} Hz` : `${Number((hz / 1000).toFixed(hz < 10000 ? 2 : 1))} kHz`);
export const inMs = (ms) => `${Number(ms.toFixed(ms < 10 ? 1 : 0))} ms`;

/** What this browser keeps under a name, as JSON; `otherwise` where it keeps nothing or something else. */
export function recall(key, otherwise) {
  try {
    const value = JSON.parse(localStorage.getItem(key));
    return value?.constructor === otherwise.constructor ? value : otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch { /* it holds for this visit */ }
}

/**
 * Bring the frame of a lab to life. The lab then has:
 * play(ready): play this now; use(ready): play this from now on, at once if something plays; again(): start afresh if something
 * plays; stop(); say(text); eachFrame(draw): called while there is sound, and once more after it.
 * `ready()` is a promise of build(context), which makes the node to play.
 */
export function frame(section, context) {
  const player = new Player(context);
  const button = section.querySelector(".lab-play");
  const status = section.querySelector(".lab-status");
  const level = section.querySelector(".lab-transport .meter-level");
  const value = section.querySelector(".lab-transport .meter-value");
  const draws = [];
  let drawing;
  let ready;

  const lab = {
    player,
    context,
    say: (text) => { status.textContent = text; },
    async play(next = ready) {
      ready = next;
      lab.say("");
      try {
        await player.play(ready);
      } catch {
        player.stop();
        lab.say("This browser cannot make this sound. The drawing and the text tell what there is to hear.");
      }
    },
    use(next) {
      if (next !== ready) {
        ready = next;
        lab.again();
      }
    },
    again() { if (player.playing) lab.play(); },
    stop: () => player.stop(),
    eachFrame: (draw) => draws.push(draw),
  };

  function next() {
    for (const draw of draws) draw();
    if (!player.playing) drawing = false;
    else if (still.matches) setTimeout(next, 1000);
    else requestAnimationFrame(next);
  }
  let shown = 0;
  draws.push(() => {
    const db = player.playing ? Math.max(-60, toDb(player.level())) : -60;
    level.setAttribute("d", `M0 2H${((db + 60) / 60) * 100}`);
    const begins = db > -60 && value.textContent === "silent";
    if (player.playing && !begins && performance.now() - shown < 250) return;
    shown = performance.now();
    value.textContent = db > -60 ? `${minus(Math.round(db))} dB` : "silent";
  });
  player.addEventListener("change", () => {
    button.textContent = player.playing ? "Stop" : "Play";
    if (player.playing && !drawing) {
      drawing = true;
      next();
    }
  });
  button.addEventListener("click", () => (player.playing ? lab.stop() : lab.play()));

  const KEY = "producerguide.volume";
  const loud = recall(KEY, 0);
  slider(section, "volume", { text: inDb }, (db) => {
    player.setVolume(db);
    keep(KEY, db);
  }).set(loud);
  for (const part of section.querySelectorAll(".lab-desk, .lab-transport")) part.hidden = false;
  return lab;
}

/** A labelled range: raw positions become real values, which are said in words. Returns { value, set(raw) }. */
export function slider(root, name, { real = (raw) => raw, text = String }, apply) {
  const input = root.querySelector(`input[name="${name}"]`);
  const shown = input.parentElement.querySelector(".value");
  const control = {
    get value() { return real(Number(input.value)); },
    set(raw) {
      input.value = raw;
      change();
    },
  };
  function change() {
    shown.textContent = text(control.value);
    input.setAttribute("aria-valuetext", shown.textContent);
    apply(control.value);
  }
  input.addEventListener("input", change);
  change();
  return control;
}

/**
 * A group of radio buttons. What carries data-<name> is shown while the chosen value is among its words.
 * Returns { value, set(value) }; `apply` is called at a change, and not at first.
 */
export function choice(root, name, apply = () => {}) {
  const radios = [...root.querySelectorAll(`input[name="${name}"]`)];
  const control = {
    get value() { return radios.find((radio) => radio.checked).value; },
    set(value) {
      radios.find((radio) => radio.value === value).checked = true;
      change();
    },
  };
  function show() {
    for (const part of root.querySelectorAll(`[data-${name}]`)) {
      part.hidden = !part.getAttribute(`data-${name}`).split(" ").includes(control.value);
    }
  }
  function change() {
    show();
    apply(control.value);
  }
  for (const radio of radios) radio.addEventListener("change", change);
  show();
  return control;
}

/** The steps of a lab. All play `ready`, but for "test", which belongs to the trial that ear() has made. */
export function steps(lab, root, name, ready, trial, draw = () => {}) {
  const enter = () => {
    draw();
    if (control.value === "test") trial.enter();
    else lab.use(ready);
  };
  const control = choice(root, name, enter);
  return { get value() { return control.value; }, enter };
}

/** The path of an SVG line through points [x, y]. */
export const line = (points) => `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

/** The strength of what is heard at each of the frequencies, in decibels; +3 an octave, so that pink noise is level. */
export function spectrum(analyser, frequencies) {
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const perBin = analyser.context.sampleRate / analyser.fftSize;
  return frequencies.map((hz, i) => {
    const last = Math.max(Math.ceil(hz / perBin), Math.floor((frequencies[i + 1] ?? hz) / perBin));
    const db = Math.max(...bins.subarray(Math.floor(hz / perBin), last + 1));
    return Math.max(-120, db + 3 * Math.log2(hz / 1000));
  });
}
