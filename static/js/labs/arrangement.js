// Arrangement: five parts, 72 bars, and a form made of mutes.

import { render } from "./engine.js";
import { arrange, BAR, BLOCK, loops, PARTS, SONG_FORM, shape, softerTest } from "./form.js";
import { pointIn } from "./handles.js";
import { Lab } from "./lab.js";
import { steps } from "./steps.js";

export const prepare = loops;

const NAMES = Object.keys(PARTS);
// The drawing: 27.2 units a section, 20 units a part.
const WIDE = 3.4;
const atBar = (bar) => Number((60 + WIDE * bar).toFixed(1));
const box = (bar, y) => {
  const width = bar % BLOCK === BLOCK - 1 ? WIDE - 1 : WIDE; // a gap after each section
  return `M${atBar(bar)} ${y}h${width}v14h-${width}Z`;
};
const inTime = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const inBars = (block) => `bars ${BLOCK * block + 1}–${BLOCK * (block + 1)}`;
const inWords = ({ lineUps, changes, full }) =>
  `${lineUps} different line-ups, ${changes} changes from one bar to the next, and ${full} bars with everything.`;

/** The whole form, as a promise of an AudioBuffer. */
async function bounce(form) {
  const buffers = await loops();
  return render(form.length * BAR, (context) => arrange(context, buffers, form, 0));
}

/** A form as 72 digits, each the parts of a bar, and back. */
const write = (form) =>
  form.map((bar) => bar.reduce((sum, name) => sum + 2 ** NAMES.indexOf(name), 0).toString(32)).join("");
const read = (text) => [...text].map((digit) => NAMES.filter((_, i) => (Number.parseInt(digit, 32) >> i) & 1));

export function mount(section, context) {
  const lab = new Lab(section, context);
  const arranger = new Arranger(lab, lab.panel);
  arranger.step.enter();
  lab.takeHome("form", { sound: () => bounce(arranger.form) });
  return lab;
}

class Arranger {
  form = [...SONG_FORM];
  live; // what plays
  from = 0; // the bar that is played first

  constructor(lab, panel) {
    this.lab = lab;
    this.panel = panel;
    this.which = panel.choice("form-bars", () => this.show());
    this.block = panel.slider("form-block", { text: inBars }, () => {
      if (!this.step) return;
      this.show();
      if (this.step.value === "section") lab.again();
    });
    for (const name of NAMES) {
      const [box] = panel.inputs(`form-${name}`);
      box.addEventListener("change", () => this.change(this.switched(name, box.checked)));
    }
    [this.all] = panel.inputs("form-all");
    this.all.addEventListener("change", () => this.change(read(this.all.value)));
    panel
      .part("energy")
      .ownerSVGElement.addEventListener("click", (event) => this.tap(pointIn(event.currentTarget, event)));
    panel.press("form-all", () => this.change(SONG_FORM.map(() => NAMES)));
    panel.press("form-song", () => this.change([...SONG_FORM]));
    const ready = () => this.ready();
    this.step = steps(lab, panel, "form-step", { ready, test: softerTest, draw: () => this.afresh() });
    lab.eachFrame(() => this.follow());
    this.change(this.form);
  }

  /** A tap on a box switches a part in that section, and a tap beside them chooses the section. */
  tap([x, y]) {
    const block = Math.max(0, Math.min(8, Math.floor((x - 60) / (WIDE * BLOCK))));
    const [box] = this.panel.inputs(`form-${NAMES[Math.floor((y - 27) / 20)]}`);
    if (block !== this.block.value) this.block.set(block);
    box?.click();
  }

  /** The first and last bar of the section on the desk, and the first that an edit changes. */
  get bars() {
    const first = BLOCK * this.block.value;
    const last = first + BLOCK - 1;
    return { first, last, edited: this.which.value === "last" ? last : first };
  }

  /** One section comes round eight times; the form once, from the section on the desk. */
  get heard() {
    const { first } = this.bars;
    return this.step.value === "section"
      ? Array(8)
          .fill(this.form.slice(first, first + BLOCK))
          .flat()
      : this.form.slice(this.from);
  }

  /** The form with a part switched in the bars of the edit. */
  switched(name, on) {
    const { edited, last } = this.bars;
    return this.form.map((bar, at) =>
      at < edited || at > last ? bar : NAMES.filter((other) => (other === name ? on : bar.includes(other))),
    );
  }

  async ready() {
    const buffers = await loops();
    this.from = this.step.value === "hear" ? 0 : this.bars.first;
    return (context) => {
      this.live = arrange(context, buffers, this.heard, context.currentTime + 0.05);
      return this.live;
    };
  }

  afresh() {
    this.live = undefined;
    if (this.step.value !== "test") this.lab.again();
  }

  change(form) {
    this.form = form;
    this.all.value = write(form);
    this.show();
    this.live?.follow(this.heard);
  }

  show() {
    const { panel, form } = this;
    const { first, edited } = this.bars;
    for (const [i, name] of NAMES.entries()) {
      panel.inputs(`form-${name}`)[0].checked = form[edited].includes(name);
      const y = 30 + 20 * i;
      const boxes = form.map((bar, at) => (bar.includes(name) ? box(at, y) : ""));
      panel.draw(`form-row-${name}`, boxes.join(""));
    }
    const levels = form.map((bar, at) => `${atBar(at)} ${188 - 7 * bar.length}H${atBar(at + 1)}`);
    panel.draw("energy", `M${levels.join("L")}`);
    panel.move("chosen", { x: atBar(first) });
    panel.write("shape", inWords(shape(form)));
  }

  follow() {
    const { live, step, lab, panel } = this;
    const bar = live && step.heard ? Math.max(0, (lab.context.currentTime - live.at) / BAR) : -1;
    if (bar >= this.heard.length) return lab.stop();
    const shown = this.from + (step.value === "section" ? bar % BLOCK : bar);
    panel.draw("playhead", bar < 0 ? "" : `M${atBar(shown).toFixed(1)} 26V188`);
    panel.write("bar-now", bar < 0 ? "" : `Bar ${Math.floor(shown) + 1} of 72, at ${inTime(shown * BAR)}.`);
  }
}
