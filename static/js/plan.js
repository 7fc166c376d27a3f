// The plan starts next Monday unless another day is chosen, and every milestone shows its date.

const start = document.querySelector("[data-next-monday]");
const format = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const DAY = 24 * 60 * 60 * 1000;

function show() {
  for (const place of document.querySelectorAll("[data-weeks]")) {
    const day = new Date(start.valueAsNumber + (7 * place.dataset.weeks - 1) * DAY);
    place.textContent = Number.isNaN(day.valueOf()) ? "" : `, ${format.format(day)}`;
  }
}

const now = new Date();
const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
start.valueAsNumber = today + ((8 - now.getDay()) % 7 || 7) * DAY;
start.addEventListener("input", show);
show();

// Another kit on the spot: htmx comes when its form is opened. A choice that was quicker is told to it afterwards.
let early;
document.addEventListener("change", ({ target }) => {
  if (!window.htmx && target.form?.dataset.hxGet) early = target.form;
});
document.addEventListener(
  "toggle",
  ({ target }) => {
    const htmx = document.getElementById("htmx");
    if (!htmx || !target.querySelector?.("[data-hx-get]")) return;
    htmx.content.querySelector("script").addEventListener("load", () => early?.dispatchEvent(new Event("change")));
    document.head.append(htmx.content);
    htmx.remove();
  },
  true,
);

// "Print this part": <button data-print="id of the part" hidden>; the stylesheet hides the rest.
const reveal = () => {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
};
reveal();
document.addEventListener("htmx:afterSwap", reveal);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-print]");
  if (!button) return;
  const part = document.getElementById(button.dataset.print);
  part.classList.add("print-part");
  document.body.classList.add("print-only");
  window.print();
});
window.addEventListener("afterprint", () => {
  document.body.classList.remove("print-only");
  document.querySelector(".print-part")?.classList.remove("print-part");
});
