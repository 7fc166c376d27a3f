// Shows the date of every milestone in the plan. It starts next Monday, or on the day that is chosen.

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
if (!start.value) start.valueAsNumber = today + ((8 - now.getDay()) % 7 || 7) * DAY;
start.addEventListener("input", show);
addEventListener("pageshow", show); // some browsers restore the field after the scripts have run
show();
