// Marks the section at the top of the screen in the table of contents, and gets the cards of dotted words when one is reached for.

const links = new Map();
for (const link of document.querySelectorAll(".contents a")) {
  links.set(document.getElementById(link.hash.slice(1)), link);
}
const seen = new Set();
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
    const section = [...links.keys()].find((heading) => seen.has(heading.parentElement));
    if (!section) return;
    for (const [heading, link] of links) {
      if (heading === section) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  },
  { rootMargin: "0px 0px -60% 0px" },
);
for (const heading of links.keys()) observer.observe(heading.parentElement);

function reach({ target }) {
  if (target.closest?.("a.term")) import("./words.js");
}
document.addEventListener("pointerover", reach, { passive: true });
document.addEventListener("focusin", reach);
