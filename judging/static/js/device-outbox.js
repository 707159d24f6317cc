// Sheets that were handed in on the device, sent in the order in which they were, one sender at a time. Each has a key
// that is made here and kept until the server has answered, so that a sheet is recorded once however often it is sent.
//
//   waiting → sending → recorded (with its receipt), or eye: the server did not take it and a person must look at it

import { read, readAll, remove, write } from "./device-db.js";
import { Away, SignedOut, ask, freshToken } from "./device-contact.js";
import { sendNotes } from "./device-notes.js";
import { seal, signedIn, tell, unseal } from "./device-vault.js";

const PENDING = new Set(["waiting", "sending"]);
const LONGEST_WAIT = 60_000;
const MOST_RECORDED = 100;

let tries = 0;
let timer = 0;

async function rowsOf(owner) {
  return (await readAll("outbox")).filter((row) => row.owner === owner);
}

// Put a sheet in; an earlier one of the same reading that was not taken gives way to it.
export async function handIn(reading, sheet) {
  const { owner } = await signedIn();
  const sealed = await seal(owner, { key: crypto.randomUUID(), ...sheet });
  const earlier = (await rowsOf(owner)).filter((row) => row.reading === reading && row.state !== "sending");
  await write("outbox", { owner, reading, state: "waiting", sealed });
  for (const row of earlier) await remove("outbox", row.number);
  tell("outbox");
  askForSync();
}

// Take a sheet back that no server has seen; false when it is too late.
export async function takeBack(number) {
  return navigator.locks.request("judging-desk-send", { ifAvailable: true }, async (turn) => {
    const row = turn && (await read("outbox", number));
    if (!row || (row.state !== "waiting" && row.state !== "eye")) return false;
    await remove("outbox", number);
    tell("outbox");
    return true;
  });
}

export async function putAway(number) {
  await remove("outbox", number);
  tell("outbox");
}

// All sheets of whoever is here with what was answered: {number, reading, state, sheet, told}.
export async function listOutbox() {
  const who = await signedIn();
  if (!who) return [];
  const rows = await rowsOf(who.owner);
  return Promise.all(rows.map(async (row) => ({ ...row, sheet: await unseal(who.owner, row.sealed), told: row.told && (await unseal(who.owner, row.told)) })));
}

// Send what waits. Calls while somebody sends already do nothing: the sender looks for more before it stops.
export async function flush() {
  clearTimeout(timer);
  if (!navigator.locks) return;
  await navigator.locks.request("judging-desk-send", { ifAvailable: true }, async (turn) => {
    if (!turn) return;
    try {
      await sendAll();
      await sendNotes();
      tries = 0;
    } catch (error) {
      if (error instanceof Away) later(error.wait);
      else if (!(error instanceof SignedOut)) throw error;
    }
  });
}

function later(seconds = 0) {
  tries += 1;
  const backoff = Math.min(LONGEST_WAIT, 1000 * 2 ** tries) * (0.5 + Math.random() / 2);
  timer = setTimeout(flush, Math.max(backoff, 1000 * seconds));
}

async function sendAll() {
  for (;;) {
    const who = await signedIn();
    const row = who && (await rowsOf(who.owner)).find((one) => PENDING.has(one.state));
    if (!row) return who && forgetOldest(who.owner);
    await send(who, row);
    tell("outbox");
  }
}

// Receipts are on the server: the device keeps the latest for the eye.
async function forgetOldest(owner) {
  const recorded = (await rowsOf(owner)).filter((row) => row.state === "recorded");
  for (const row of recorded.slice(0, -MOST_RECORDED)) await remove("outbox", row.number);
}

async function send(who, row) {
  const { key, body, page } = await unseal(who.owner, row.sealed);
  const token = await freshToken(who);
  await write("outbox", { ...row, state: "sending" });
  tell("outbox");
  let response;
  try {
    response = await ask(who, `${page}/hand-in`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "Idempotency-Key": `"${key}"`, "X-CSRFToken": token },
      body: JSON.stringify(body),
    });
  } catch (error) {
    await write("outbox", { ...row, state: "waiting" });
    throw error;
  }
  const told = await answerOf(response);
  const kind = String(told.type || "").split("problem-")[1] || "";
  if (response.status === 409 && kind === "in-progress") {
    await write("outbox", { ...row, state: "waiting" });
    throw new Away();
  }
  const state = response.ok && told.receipt ? "recorded" : "eye";
  if (state === "recorded") await remove("sheets", [who.owner, row.reading]);
  await write("outbox", { ...row, state, told: await seal(who.owner, { ...told, kind, status: response.status }) });
}

// An answer that is not ours, as of a proxy, or of a form's token that was not taken, is none: it is asked again.
async function answerOf(response) {
  let told = null;
  try { told = await response.json(); } catch { /* told below */ }
  if (!told || (response.status === 400 && !told.type)) throw new Away();
  return told;
}

// Where the browser can, it wakes the worker when there is a network again, with no page open.
export async function askForSync() {
  try {
    const worker = await navigator.serviceWorker?.ready;
    await worker?.sync?.register("judging-desk");
  } catch { /* it is sent when a page is opened */ }
}
