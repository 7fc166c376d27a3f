// Filters a list as one types: the parts marked data-find stay if they have all the words. Without this the form searches the site.

const form = document.querySelector("[data-filter]");
const parts = [...document.querySelectorAll("[data-find]")].map((part) => [part, part.textContent.toLowerCase()]);
const groups = [...document.querySelectorAll("main section:has([data-find])")];

function filter() {
  const words = form.elements.q.value.toLowerCase().split(/\s+/);
  for (const [part, text] of parts) part.hidden = !words.every((word) => text.includes(word));
  for (const group of groups) group.hidden = !group.querySelector("[data-find]:not([hidden])");
  const left = parts.filter(([part]) => !part.hidden).length;
  form.querySelector("[role=status]").textContent = left
    ? `${left} of ${parts.length}`
    : "None has all these words here. Press Find to search everything.";
}

// A link to a part that was filtered away brings all of them back.
function show({ hash }) {
  const target = hash && document.getElementById(hash.slice(1));
  if (!target?.closest("[hidden]")) return;
  form.elements.q.value = "";
  filter();
  target.scrollIntoView();
}

form.addEventListener("input", filter);
document.addEventListener("click", ({ target, ctrlKey, metaKey }) => {
  const link = target.closest?.('a[href^="#"]');
  if (link && !ctrlKey && !metaKey) show(link);
});
addEventListener("hashchange", () => show(location));
