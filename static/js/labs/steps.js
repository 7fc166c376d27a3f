// The steps of a lab, and its blind test, whose code comes when somebody turns to it.

/** What to call when a visitor turns to a test; see ear.js. */
export function trial(lab, panel, test) {
  let ear;
  return () => {
    if (ear) ear.enter();
    else lab.stop();
    lab.later(import("./ear.js"), ({ Ear }) => {
      ear ??= new Ear(lab, panel, test);
    });
  };
}

/**
 * The steps of a lab, a choice by that name. All play `ready`, except "test", which is the blind test in the part "ear".
 * `draw` is called on every change of step. Returns { value, heard, enter() }; `heard` is true while something sounds
 * that the drawing may show.
 */
export function steps(lab, panel, name, { ready, test, draw = () => {} }) {
  const enterTest = trial(lab, panel.within("ear"), test);
  const control = panel.choice(name, enter);
  function enter() {
    draw();
    if (control.value === "test") enterTest();
    else lab.use(ready);
  }
  return {
    get value() {
      return control.value;
    },
    get heard() {
      return lab.playing && control.value !== "test";
    },
    enter,
  };
}
