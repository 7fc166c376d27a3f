// Fetches what is needed next, and not before: the next page when a pointer rests on its link or the focus reaches it,
// and the scripts of a part when it is opened: <details data-needs="id of a template with scripts">.

const fetched = new Set([location.pathname]);
function prefetch({ target }) {
  const link = target.closest?.("a[href]");
  if (!link || link.origin !== location.origin || fetched.has(link.pathname) || navigator.connection?.saveData) return;
  fetched.add(link.pathname);
  const hint = document.createElement("link");
  hint.rel = "prefetch";
  hint.href = link.pathname + link.search;
  document.head.append(hint);
}
document.addEventListener("pointerover", prefetch);
document.addEventListener("focusin", prefetch);

function load({ target }) {
  const template = document.getElementById(target.dataset?.needs);
  if (!template) return;
  document.head.append(template.content);
  template.remove();
}
document.addEventListener("toggle", load, true); // it does not bubble
