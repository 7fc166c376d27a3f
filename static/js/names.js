// Names in place of numbers: they are typed by the reader and kept in the #fragment of the address, which no server sees.
// A class opens without them; "Names" shows them.

import { own } from "./results.js";

const KEY = "names";
const inputs = [...document.querySelectorAll("[data-names]")];
const panel = document.querySelector(".names");
const mine = own().map(({ code }) => code);
const owner = ({ person }) => (mine.includes(person) ? "You" : "Your friend");
const people = [...document.querySelectorAll("[data-name][data-person]")].map(({ dataset }) => dataset);
// Of two results one is often the reader’s own.
const said = people.some(({ person }) => mine.includes(person)) ? people.map(owner) : [];
const places = [...document.querySelectorAll("[data-name]")].map((place) => [
  place,
  said[place.dataset.name - 1] ?? place.textContent,
]);

const names = () => inputs.map((input) => input.value.trim());

function read() {
  const given = new URLSearchParams(location.hash.slice(1)).getAll(KEY);
  inputs.forEach((input, number) => {
    input.value = (given[number] ?? "").slice(0, input.maxLength);
  });
}

function show() {
  const known = panel.open ? names() : [];
  for (const [place, number] of places) place.textContent = known[place.dataset.name - 1] || number;
}

function keep() {
  const given = names().some(Boolean) ? `#${new URLSearchParams(names().map((name) => [KEY, name]))}` : "";
  history.replaceState(history.state, "", location.pathname + location.search + given);
  show();
}

panel.hidden = false;
panel.addEventListener("toggle", show);
panel.addEventListener("input", keep);
addEventListener("hashchange", () => {
  read();
  show();
});
read();
// A band is on first-name terms; a teacher decides when a class may see who is who.
panel.open = names().some(Boolean) && inputs.length <= 6;
show();
