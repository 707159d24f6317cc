// Keeps what a judge needs for work without a network: the lists, each sheet's page, the judge's notes, and the files of
// each entry, in the order in which they are due, as far as there is room.

import { read, write } from "./device-db.js";
import { Away, SignedOut, ask } from "./device-contact.js";
import { takeNotes } from "./device-notes.js";
import { PAGES, seal, signedIn, tell, unseal } from "./device-vault.js";

const COPY = { "Judging-Copy": "1", Accept: "text/html" };
const SHARE = 0.8;

async function noteOf(owner) {
  const row = await read("meta", `kept:${owner}`);
  if (!row) return { pages: {}, files: {} };
  try { return await unseal(owner, row.sealed); } catch { return { pages: {}, files: {} }; }
}

async function keepNote(owner, note) {
  await write("meta", { name: `kept:${owner}`, sealed: await seal(owner, note) });
}

// {ready, total, full} for the line that says so; null before anything was fetched here.
export async function readiness() {
  const who = await signedIn();
  const note = who && (await noteOf(who.owner));
  if (!note?.work) return null;
  const ready = note.work.entries.filter((entry) => isReady(note, entry)).length;
  return { ready, total: note.work.total, full: Boolean(note.full) };
}

function isReady(note, entry) {
  return note.pages[entry.assignment] === entry.version && entry.files.every((file) => note.files[file.url]?.sha256 === file.sha256);
}

// The readings that wait, in the order in which they are due.
export async function waitingEntries() {
  const who = await signedIn();
  return (who && (await noteOf(who.owner)).work?.entries) || [];
}

export async function prefetch() {
  const who = await signedIn();
  if (!who || !navigator.locks) return;
  await navigator.locks.request("judging-desk-prefetch", { ifAvailable: true }, async (turn) => {
    if (!turn) return;
    try {
      await fetchAll(who);
    } catch (error) {
      if (!(error instanceof Away || error instanceof SignedOut)) throw error;
    }
    tell("kept");
  });
}

async function fetchAll(who) {
  const note = await noteOf(who.owner);
  const asked = Date.now();
  const response = await ask(who, who.addresses.work, { headers: note.tag ? { "If-None-Match": note.tag } : {} });
  if (response.status === 200) {
    const { notes, ...work } = await response.json();
    await takeNotes(who, work.entries, notes, asked);
    note.work = work;
    note.tag = response.headers.get("ETag");
  } else if (response.status !== 304) {
    return;
  }
  const cache = await caches.open(PAGES + who.owner);
  await dropOld(cache, note);
  await keepNote(who.owner, note);
  for (const page of note.work.pages) await keepPage(who, cache, page);
  const room = await roomFor(note.work.room);
  note.full = false;
  for (const entry of note.work.entries) {
    await keepEntry(who, cache, note, entry, room);
    await keepNote(who.owner, note);
    tell("kept");
  }
}

async function roomFor(most) {
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) || {};
  navigator.storage?.persist?.();
  return Math.min(most, (quota - usage) * SHARE);
}

// What is no longer to be judged leaves the device.
async function dropOld(cache, note) {
  const readings = new Set(note.work.entries.map((entry) => entry.assignment));
  const files = new Set(note.work.entries.flatMap((entry) => entry.files.map((file) => file.url)));
  for (const reading of Object.keys(note.pages)) if (!readings.has(reading)) delete note.pages[reading];
  for (const file of Object.keys(note.files)) if (!files.has(file)) delete note.files[file];
  const pages = new Set([...note.work.pages, ...note.work.entries.map((entry) => entry.page)]);
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (!pages.has(pathname + search) && !files.has(pathname)) await cache.delete(request);
  }
}

async function keepPage(who, cache, address) {
  const response = await ask(who, address, { headers: COPY });
  if (response.ok) await cache.put(address, response);
  return response.ok;
}

async function keepEntry(who, cache, note, entry, room) {
  if (note.pages[entry.assignment] !== entry.version && (await keepPage(who, cache, entry.page))) note.pages[entry.assignment] = entry.version;
  for (const file of entry.files) {
    if (note.files[file.url]?.sha256 === file.sha256) continue;
    const used = Object.values(note.files).reduce((sum, kept) => sum + kept.size, 0);
    if (used + file.size > room) {
      note.full = true;
      continue;
    }
    const response = await ask(who, file.url, { headers: { Accept: "*/*" } });
    if (!response.ok) continue;
    try {
      await cache.put(file.url, response);
      note.files[file.url] = { size: file.size, sha256: file.sha256 };
    } catch { note.full = true; }
  }
}
