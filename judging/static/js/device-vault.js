// Who is signed in on this device, and the key of what they keep here.
//
// The key is made on the device and cannot be taken out of the browser. While its owner is signed in it opens what is
// kept, without a network too. When a session ends, the key is thrown away; what stays is the same key wrapped in one
// that only the owner's own pages are given, after the next sign-in. Signing out removes everything.

import { read, readAll, remove, removeOf, write } from "./device-db.js";

const page = globalThis.document?.body.dataset || {};
const ALGORITHM = { name: "AES-GCM", length: 256 };
let channel = null;

export const PAGES = "judging-desk-";
export const canKeep = Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle && globalThis.indexedDB && globalThis.caches);

// Opened when it is first needed: pages that keep nothing do without.
function channelOf() {
  if (!channel && globalThis.BroadcastChannel) {
    channel = new BroadcastChannel("judging-desk");
    channel.addEventListener("message", (event) => {
      globalThis.dispatchEvent(new CustomEvent("device-told", { detail: event.data }));
    });
  }
  return channel;
}

// Changes are told to every page and to the worker; a page hears its own too, unless it knows.
export function tell(what, { here = true, elsewhere = true } = {}) {
  if (elsewhere) channelOf()?.postMessage(what);
  if (here) globalThis.dispatchEvent(new CustomEvent("device-told", { detail: what }));
}

export function heed(what, act) {
  channelOf();
  globalThis.addEventListener("device-told", (event) => { if (event.detail === what) act(); });
}

const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const fresh = () => crypto.getRandomValues(new Uint8Array(12));

// {owner, addresses} of whoever's pages this device shows now; null after the end of a session.
export async function signedIn() { return (await read("meta", "signed-in")) || null; }

// On a page that came from the server: say who is here, and have their key at hand. A page that was kept holds no lock.
export async function arrive(language, addresses) {
  if (!canKeep || !page.drafts || !page.draftLock) return;
  const before = await signedIn();
  if (before && before.owner !== page.drafts) await lockUp(before.owner);
  await inTurn(() => prepareKey(page.drafts, page.draftLock));
  await write("meta", { name: "signed-in", owner: page.drafts, addresses });
  await write("meta", { name: "language", language });
  tell("arrived", { elsewhere: false });
}

async function inTurn(act) {
  return navigator.locks ? navigator.locks.request("judging-desk-key", act) : act();
}

async function prepareKey(owner, lock) {
  const row = await read("keys", owner);
  if (row?.key) return;
  const outer = await crypto.subtle.importKey("raw", bytesOf(lock), "AES-GCM", false, ["wrapKey", "unwrapKey"]);
  let { iv, wrapped } = row || {};
  if (!wrapped) {
    iv = fresh();
    const made = await crypto.subtle.generateKey(ALGORITHM, true, ["encrypt", "decrypt"]);
    wrapped = await crypto.subtle.wrapKey("raw", made, outer, { name: "AES-GCM", iv });
  }
  const key = await crypto.subtle.unwrapKey("raw", wrapped, outer, { name: "AES-GCM", iv }, ALGORITHM, false, ["encrypt", "decrypt"]);
  await write("keys", { owner, iv, wrapped, key });
}

async function keyOf(owner) {
  const key = (await read("keys", owner))?.key;
  if (!key) throw new Error("locked");
  return key;
}

export async function seal(owner, value) {
  const iv = fresh();
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(owner), new TextEncoder().encode(JSON.stringify(value)));
  return { iv, data };
}

export async function unseal(owner, { iv, data }) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await keyOf(owner), data);
  return JSON.parse(new TextDecoder().decode(plain));
}

// The session has ended: pages and files go, what was typed stays and cannot be read.
export async function lockUp(owner) {
  const row = await read("keys", owner);
  if (row) await write("keys", { owner, iv: row.iv, wrapped: row.wrapped });
  await remove("meta", "signed-in");
  // Notes that the server has go with the pages; what it has not yet stays, and cannot be read.
  for (const note of await readAll("notes")) if (note.owner === owner && note.state === "recorded") await remove("notes", [owner, note.reading]);
  await dropPages(owner);
  tell("locked");
}

// Everything of this owner leaves the device.
export async function forget(owner) {
  await remove("keys", owner);
  await removeOf("sheets", owner, (row) => [row.owner, row.reading]);
  await removeOf("outbox", owner, (row) => row.number);
  await removeOf("notes", owner, (row) => [row.owner, row.reading]);
  if ((await signedIn())?.owner === owner) await remove("meta", "signed-in");
  await dropPages(owner);
  tell("locked", { here: false });
}

async function dropPages(owner) {
  await remove("meta", `kept:${owner}`);
  await caches.delete(PAGES + owner);
}

// How many sheets and notes of this owner were never recorded.
export async function countUnsent(owner) {
  const sheets = (await readAll("sheets")).filter((row) => row.owner === owner && row.unsent);
  const handedIn = (await readAll("outbox")).filter((row) => row.owner === owner && row.state !== "recorded");
  const notes = (await readAll("notes")).filter((row) => row.owner === owner && row.state !== "recorded");
  return new Set([...sheets, ...handedIn].map((row) => row.reading)).size + notes.length;
}
