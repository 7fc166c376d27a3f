// Take it home: what was made as a file, and as a link whose #fragment holds every setting.

import { midi, wav } from "./export.js";

const MARK = "#lab&";
const BROKEN = "The link is damaged, so the lab opens as it always does.";
const LINKED = "The lab is set as in the link.";

/** Every control that a link holds, by name: not the volume, the speaker, nor anything of a test. */
function controls(panel) {
  const all = {};
  for (const input of panel.parts(".lab-panel input[name]")) {
    if (input.closest(".lab-bar, .ear, .sum, [data-unsaved]")) continue;
    all[input.name] = [...(all[input.name] ?? []), input];
  }
  return Object.entries(all);
}

const stateOf = (inputs) =>
  ["range", "hidden"].includes(inputs[0].type)
    ? inputs[0].value
    : inputs.flatMap(({ checked, value }) => (checked ? [value] : [])).join(".");

/** The settings of a lab as a fragment. */
export const fragment = (panel) =>
  MARK + new URLSearchParams(controls(panel).map(([name, inputs]) => [name, stateOf(inputs)]));

// Boxes hold any number of values; a radio button holds one, and a dot may be part of it: 0.75.
const valuesIn = ([{ type }], text) => (type === "checkbox" ? text.split(".").filter(Boolean) : [text]);

/** Whether a text is a state of these inputs. */
function fits(inputs, text) {
  const [{ type, min, max, dataset }] = inputs;
  if (type === "hidden") return new RegExp(`^(?:${dataset.fits})$`).test(text);
  if (type === "range") return text.trim() !== "" && Number(text) >= Number(min) && Number(text) <= Number(max);
  return valuesIn(inputs, text).every((value) => inputs.some((one) => one.value === value));
}

function put(inputs, text) {
  const values = valuesIn(inputs, text);
  for (const input of inputs) {
    const before = [input.value, input.checked].join();
    if (["range", "hidden"].includes(input.type)) input.value = text;
    else input.checked = values.includes(input.value);
    if (before === [input.value, input.checked].join()) continue;
    for (const sign of ["input", "change"]) {
      if (input.type !== "radio" || input.checked) input.dispatchEvent(new Event(sign, { bubbles: true }));
    }
  }
}

/** Bring the controls to a fragment; false, and nothing has changed, where any part of it is not a state of this lab. */
export function restore(panel, hash) {
  const wanted = new Map(new URLSearchParams(hash.slice(MARK.length)));
  const all = controls(panel);
  const known = new Map(all);
  if (wanted.size === 0) return false;
  for (const [name, text] of wanted) if (!known.has(name) || !fits(known.get(name), text)) return false;
  // In the order of the page: a step sets its scene before the controls in it.
  for (const [name, inputs] of all) if (wanted.has(name)) put(inputs, wanted.get(name));
  return true;
}

function save(name, bytes, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * The part “Take it home” of a lab. `sound()` is a promise of an AudioBuffer, and `tune()` returns { tempo, tracks } as
 * midi() takes them; `saved(kind)` is told what was taken.
 */
export class Home {
  constructor(lab, name, { sound, tune, saved = () => {} }) {
    this.lab = lab;
    this.panel = lab.panel;
    const offer = (kind, file, type, text, make) =>
      this.panel.press(`take-${kind}`, async () => {
        this.write("A moment …");
        save(`${name}.${file}`, await make(), type);
        this.write(`Saved: ${text}`);
        saved(kind);
      });
    if (sound) offer("wav", "wav", "audio/wav", "A 24-bit WAV file, 48 kHz.", async () => wav(await sound()));
    if (tune) offer("midi", "mid", "audio/midi", "A MIDI file.", () => midi(tune()));
    this.panel.press("take-link", () => this.copy());
  }

  write(text) {
    this.panel.write("take-says", text);
  }

  /** Open or close. The focus goes along, unless somebody has moved it on while this code came. */
  turn() {
    const [part, button] = [this.panel.part("lab-take"), this.panel.part("lab-home")];
    part.hidden = !part.hidden;
    button.setAttribute("aria-expanded", String(!part.hidden));
    // Safari gives a pressed button no focus.
    const here = [button, document.body].includes(document.activeElement);
    if (!part.hidden && here) part.querySelector("button").focus();
  }

  async copy() {
    const url = location.href.split("#")[0] + fragment(this.panel);
    history.replaceState(history.state, "", url);
    try {
      await navigator.clipboard.writeText(url);
      this.write("Copied. The link is in the address bar too.");
    } catch {
      this.write("The link is in the address bar now; copy it there.");
    }
  }

  /** Bring the lab to the settings of a link. */
  follow(hash) {
    this.lab.say(restore(this.panel, hash) ? LINKED : BROKEN);
  }
}
