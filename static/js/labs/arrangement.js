// Arrangement: five parts, 32 bars, and a form made of mutes.

import { ear } from "./ear.js";
import { BAR, BLOCK, PARTS, SONG_FORM, arrange, loops, shape, softerTest } from "./form.js";
import { choice, frame, steps } from "./lab.js";

export const prepare = loops;

const NAMES = Object.keys(PARTS);
// The drawing: 31 units a block, 20 units a part.
const atBar = (bar) => 60 + 7.75 * bar;

export function mount(section, context) {
  const lab = frame(section, context);
  const find = (name) => section.querySelector(name);
  let form = SONG_FORM.map((block) => [...block]);
  let live;
  let from = 0; // the block that is played first

  const trial = ear(lab, find(".ear"), { ...softerTest, met: () => false });
  async function ready() {
    const buffers = await loops();
    const block = Number(blocks.value);
    from = step.value === "section" ? block : 0;
    return (context) => (live = arrange(context, buffers, heard(), context.currentTime + 0.05));
  }
  // One section comes round eight times; the whole form once.
  const heard = () => (step.value === "section" ? Array(8).fill(form[Number(blocks.value)]) : form);

  const blocks = choice(section, "form-block", () => {
    show();
    if (step.value === "section") lab.again();
  });
  const switches = NAMES.map((name) => {
    const box = find(`input[name="form-${name}"]`);
    box.addEventListener("change", () => {
      const number = Number(blocks.value);
      form[number] = NAMES.filter((_, i) => switches[i].checked);
      changed();
    });
    return box;
  });
  const preset = (name, make) => find(name).addEventListener("click", () => {
    form = make();
    changed();
  });
  preset(".form-all", () => SONG_FORM.map(() => [...NAMES]));
  preset(".form-song", () => SONG_FORM.map((block) => [...block]));

  function changed() {
    show();
    live?.follow(heard());
  }
  function show() {
    const number = Number(blocks.value);
    NAMES.forEach((name, i) => {
      switches[i].checked = form[number].includes(name);
      find(`.form-row-${name}`).setAttribute("d", form.map((block, at) => (block.includes(name) ? `M${atBar(BLOCK * at) + 1} ${30 + 20 * i}h29v14h-29Z` : "")).join(""));
    });
    find(".energy").setAttribute("d", `M${form.map((block, at) => `${atBar(BLOCK * at)} ${188 - 7 * block.length}H${atBar(BLOCK * (at + 1))}`).join("L")}`);
    find(".chosen").setAttribute("x", atBar(BLOCK * number));
    const { lineUps, changes, full } = shape(form);
    find(".shape").textContent = `${lineUps} different line-ups, ${changes} changes at the joins, and ${full} bars with everything.`;
  }

  let step;
  const before = () => { live = undefined; };
  step = steps(lab, section, "form-step", ready, trial, () => {
    before();
    if (step.value !== "test") lab.again();
  });
  lab.eachFrame(() => {
    const bar = live && step.value !== "test" && lab.player.playing ? Math.max(0, (context.currentTime - live.at) / BAR) : -1;
    if (bar >= BLOCK * form.length) return lab.stop();
    const shown = step.value === "section" ? BLOCK * from + (bar % BLOCK) : bar;
    find(".playhead").setAttribute("d", bar < 0 ? "" : `M${atBar(shown).toFixed(1)} 26V188`);
    find(".bar-now").textContent = bar < 0 ? "" : `Bar ${Math.floor(shown) + 1} of 32.`;
  });
  show();
  step.enter();
  return lab;
}
