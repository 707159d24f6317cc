// The page's part of the recount: the work is done in a worker, what comes of it is told in the sentences that the page
// brought along, and the ranking is shown as a table.

import { sameBytes, textOf } from "./recount-log.js";

const OK = "0";
const NOT_RECOUNTED = "10";
const STEPS = ["fetch", "files", "signature", "tree", "leaves", "documents", "ranking", "results"];

class Recount {
  constructor(root) {
    this.root = root;
    this.words = JSON.parse(root.dataset.words);
    this.button = root.querySelector("[data-recount-form] button");
    root.querySelector("[data-recount-form]").addEventListener("submit", (event) => {
      event.preventDefault();
      this.start(new FormData(event.target).get("vkey").trim());
    });
  }

  one(selector) {
    return this.root.querySelector(selector);
  }

  say(name, state) {
    const step = this.one(`[data-step="${name}"]`);
    step.dataset.state = state;
    step.textContent = step.dataset[state];
    step.hidden = false;
  }

  // All steps before this one hold, or the recount would not have come so far.
  reach(name) {
    for (const before of STEPS.slice(0, STEPS.indexOf(name))) this.say(before, "holds");
    this.say(name, "doing");
  }

  clear() {
    for (const part of this.root.querySelectorAll("[data-step], [data-said], [data-verdict]")) part.hidden = true;
    this.one("[data-recount-ranking]").replaceChildren();
  }

  start(vkey) {
    this.clear();
    this.button.disabled = true;
    this.reach("fetch");
    const worker = new Worker(this.root.dataset.worker, { type: "module" });
    const end = () => {
      worker.terminate();
      this.button.disabled = false;
    };
    worker.addEventListener("message", async ({ data }) => {
      if (data.step) {
        this.reach(data.step);
        return;
      }
      if (data.result) await this.finish(data.result);
      else this.say("fetch", "fails");
      end();
    });
    worker.addEventListener("error", () => {
      this.say("fetch", "fails");
      end();
    });
    worker.postMessage({ bundle: new URL(this.root.dataset.bundle, location.href).href, vkey });
  }

  async finish(result) {
    for (const { name, code } of result.steps) this.say(name, code === 0 ? "holds" : "fails");
    if (result.hashed) this.leaveOut("signature", "unsigned", result.signed !== null);
    else this.leaveOutHashes();
    let verdict = String(result.code);
    if (verdict === NOT_RECOUNTED) this.one('[data-step="ranking"]').hidden = true;
    else if (verdict === OK) verdict = await this.compareWithPage(result);
    if (verdict === OK && !result.signed) verdict = "unproved";
    const shown = this.one(`[data-verdict="${verdict}"]`) ?? this.one('[data-verdict="wrong"]');
    shown.hidden = false;
    if (result.ranking) this.show(JSON.parse(textOf(result.ranking)));
  }

  // A step that was gone through without being able to check: it must not be told as if it had held.
  leaveOut(name, said, wasChecked) {
    const step = this.one(`[data-step="${name}"]`);
    if (wasChecked || step.dataset.state !== "holds") return;
    step.hidden = true;
    this.one(`[data-said="${said}"]`).hidden = false;
  }

  leaveOutHashes() {
    this.leaveOut("files", "unhashed", false);
    this.leaveOut("tree", "unhashed", false);
    this.leaveOut("signature", "unsigned", false);
  }

  async compareWithPage(result) {
    this.say("results", "doing");
    const answer = await fetch(this.root.dataset.ranking).catch(() => null);
    const shown = answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : new Uint8Array();
    const same = sameBytes(shown, result.ranking);
    this.say("results", same ? "holds" : "fails");
    return same ? OK : "wrong";
  }

  show(ranking) {
    const last = ranking.rounds.at(-1)?.key;
    const prizes = new Map();
    for (const { entry, level } of ranking.prizes) prizes.set(entry, [...(prizes.get(entry) ?? []), level]);
    for (const round of [...ranking.rounds].reverse()) {
      const part = this.one("[data-recount-table]").content.cloneNode(true);
      part.querySelector("h3").textContent = this.words.rounds[round.key] ?? round.key;
      const won = round.key === last ? prizes : new Map();
      part.querySelector("tbody").append(...round.standings.map((place) => this.row(place, won.get(place.entry) ?? [])));
      this.one("[data-recount-ranking]").append(part);
    }
  }

  row(place, levels) {
    const row = document.createElement("tr");
    const labels = this.one("[data-recount-table]").content.querySelectorAll("thead th");
    const cell = (tag, classes, text) => {
      const made = document.createElement(tag);
      made.className = classes;
      made.textContent = text;
      // On a phone the columns are gone, and each figure says itself what it is.
      made.dataset.label = labels[row.children.length].textContent;
      row.append(made);
      return made;
    };
    cell("td", "num", place.rank);
    const entry = cell("th", "main", this.words.entries[place.entry] ?? place.entry);
    entry.scope = "row";
    const lines = [this.words.entries[place.entry] ? place.entry : "", levels.map((key) => this.words.prizes[key] ?? key).join(", ")];
    for (const text of lines.filter(Boolean)) {
      const line = document.createElement("span");
      line.className = "sub-line";
      line.textContent = text;
      entry.append(line);
    }
    cell("td", "num hide-phone", place.sheets);
    cell("td", "num strong", this.words.decimal === "." ? place.score : place.score.replace(".", this.words.decimal));
    return row;
  }
}

for (const root of document.querySelectorAll("[data-recount]")) new Recount(root);
