// "Forget all of it" on the page about privacy: everything that this site keeps in the browser.

const forget = document.querySelector("[data-forget]");

async function forgetPages() {
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
}

function forgetAll() {
  const said = forget.querySelector("[role=status]");
  try {
    for (const storage of [localStorage, sessionStorage]) {
      for (const key of Object.keys(storage)) {
        // What says that no pages are to be kept stays: otherwise the next page would begin to keep them.
        if (key.startsWith("producerguide.") && key !== "producerguide.offline") storage.removeItem(key);
      }
    }
    forgetPages().catch(() => {});
    delete document.documentElement.dataset.theme;
    document.querySelector("#theme span").textContent = "system";
    said.textContent = "Forgotten.";
  } catch {
    said.textContent = "Your browser keeps nothing for this site.";
  }
}

forget.hidden = false;
forget.querySelector("button").addEventListener("click", forgetAll);
