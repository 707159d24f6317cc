// A judge's notes for themselves, on their device: encrypted, one for each reading, written without a network too. Each is
// sent with the version that it started from. Where another device wrote as well, nothing is chosen: both texts are kept
// until the judge has.
//
//   waiting → recorded, or eye: the server did not take it and a person must look at it

import { read, readAll, remove, write } from "./device-db.js";
import { Away, ask, freshToken } from "./device-contact.js";
import { seal, signedIn, tell, unseal } from "./device-vault.js";

export const LONGEST = 10_000;
const MOST_SENT = 16;
const MOST_KEPT_ALIVE = 60_000;
const EMPTY = "-";

// What is kept of a reading: {text, base, sent, state, told, page, code, title}; null when there is nothing to be read.
export async function readNote(reading) {
  const who = await signedIn();
  const row = who && (await read("notes", [who.owner, reading]));
  if (!row) return null;
  try { return { ...(await unseal(who.owner, row.sealed)), state: row.state, at: row.at }; } catch { return null; }
}

// Change what is kept, one change after the other whatever page makes it. `change` gives the note anew, or null to leave
// it. Gives the note as it is then.
export function changeNote(reading, change) {
  return navigator.locks.request("judging-desk-notes", async () => {
    const { owner } = await signedIn();
    const note = await readNote(reading);
    const changed = change(note);
    if (!changed) return note;
    const { state, ...value } = changed;
    const at = Date.now();
    await write("notes", { owner, reading, state, at, sealed: await seal(owner, value) });
    return { ...changed, at };
  });
}

export async function dropNote(reading) {
  const who = await signedIn();
  if (who) await remove("notes", [who.owner, reading]);
  tell("notes");
}

// The version of a text, as the server makes it.
async function versionOf(text) {
  if (!text.trim()) return EMPTY;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text.trim()));
  return Array.from(new Uint8Array(digest, 0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function rowsOf(owner) {
  return (await readAll("notes")).filter((row) => row.owner === owner);
}

// The notes of whoever is here that were never recorded, as they can be read.
export async function unsentNotes() {
  const who = await signedIn();
  const rows = who ? (await rowsOf(who.owner)).filter((row) => row.state !== "recorded") : [];
  const notes = await Promise.all(rows.map(async ({ reading }) => ({ ...(await readNote(reading)), reading })));
  return notes.filter((note) => note.state);
}

// What the server has of the notes of today's entries, as it was when it was asked for. What was typed here stays.
export async function takeNotes(who, entries, notes, asked) {
  const isOlder = (row) => row.state === "recorded" && row.at < asked;
  for (const row of await rowsOf(who.owner)) if (isOlder(row) && !notes[row.reading]) await remove("notes", [who.owner, row.reading]);
  for (const { assignment, page, code, title } of entries) {
    const found = notes[assignment];
    if (!found) continue;
    await changeNote(assignment, (note) => {
      const isSame = note?.base === found.version && note.text === found.text;
      return note && (isSame || !isOlder(note)) ? null : { page, code, title, text: found.text, base: found.version, sent: [], state: "recorded" };
    });
  }
  tell("notes");
}

export async function sendNotes() {
  const who = await signedIn();
  const rows = who ? (await rowsOf(who.owner)).filter((row) => row.state === "waiting") : [];
  if (!rows.length) return;
  const token = await freshToken(who);
  for (const { reading } of rows) await sendNote(who, reading, token);
}

// Send one, one sender at a time, and give it as it is afterwards. Throws Away and SignedOut as asking does. What is sent
// and never answered is told with the next save, so that a device never clashes with itself.
export function sendNote(who, reading, token) {
  return navigator.locks.request(`judging-desk-note-${reading}`, async () => {
    const note = await readNote(reading);
    if (note?.state !== "waiting") return note;
    const version = await versionOf(note.text);
    await changeNote(reading, (now) => now && { ...now, sent: [...now.sent, version].slice(-MOST_SENT) });
    const told = await post(who, note, token);
    const kept = await changeNote(reading, (now) => now && settled(now, note.text, told));
    tell("notes");
    return kept;
  });
}

async function post(who, note, token, again = true) {
  const body = new URLSearchParams({ note: note.text, "note-base": note.base, sent: JSON.stringify(note.sent) });
  const keepalive = String(body).length < MOST_KEPT_ALIVE;
  const response = await ask(who, `${note.page}/note`, { method: "POST", headers: { "X-CSRFToken": token }, body, keepalive });
  if (response.status === 400 && again) return post(who, note, await freshToken(who), false);
  let told = null;
  try { told = await response.json(); } catch { /* an answer that is not ours, as of a proxy */ }
  if (!told || response.status === 400 || response.type === "opaqueredirect") throw new Away();
  return { ...told, ok: response.ok, status: response.status };
}

// What becomes of a note of which `sent` was sent; more may have been typed since, and then starts from what was recorded.
function settled(note, sent, told) {
  const isLate = note.text !== sent;
  if (told.ok && told.brought !== undefined) return isLate ? note : { ...note, text: told.brought, base: told.version, sent: [], time: told.time, state: "recorded" };
  if (told.ok) return { ...note, base: told.version, sent: [], time: told.time, state: isLate ? "waiting" : "recorded" };
  if (told.note) return { ...note, told: { kind: "stale", ...told.note }, state: "eye" };
  return { ...note, told: { kind: told.status === 404 ? "gone" : "refused" }, state: "eye" };
}

// A choice is made by somebody who has seen both texts, and starts from the other one.
export async function settleNote(reading, choice) {
  await changeNote(reading, ({ told, ...note }) => ({ ...note, ...chosen(note, told, choice), sent: [], state: "waiting" }));
  tell("notes");
}

function chosen({ text, base }, told, choice) {
  if (choice === "again") return { base };
  const texts = { mine: text, other: told.text, both: bothTexts(text, told.text) };
  return { text: texts[choice], base: told.version || EMPTY };
}

export function bothTexts(mine, other) {
  return [other, mine].map((text) => text.trim()).filter(Boolean).join("\n\n");
}
