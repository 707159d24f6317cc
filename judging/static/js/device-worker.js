// Answers the judge's pages without a network: from the network while there is one, else from what device-prefetch.js
// kept for whoever is signed in on this device. It keeps nothing itself but the files of the program.

import { read } from "./device-db.js";
import { flush } from "./device-outbox.js";
import { PAGES, signedIn } from "./device-vault.js";

const PROGRAM = "judging-program-";
const PATIENCE = 5000;
const NO_ANSWER = new Set([502, 503, 504]);
const FILE = /^\/entries\/[^/]+\/(files|pictures)\//;
const SHEET = /^\/judge\/sheets\/[^/]+/;

export function serve(config) {
  self.addEventListener("install", (event) => event.waitUntil(install(config)));
  self.addEventListener("activate", (event) => event.waitUntil(activate(config)));
  self.addEventListener("fetch", (event) => {
    const answer = answerTo(event.request, config);
    if (answer) event.respondWith(answer);
  });
  self.addEventListener("sync", (event) => event.waitUntil(flush()));
}

async function install({ version, files, notKept }) {
  const cache = await caches.open(PROGRAM + version);
  // Asked for without a cookie, so that the page is about nobody.
  const pages = Object.values(notKept).map((address) => new Request(address, { credentials: "omit", cache: "reload" }));
  await cache.addAll([...files.map((address) => new Request(address, { cache: "reload" })), ...pages]);
  await self.skipWaiting();
}

async function activate({ version }) {
  for (const name of await caches.keys()) {
    if (name.startsWith(PROGRAM) && name !== PROGRAM + version) await caches.delete(name);
  }
  await self.clients.claim();
}

// A promise of the answer, or null for what is left to the browser.
function answerTo(request, config) {
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return null;
  if (request.mode === "navigate") return navigation(request, pathname, config);
  if (request.method !== "GET") return null;
  if (pathname.startsWith("/static/")) return fetch(request).catch(() => programFile(request, config));
  if (FILE.test(pathname)) return fetch(request).catch(() => keptFile(request));
  return null;
}

function navigation(request, pathname, config) {
  if (!pathname.startsWith(config.home)) return null;
  if (request.method === "GET") return page(request, config);
  const sheet = pathname.match(SHEET);
  // A form that could not be sent shows its sheet again: what was typed is kept, and can be handed in on the device.
  return sheet ? fetch(request).catch(() => Response.redirect(sheet[0], 303)) : null;
}

async function page(request, config) {
  const kept = await keptPage(request);
  try {
    const response = await within(fetch(request), kept ? PATIENCE : 0);
    return kept && NO_ANSWER.has(response.status) ? kept : response;
  } catch {
    return kept || notKept(config);
  }
}

function within(answer, patience) {
  if (!patience) return answer;
  return Promise.race([answer, new Promise((_, reject) => setTimeout(reject, patience))]);
}

async function ownCache() {
  const who = await signedIn();
  return who && (await caches.has(PAGES + who.owner)) ? caches.open(PAGES + who.owner) : null;
}

async function keptPage(request) {
  const cache = await ownCache();
  if (!cache) return null;
  const { pathname, search } = new URL(request.url);
  const kept = (await cache.match(pathname + search, { ignoreVary: true })) || (await cache.match(pathname, { ignoreVary: true, ignoreSearch: true }));
  if (kept) return kept;
  const sheet = pathname.match(SHEET)?.[0];
  return sheet && sheet !== pathname && (await cache.match(sheet, { ignoreVary: true })) ? Response.redirect(sheet, 303) : null;
}

async function notKept(config) {
  const language = (await read("meta", "language"))?.language || "vi";
  return (await caches.match(config.notKept[language])) || Response.error();
}

async function programFile(request, { version }) {
  const cache = await caches.open(PROGRAM + version);
  return (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) || Response.error();
}

// A player asks for parts of a file, which is kept as a whole.
async function keptFile(request) {
  const cache = await ownCache();
  const kept = cache && (await cache.match(new URL(request.url).pathname, { ignoreVary: true }));
  if (!kept) return Response.error();
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") || "");
  if (!asked) return kept;
  const whole = await kept.blob();
  const start = Number(asked[1]);
  const end = Math.min(asked[2] ? Number(asked[2]) + 1 : whole.size, whole.size);
  const headers = new Headers(kept.headers);
  headers.set("Content-Range", `bytes ${start}-${end - 1}/${whole.size}`);
  headers.set("Content-Length", String(end - start));
  return new Response(whole.slice(start, end), { status: 206, headers });
}
