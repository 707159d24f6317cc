// What lies on the device, in words: how many entries are ready for work without a network, and where each sheet that was
// handed in here stands. Never called recorded before the server said so.

import { drawKept } from "./device-kept.js";
import { drawKeptNotes } from "./device-kept-notes.js";
import { unsentNotes } from "./device-notes.js";
import { listOutbox } from "./device-outbox.js";
import { readiness } from "./device-prefetch.js";
import { speak } from "./device-said.js";
import { unsentReadings } from "./device-drafts.js";
import { heed, signedIn } from "./device-vault.js";

const box = document.querySelector("[data-device-box]");
const waited = new Set();
const filled = (text, values) => Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), text);

function say(line, text) {
  if (!line) return;
  line.hidden = !text;
  if (line.textContent !== text) line.textContent = text;
}

async function sayReady() {
  const line = box.querySelector("[data-device-ready]");
  const found = await readiness();
  if (!found?.total) {
    say(line, "");
    return null;
  }
  const text = filled(line.dataset[found.total === 1 ? "readyOne" : "readyMany"], found);
  say(line, found.full ? `${text} ${line.dataset.fullText}` : text);
  return found;
}

function sayWaiting(name, rows) {
  const line = box.querySelector(`[data-device-${name}]`);
  const count = rows.filter((row) => row.state === "waiting" || row.state === "sending").length;
  const kind = count === 1 ? "waitingOne" : "waitingMany";
  say(line, count ? filled(line.dataset[kind], { count }) : "");
}

// The state on the device beside each link to a sheet.
function mark(rows, unsent) {
  const words = box.dataset;
  const states = new Map([...unsent.map((reading) => [reading, "draft"]), ...rows.map((row) => [row.reading, row.state])]);
  for (const link of document.querySelectorAll("a[href^='/judge/sheets/']")) {
    if (link.closest("[data-device-box]") || link.matches(".button")) continue;
    const state = states.get(link.pathname.split("/")[3]);
    let badge = link.parentElement.querySelector("[data-device-badge]");
    // What was recorded while the page is open, the page itself does not say yet.
    if (state && state !== "recorded") waited.add(link.pathname);
    if (!state || (state === "recorded" && !waited.has(link.pathname))) {
      badge?.remove();
      continue;
    }
    if (!badge) {
      badge = document.createElement("span");
      badge.dataset.deviceBadge = "";
      link.after(" ", badge);
    }
    badge.className = state === "eye" ? "badge badge-attention" : "badge";
    badge.textContent = words[`${state}Text`];
  }
}

let drawing = Promise.resolve();

export function drawStates() {
  if (!box) return drawing;
  // One after the other: a list that is drawn twice at once would show its rows twice.
  drawing = drawing.then(draw).catch(() => {});
  return drawing;
}

async function draw() {
  const who = await signedIn();
  if (!who) return;
  const rows = await listOutbox();
  let ready = null;
  let notes = [];
  if (box.dataset.reading === undefined) {
    ready = await sayReady();
    notes = await unsentNotes();
    sayWaiting("waiting", rows);
    sayWaiting("notes", notes);
    mark(rows, [...(await unsentReadings(who.owner)), ...notes.map((note) => note.reading)]);
    drawKeptNotes(box, notes);
  }
  const own = box.dataset.reading;
  await drawKept(box, own ? rows.filter((row) => row.reading === own) : rows);
  box.hidden = !box.querySelector("[data-device-line]:not([hidden]), [data-kept], [data-kept-note]");
  speak(box, { rows: [...rows, ...notes], ready });
}

for (const what of ["outbox", "kept", "notes"]) heed(what, drawStates);
