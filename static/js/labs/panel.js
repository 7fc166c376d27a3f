// What a lab has on the page: find its parts by class and its controls by name, draw, write and listen.

const point = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** The path of an SVG line through points [x, y]. */
export const line = (points) => `M${points.map(point).join("L")}`;

/** The path of a function over 0 to 1, drawn from x = `left` to `right` in so many steps; `at(share)` gives y. */
export const plot = ([left, right], steps, at) =>
  line(Array.from({ length: steps + 1 }, (_, i) => [left + ((right - left) * i) / steps, at(i / steps)]));

/** For sliders and choices that write into `settings`: setter(settings, changed)("gain") is what to call with a value. */
export const setter = (settings, changed) => (name) => (value) => {
  settings[name] = value;
  changed(name);
};

// The choices that hide a part: it is shown when none does.
const hiding = new WeakMap();

/** Part of a page. Names of parts are classes; names of controls are those of their inputs. */
export class Panel {
  constructor(root) {
    this.root = root;
  }

  part(name) {
    return this.root.querySelector(`.${name}`);
  }

  parts(selector) {
    return [...this.root.querySelectorAll(selector)];
  }

  within(name) {
    return new Panel(this.part(name));
  }

  inputs(name) {
    return [...this.root.querySelectorAll(`input[name="${name}"]`)];
  }

  draw(name, path) {
    this.part(name).setAttribute("d", path);
  }

  move(name, attributes) {
    for (const [attribute, value] of Object.entries(attributes)) this.part(name).setAttribute(attribute, value);
  }

  write(name, text) {
    this.part(name).textContent = text;
  }

  press(name, act) {
    this.part(name).addEventListener("click", act);
  }

  /** A labelled range: raw positions become real values, which are shown in words. Returns { value, set(raw) }. */
  slider(name, { real = (raw) => raw, text = String }, apply = () => {}) {
    const [input] = this.inputs(name);
    const shown = input.parentElement.querySelector(".value");
    const control = {
      get value() {
        return real(Number(input.value));
      },
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

  /** Choose a radio button, as a visitor would. */
  pick(name, value) {
    this.inputs(name)
      .find((radio) => radio.value === value && !radio.checked)
      ?.click();
  }

  /**
   * A group of radio buttons. What carries data-<name> is shown while the chosen value is among its words.
   * Returns { value, set(value) }; `apply` is called on a change, and not at first.
   */
  choice(name, apply = () => {}) {
    const radios = this.inputs(name);
    const control = {
      get value() {
        return radios.find((radio) => radio.checked).value;
      },
      set(value) {
        radios.find((radio) => radio.value === value).checked = true;
        change();
      },
    };
    const change = () => {
      this.#show(name, control.value);
      apply(control.value);
    };
    for (const radio of radios) radio.addEventListener("change", change);
    this.#show(name, control.value);
    return control;
  }

  #show(name, value) {
    for (const part of this.root.querySelectorAll(`[data-${name}]`)) {
      const hides = hiding.get(part) ?? new Set();
      hiding.set(part, hides);
      if (part.getAttribute(`data-${name}`).split(" ").includes(value)) hides.delete(name);
      else hides.add(name);
      part.hidden = hides.size > 0;
    }
  }
}

/** Bring controls to the positions of a scene: { name: position }. */
export function pose(controls, scene) {
  for (const [name, position] of Object.entries(scene)) controls[name].set(position);
}
