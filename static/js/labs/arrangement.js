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
  let form = [...SONG_FORM];
  let live;
  let from = 0; // the bar that is played first

  const trial = ear(lab, find(".ear"), { ...softerTest, met: () => false });
  async function ready() {
    const buffers = await loops();
    from = step.value === "section" ? first() : 0;
    return (context) => (live = arrange(context, buffers, heard(), context.currentTime + 0.05));
  }
  // One section comes round eight times; the whole form once.
  const heard = () =>
    step.value === "section"
      ? Array(8)
          .fill(form.slice(first(), first() + BLOCK))
          .flat()
      : form;
  const first = () => BLOCK * Number(blocks.value); // bar of the section on the desk
  const last = () => first() + BLOCK - 1;
  const edited = () => (which.value === "last" ? last() : first()); // from this bar to the last

  const which = choice(section, "form-bars", () => show());
  const blocks = choice(section, "form-block", () => {
    show();
    if (step.value === "section") lab.again();
  });
  const switches = NAMES.map((name) => {
    const box = find(`input[name="form-${name}"]`);
    box.addEventListener("change", () => {
      for (let bar = edited(); bar <= last(); bar++) {
        form[bar] = NAMES.filter((other) => (other === name ? box.checked : form[bar].includes(other)));
      }
      changed();
    });
    return box;
  });
  const preset = (name, make) =>
    find(name).addEventListener("click", () => {
      form = make();
      changed();
    });
  preset(".form-all", () => SONG_FORM.map(() => NAMES));
  preset(".form-song", () => [...SONG_FORM]);

  function changed() {
    show();
    live?.follow(heard());
  }
  function show() {
    const here = form[edited()];
    NAMES.forEach((name, i) => {
      switches[i].checked = here.includes(name);
      find(`.form-row-${name}`).setAttribute(
        "d",
        form.map((bar, at) => (bar.includes(name) ? `M${atBar(at)} ${30 + 20 * i}h7.25v14h-7.25Z` : "")).join(""),
      );
    });
    find(".energy").setAttribute(
      "d",
      `M${form.map((bar, at) => `${atBar(at)} ${188 - 7 * bar.length}H${atBar(at + 1)}`).join("L")}`,
    );
    find(".chosen").setAttribute("x", atBar(first()));
    const { lineUps, changes, full } = shape(form);
    find(".shape").textContent =
      `${lineUps} different line-ups, ${changes} changes from one bar to the next, and ${full} bars with everything.`;
  }

  let step;
  const before = () => {
    live = undefined;
  };
  step = steps(lab, section, "form-step", ready, trial, () => {
    before();
    if (step.value !== "test") lab.again();
  });
  lab.eachFrame(() => {
    const bar =
      live && step.value !== "test" && lab.player.playing ? Math.max(0, (context.currentTime - live.at) / BAR) : -1;
    if (bar >= form.length) return lab.stop();
    const shown = step.value === "section" ? from + (bar % BLOCK) : bar;
    find(".playhead").setAttribute("d", bar < 0 ? "" : `M${atBar(shown).toFixed(1)} 26V188`);
    find(".bar-now").textContent = bar < 0 ? "" : `Bar ${Math.floor(shown) + 1} of 32.`;
  });
  show();
  step.enter();
  return lab;
}
