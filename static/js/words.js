// A dotted word opens a card with its definition; without this it is a link to the glossary. The glossary is fetched once, when it is
// first needed, and the link still opens it in a new tab or by "Read in the glossary" on the card.

const card = document.createElement("div");
card.className = "word";
card.popover = "auto";
let glossary;

function read(url) {
  glossary ??= fetch(url)
    .then((response) => response.text())
    .then((text) => new DOMParser().parseFromString(text, "text/html"));
  return glossary;
}

function fill(link, entry) {
  const term = entry.querySelector("dt").cloneNode(true);
  const text = document.createElement("p");
  text.textContent = entry.querySelector("dd").firstChild.textContent;
  const more = document.createElement("a");
  more.href = link.href;
  more.textContent = "Read in the glossary";
  const name = document.createElement("strong");
  name.textContent = term.textContent;
  card.replaceChildren(name, text, more);
}

function place(link) {
  const spot = link.getBoundingClientRect();
  const left = Math.min(spot.left, innerWidth - card.offsetWidth - 16);
  const below = spot.bottom + card.offsetHeight + 16 < innerHeight;
  card.style.left = `${Math.max(8, left)}px`;
  card.style.top = `${below ? spot.bottom + 8 : Math.max(8, spot.top - card.offsetHeight - 8)}px`;
}

async function open(event) {
  const link = event.target.closest?.("a.term");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !card.showPopover) return;
  event.preventDefault();
  try {
    const page = await read(link.pathname);
    fill(link, page.getElementById(link.hash.slice(1)));
    link.after(card);
    card.showPopover();
    place(link);
  } catch {
    location.href = link.href;
  }
}

if (card.showPopover)
  addEventListener("scroll", () => card.matches(":popover-open") && card.hidePopover(), { passive: true });
document.addEventListener("click", open);
