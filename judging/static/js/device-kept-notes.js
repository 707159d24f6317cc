// Notes that need a person's eye, on the lists: the entry of one may be submitted or gone, and its sheet no longer a place
// to choose between two texts.

import { LONGEST, bothTexts, dropNote, settleNote } from "./device-notes.js";
import { flush } from "./device-outbox.js";

const pattern = document.querySelector("template[data-kept-note-pattern]");

export function drawKeptNotes(box, notes) {
  const list = box.querySelector("[data-kept-notes]");
  if (list && pattern) list.replaceChildren(...notes.filter((note) => note.state === "eye").map(drawn));
}

function drawn(note) {
  const item = pattern.content.firstElementChild.cloneNode(true);
  const link = item.querySelector("[data-kept-link]");
  link.textContent = `${note.code} ${note.title}`;
  link.href = `${note.page}#note`;
  const isStale = note.told.kind === "stale";
  const [both, refused] = ["stale", "refused"].map((part) => item.querySelector(`[data-note-${part}]`));
  both.hidden = !isStale;
  refused.hidden = isStale;
  if (isStale) fillBoth(both, note, LONGEST);
  const why = refused.querySelector("[data-note-why]");
  why.textContent = why.dataset[note.told.kind] || "";
  say(refused.querySelector("[data-note-mine]"), note.text);
  item.addEventListener("click", (event) => {
    const button = event.target.closest("[data-note-act]");
    if (button) act(button, note);
  });
  return item;
}

function say(place, text) { place.textContent = text || place.dataset.emptyText; }

// Both texts beside each other; joined they may be longer than a note is kept.
export function fillBoth(panel, note, longest) {
  say(panel.querySelector("[data-note-mine]"), note.text);
  say(panel.querySelector("[data-note-other]"), note.told.text);
  panel.querySelector("[data-note-act=both]").hidden = bothTexts(note.text, note.told.text).length > longest;
}

async function act(button, note) {
  const { noteAct, doneText, askText } = button.dataset;
  if (noteAct === "copy") {
    await navigator.clipboard.writeText(note.text);
    button.textContent = doneText;
  } else if (noteAct !== "drop") {
    await settleNote(note.reading, noteAct);
    flush();
  } else if (confirm(askText)) {
    await dropNote(note.reading);
  }
}
