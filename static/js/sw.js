// The service worker, served as /sw.js: what was opened once opens again without a network. Pages come from the network, and from here
// only when it fails, so a release shows at once; files with a hash in their name never change and come from here first. Nothing else.

const PAGES = "pages";
const FILES = "files";
const MOST = { [PAGES]: 60, [FILES]: 300 };
const HASHED = /\/static\/[^\s"'<>]+\.[0-9a-f]{12}\.\w+/g;
const IMPORTED = /["'](\.{1,2}\/[^"']+\.[0-9a-f]{12}\.js)["']/g;
// What the browser has, without a request: the song and the labs that a page only names would be three times as much as a first visit.
const HELD = { cache: "only-if-cached", mode: "same-origin" };
const NO_PAGES = /^\/(admin|quiz|search|static)\//;

let stopped = false; // since the switch; the page that has it may start this again

const isFile = ({ pathname }) => /^\/static\/.+\.[0-9a-f]{12}\.\w+$/.test(pathname);
// A link at which a pointer rests is fetched with no-cors: that page was not opened yet.
const isPage = ({ pathname }, request) =>
  pathname.endsWith("/") &&
  request.mode !== "no-cors" &&
  !NO_PAGES.test(pathname) &&
  !request.headers.has("HX-Request");

async function put(name, request, response) {
  if (stopped) return; // what was on its way would come back after all was removed
  const cache = await caches.open(name);
  await cache.delete(request); // so that what was used last stands last
  await cache.put(request, response);
  const keys = await cache.keys();
  for (const key of keys.slice(0, -MOST[name])) await cache.delete(key);
  if (stopped) await caches.delete(name); // it was switched off meanwhile
}

async function file(request) {
  const kept = await caches.match(request.url, { cacheName: FILES });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await put(FILES, request.url, response.clone());
  return response;
}

// The files with what they import, such as a lab that is not open yet.
async function keepFiles(addresses, how, seen = new Set()) {
  for (const address of addresses) {
    if (seen.has(address)) continue;
    seen.add(address);
    const response = await file(new Request(address, how)).catch(() => {});
    if (!response?.ok || !address.endsWith(".js")) continue;
    const imports = (await response.text()).matchAll(IMPORTED);
    await keepFiles(
      [...imports].map(([, path]) => new URL(path, address).href),
      how,
      seen,
    );
  }
}

async function keep(request, response, how) {
  if (!response.ok || response.redirected || /private|no-store/.test(response.headers.get("Cache-Control"))) return;
  const text = await response.clone().text();
  await put(PAGES, request.url, response);
  const named = text.match(HASHED) ?? [];
  await keepFiles(
    named.map((path) => new URL(path, location.origin).href),
    how,
  );
}

async function page(event) {
  try {
    const response = await fetch(event.request);
    const how = navigator.connection?.saveData ? HELD : {};
    event.waitUntil(keep(event.request, response.clone(), how).catch(() => {})); // a full disk is no reason to show nothing
    return response;
  } catch (error) {
    const { url } = event.request;
    for (const ignoreSearch of [false, true]) {
      const kept = await caches.match(url, { cacheName: PAGES, ignoreVary: true, ignoreSearch });
      if (kept) return kept;
    }
    throw error;
  }
}

// The pages that were opened before this ran, and the start page of the installed site.
async function begin() {
  await self.clients.claim();
  const open = await self.clients.matchAll({ type: "window" });
  for (const url of new Set(["/", ...open.map((client) => client.url.split("#")[0])])) {
    const request = new Request(url);
    if (isPage(new URL(request.url), request)) await keep(request, await fetch(request), HELD).catch(() => {});
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("message", (event) => {
  stopped = event.data === "stop";
  if (!stopped) event.waitUntil(begin());
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (stopped || request.method !== "GET" || url.origin !== location.origin) return;
  if (isFile(url)) event.respondWith(file(request));
  else if (isPage(url, request)) event.respondWith(page(event));
});
