// Names in place of numbers: they are typed by the reader and kept in the #fragment of the address, which no server sees.
// A class opens without them; "Names" shows them.

import { own } from "./results.js";

const KEY = "names";
const OF = "of";
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

const members = new URLSearchParams(location.search).getAll("c"); // of a group, in the order of its inputs

const names = () => inputs.map((input) => input.value.trim());

// After a group was changed its people have other numbers: the address says whose each name is.
function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const [known, of] = [given.getAll(KEY), given.getAll(OF)];
  inputs.forEach((input, number) => {
    const name = known[of.length ? of.indexOf(members[number]) : number] ?? "";
    input.value = name.slice(0, input.maxLength);
  });
}

function show() {
  const known = panel.open ? names() : [];
  for (const [place, number] of places) place.textContent = known[place.dataset.name - 1] || number;
}

const fragment = (pairs) => (names().some(Boolean) ? `#${new URLSearchParams(pairs)}` : "");

function keep() {
  const given = fragment(names().map((name) => [KEY, name]));
  history.replaceState(history.state, "", location.pathname + location.search + given);
  show();
}

function take({ target: form }) {
  const pairs = names().flatMap((name, number) => [
    [KEY, name],
    [OF, members[number]],
  ]);
  form.action = location.pathname + fragment(pairs);
}

panel.hidden = false;
panel.addEventListener("toggle", show);
panel.addEventListener("input", keep);
document.getElementById("paste")?.form.addEventListener("submit", take);
addEventListener("hashchange", () => {
  read();
  show();
});
read();
// A band is on first-name terms; a teacher decides when a class may see who is who.
panel.open = names().some(Boolean) && inputs.length <= 6;
show();
