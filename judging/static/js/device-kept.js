// Sheets of the outbox as a list: where each stands, what was answered, and for those that need a person's eye what is
// kept, what stands on the server, and what can be done. Nothing is converted and nothing thrown away without a word.

import { handIn, putAway, takeBack, flush } from "./device-outbox.js";
import { SheetDraft } from "./device-drafts.js";

const pattern = document.querySelector("template[data-kept-pattern]");

export async function drawKept(box, rows) {
  const list = box.querySelector("[data-kept-list]");
  const focus = document.activeElement?.closest("[data-kept]")?.dataset.kept;
  const open = new Set([...list.querySelectorAll("[data-kept]:has(details[open])")].map((item) => item.dataset.kept));
  const done = box.querySelector("[data-kept-done]");
  const items = rows.map((row) => [row, drawn(box, row, open.has(String(row.number)))]);
  const isOpen = ([row]) => !done || row.state !== "recorded";
  list.replaceChildren(...items.filter(isOpen).map(([, item]) => item));
  if (done) {
    const recorded = items.filter((one) => !isOpen(one)).map(([, item]) => item);
    done.hidden = !recorded.length;
    done.querySelector("ul").replaceChildren(...recorded);
    const words = done.querySelector("summary");
    words.textContent = words.dataset[recorded.length === 1 ? "one" : "many"].replace("{count}", recorded.length);
  }
  if (focus) list.querySelector(`[data-kept="${focus}"] a`)?.focus();
}

function drawn(box, row, isOpen) {
  const item = pattern.content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`[data-kept-${name}]`);
  item.dataset.kept = row.number;
  item.dataset.state = row.state;
  const link = part("link");
  link.textContent = `${row.sheet.code} ${row.sheet.title}`;
  link.href = row.state === "recorded" ? row.told.receipt.page : row.sheet.page;
  if (box.dataset.reading !== undefined && row.state !== "recorded") link.removeAttribute("href");
  part("state").textContent = box.dataset[`${row.state}Text`];
  part("state").classList.toggle("badge-attention", row.state === "eye");
  part("why").textContent = reason(box, row);
  const texts = part("texts");
  texts.hidden = row.state === "recorded";
  texts.open = isOpen;
  part("fields").replaceChildren(...fieldsOf(row, part("fields").dataset));
  for (const button of item.querySelectorAll("button[data-act]")) {
    button.hidden = !MAY[button.dataset.act](row);
    button.addEventListener("click", () => act(button, row));
  }
  return item;
}

function reason(box, row) {
  if (row.state === "recorded") return box.dataset.receiptText.replace("{number}", row.told.receipt.number).replace("{code}", row.told.receipt.code).replace("{time}", row.told.receipt.shown);
  if (row.state !== "eye") return box.dataset.waitingWhy;
  const { told } = row;
  if (told.status === 404) return box.dataset.goneText;
  if (told.kind === "stale" && told.current.receipt) return `${told.detail} ${box.dataset.otherText.replace("{number}", told.current.receipt.number)}`;
  return [told.detail || told.title, ...Object.values(told.fields || {})].join(" ");
}

function pair(word, text) {
  const made = document.createElement("dd");
  const said = document.createElement("span");
  said.className = "muted";
  said.textContent = `${word}: `;
  const value = document.createElement("span");
  value.className = "preline";
  value.textContent = text || "–";
  made.append(said, value);
  return made;
}

// Each field by its label: what is kept here and, when another sheet stands on the server, that beside it.
function* fieldsOf(row, words) {
  const current = row.told?.current?.fields;
  for (const [name, label] of row.sheet.labels) {
    const mine = row.sheet.body.fields[name] || "";
    const other = current?.[name] || "";
    if (!mine && !other) continue;
    const term = document.createElement("dt");
    term.textContent = label;
    yield term;
    yield pair(words.mine, mine);
    if (current && other !== mine) yield pair(words.other, other);
  }
}

const MAY = {
  copy: ({ state }) => state !== "recorded",
  back: ({ state, told }) => state === "waiting" || (state === "eye" && told.status === 422),
  mine: ({ state, told }) => state === "eye" && told.kind === "stale",
  other: ({ state, told }) => state === "eye" && told.kind === "stale",
  again: ({ state, told }) => state === "eye" && (told.status === 403 || told.kind === "conflict" || told.kind === "round-ended"),
  drop: ({ state, told }) => state === "eye" && told.kind !== "stale" && told.status !== 422,
};

function textOf(row) {
  const lines = row.sheet.labels.map(([name, label]) => [label, row.sheet.body.fields[name]]);
  return [`${row.sheet.code} ${row.sheet.title}`, ...lines.filter(([, text]) => text).map(([label, text]) => `${label}: ${text}`)].join("\n");
}

async function act(button, row) {
  const { sheet, told, reading, number } = row;
  const name = button.dataset.act;
  if (name === "copy") {
    await navigator.clipboard.writeText(textOf(row));
    button.textContent = button.dataset.doneText;
  } else if (name === "back") {
    // Back into the sheet as a draft; the page shows it and saves it from there.
    await new SheetDraft(reading).write({ entries: Object.entries(sheet.body.fields), base: JSON.stringify(sheet.body.base), revision: sheet.revision, sent: sheet.body.sent, fromOutbox: true }, true);
    if (await takeBack(number)) location.assign(sheet.page);
  } else if (name === "mine") {
    // Handed in by somebody who has seen the other one: it starts from there.
    await handIn(reading, { ...sheet, body: { ...sheet.body, base: {}, sent: [told.current.fields] } });
    flush();
  } else if (name === "again") {
    await handIn(reading, sheet);
    flush();
  } else if (confirm(button.dataset.askText)) {
    await new SheetDraft(reading).clear();
    await putAway(number);
  }
}
