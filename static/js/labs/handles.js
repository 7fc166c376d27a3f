// The drawing is the control: handles to drag, each bound to the inputs beside the drawing, which the keyboard moves.

const SVG = "http://www.w3.org/2000/svg";
const REACH = 26; // units of the drawing around a handle that a finger may miss it by

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** Where a pointer is, in the units of a drawing. */
export function pointIn(svg, { clientX, clientY }) {
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [x, y];
}

/** Calls draw([x, y]) for every place in a drawing that a finger or mouse touches. */
export function drag(svg, draw) {
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    draw(pointIn(svg, event));
  });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) draw(pointIn(svg, event));
  });
}

/**
 * A handle in an SVG: `at()` gives its place [x, y], or nothing while it is not there; `to(x, y)` is called with the
 * place a finger drags it to, and moves the inputs. It is drawn afresh by place(), after anything has changed.
 * A line is a handle that can be taken anywhere along its height: `line: [top, bottom]`.
 */
class Handle {
  constructor(svg, { at, to, line }, placed, nearest) {
    Object.assign(this, { svg, at, to, line, placed });
    this.dot = make("circle", { r: 7, class: "handle" });
    this.hit = line
      ? make("rect", { width: 2 * REACH, y: line[0], height: line[1] - line[0], class: "reach" })
      : make("circle", { r: REACH, class: "reach" });
    svg.append(this.dot, this.hit);
    // Where the reach of two overlaps, the nearer is taken.
    this.hit.addEventListener("pointerdown", (event) => nearest(pointIn(svg, event)).take(event));
    this.hit.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.hit.addEventListener(end, () => {
        this.from = undefined;
        this.dot.classList.remove("taken");
      });
    }
  }

  take(event) {
    this.hit.setPointerCapture(event.pointerId);
    const [x, y] = pointIn(this.svg, event);
    const [left, top] = this.at();
    // It does not jump under the finger, but keeps its distance to it.
    this.from = [left - x, top - y];
    this.dot.classList.add("taken");
  }

  drag(event) {
    if (!this.from) return;
    const [x, y] = pointIn(this.svg, event);
    this.to(x + this.from[0], y + this.from[1]);
    this.placed();
  }

  place() {
    const at = this.at();
    for (const part of [this.dot, this.hit]) part.style.display = at ? "" : "none";
    if (!at) return;
    const [x, y] = at;
    for (const circle of [this.dot, ...(this.line ? [] : [this.hit])]) {
      circle.setAttribute("cx", x);
      circle.setAttribute("cy", y);
    }
    if (this.line) this.hit.setAttribute("x", x - REACH);
  }
}

/**
 * Handles in a drawing; a tap beside them brings the nearest one there. They follow every control of the lab.
 * Returns place(), for changes that no control made.
 */
export function handles(svg, grips) {
  const place = () => {
    for (const handle of all) handle.place();
  };
  const all = grips.map((grip) => new Handle(svg, grip, place, (point) => nearest(all, point)));
  svg.addEventListener("click", (event) => {
    if (event.target.classList.contains("reach")) return;
    const point = pointIn(svg, event);
    nearest(all, point)?.to(...point);
    place();
  });
  const section = svg.closest("section");
  for (const sign of ["input", "change", "click"]) section.addEventListener(sign, () => requestAnimationFrame(place));
  place();
  return place;
}

function nearest(all, [x, y]) {
  const far = ({ at, line }) => {
    const place = at();
    return place ? Math.hypot(place[0] - x, line ? 0 : place[1] - y) : Infinity;
  };
  const distances = all.map(far);
  const least = Math.min(...distances);
  return least < Infinity ? all[distances.indexOf(least)] : undefined;
}
