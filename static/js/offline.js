// The switch on the page about privacy: whether this browser keeps the pages it has opened, for when there is no network.

const KEY = "producerguide.offline";
const part = document.querySelector("[data-offline]");
const box = part.querySelector("input");
const said = part.querySelector("[role=status]");

function on() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return false;
  }
}

async function remove() {
  for (const registration of await navigator.serviceWorker.getRegistrations()) {
    registration.active?.postMessage("stop");
    await registration.unregister();
  }
  for (const name of await caches.keys()) await caches.delete(name);
}

async function change() {
  try {
    if (box.checked) {
      localStorage.removeItem(KEY);
      // It may be the one that was stopped, which this page has kept alive.
      const { active } = await navigator.serviceWorker.register("/sw.js");
      active?.postMessage("start");
      said.textContent = "On.";
    } else {
      localStorage.setItem(KEY, "off");
      await remove();
      said.textContent = "Off, and the pages are gone.";
    }
  } catch {
    box.checked = false;
    said.textContent = "Your browser keeps nothing for this site.";
  }
}

if (navigator.serviceWorker) {
  part.hidden = false;
  box.checked = on();
  box.addEventListener("change", change);
}
