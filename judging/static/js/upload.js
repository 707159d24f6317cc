// Sends the files of the entry form in pieces that survive a lost network, a reload and a restart of the server, and shows
// how far they are. Without this script the same forms send their files in one go.

import { Memory, fingerprint } from "./upload-memory.js";
import { Sender } from "./upload-sender.js";

const MEGABYTE = 1000000;
const TOLD_EVERY = 10;
const number = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const words = document.querySelector("[data-upload-words]");
const pattern = document.querySelector("template[data-upload-row]");

function filled(kind, sender, done = sender.offset) {
  return (words.dataset[kind] || "")
    .replace("{done}", number.format(done / MEGABYTE))
    .replace("{total}", number.format(sender.file.size / MEGABYTE));
}

// The token of the page's forms; a new one after a new sign-in.
async function freshToken() {
  const page = await (await fetch(location.pathname, { headers: { Accept: "text/html" } })).text();
  const found = new DOMParser().parseFromString(page, "text/html");
  const token = found.querySelector("form[data-upload] [name=csrf_token]")?.value;
  if (token) for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
}

// One file on the page.
class Row {
  constructor(list, name, act) {
    this.line = pattern.content.firstElementChild.cloneNode(true);
    this.part = (name) => this.line.querySelector(`[data-${name}]`);
    this.part("name").textContent = name;
    this.told = -TOLD_EVERY;
    for (const button of this.line.querySelectorAll("[data-act]")) {
      const label = button.querySelector(".sr-only");
      label.textContent = label.textContent.replace("{name}", name);
      button.addEventListener("click", () => act(button.dataset.act));
    }
    list.append(this.line);
    list.hidden = false;
  }

  show(sender, detail) {
    const done = sender.ahead || sender.offset;
    const part = sender.file.size ? (100 * done) / sender.file.size : 0;
    this.line.querySelector("rect").setAttribute("width", `${part.toFixed(2)}%`);
    this.line.querySelectorAll("text").forEach((text, n) => { text.textContent = number.format((sender.file.size * n) / 4 / MEGABYTE); });
    const said = detail || filled(sender.state, sender, sender.state === "sending" ? done : sender.offset);
    const state = this.part("state");
    state.textContent = said;
    state.classList.toggle("refused", sender.state === "refused");
    state.classList.toggle("waiting", sender.state === "waiting" || sender.state === "signedout");
    this.part("bar").setAttribute("aria-valuenow", Math.round(part));
    this.part("bar").setAttribute("aria-valuetext", said);
    this.part("bar").hidden = ["refused", "done", "cancelled"].includes(sender.state);
    this.buttons(sender.state);
    this.tell(sender, said, part);
  }

  buttons(state) {
    const shown = { pause: ["sending", "waiting"], resume: ["paused", "signedout"], cancel: ["sending", "waiting", "paused", "signedout", "refused"] };
    for (const button of this.line.querySelectorAll("[data-act]")) {
      const hide = !shown[button.dataset.act].includes(state);
      const twin = { pause: "resume", resume: "pause" }[button.dataset.act];
      const had = document.activeElement === button;
      button.hidden = hide;
      // Whoever pauses by keyboard finds the way on in the same place.
      if (hide && had && twin) requestAnimationFrame(() => this.line.querySelector(`[data-act=${twin}]:not([hidden])`)?.focus());
    }
  }

  // Changes of state at once, growth now and then: a screen reader must not read every percent.
  tell(sender, said, part) {
    if (sender.state === this.state && (sender.state !== "sending" || part < this.told + TOLD_EVERY)) return;
    this.state = sender.state;
    this.told = part;
    words.textContent = `${sender.file.name}: ${said}`;
  }

  remove() {
    const list = this.line.parentElement;
    this.line.remove();
    if (list) list.hidden = !list.children.length;
  }
}

// One item of the dossier: its form, what is kept, and what is on its way, one file after another.
class Item {
  constructor(form, memory) {
    this.form = form;
    this.memory = memory;
    this.section = form.closest("section");
    this.list = this.section.querySelector("[data-uploading]");
    this.input = form.querySelector("input[type=file]");
    this.queue = Promise.resolve();
    this.waiting = 0;
    form.addEventListener("submit", (event) => this.chosen(event));
  }

  key(file) { return fingerprint(this.form.dataset.upload, this.form.dataset.item, file); }

  async chosen(event) {
    const chosen = [...this.input.files];
    if (!chosen.length) return;
    event.preventDefault();
    const most = Number(this.form.dataset.most) - this.waiting;
    if (chosen.length > most) {
      words.textContent = words.dataset.toomany.replace("{count}", most);
      this.complain(words.textContent);
      return;
    }
    this.complain("");
    this.input.value = "";
    for (const file of chosen) {
      const known = await this.memory.find(this.key(file));
      this.add(file, known?.url || this.unfinished(file));
    }
  }

  complain(text) {
    this.note ||= this.input.closest(".field").appendChild(Object.assign(document.createElement("p"), { className: "field-error" }));
    this.note.textContent = text;
  }

  // What the server holds of a file of the same name and length, begun here or on another device.
  unfinished(file) {
    const rows = [...this.section.querySelectorAll("[data-unfinished]")];
    const found = rows.find((row) => Number(row.dataset.size) === file.size && row.dataset.name === file.name.normalize("NFC"));
    return found?.dataset.unfinished || "";
  }

  add(file, url) {
    const key = this.key(file);
    const where = {
      create: this.form.dataset.upload, item: this.form.dataset.item,
      token: async () => this.form.querySelector("[name=csrf_token]").value,
    };
    const row = new Row(this.list, file.name, (act) => this.act(act, sender, row, key));
    let known = "";
    const sender = new Sender(file, where, (one, detail) => {
      row.show(one, detail);
      if (one.url !== known) {
        known = one.url;
        if (known) this.memory.keep({ key, url: known, item: where.item, name: file.name, size: file.size }, file);
        this.hideTwin(known);
      }
    }, url);
    this.hideTwin(url);
    this.waiting += 1;
    row.show(sender, filled("sending", sender));
    this.queue = this.queue.then(() => this.send(sender, row, key));
  }

  hideTwin(url) {
    const twin = url && this.section.querySelector(`[data-unfinished="${CSS.escape(url)}"]`);
    if (twin) twin.hidden = true;
  }

  // Ends when the file is through or has stopped for good; a paused one lets the next ones go first.
  async send(sender, row, key) {
    if (sender.state !== "new") return;
    await this.alone(sender);
    await this.ended(sender, row, key);
  }

  // Two tabs must not send the same upload against each other.
  async alone(sender) {
    if (!navigator.locks || !sender.url) { await sender.start(); return; }
    await navigator.locks.request(`upload ${sender.url}`, () => sender.start());
  }

  async ended(sender, row, key) {
    if (sender.state === "done") {
      await this.memory.remove(key);
      this.waiting -= 1;
      await this.refresh();
      row.remove();
    } else if (sender.state === "refused") {
      await this.memory.remove(key);
      this.waiting -= 1;
    }
  }

  async act(act, sender, row, key) {
    if (act === "pause") sender.pause();
    else if (act === "resume") {
      if (sender.state === "signedout") await freshToken().catch(() => null);
      await this.alone(sender);
      await this.ended(sender, row, key);
    } else {
      const counted = sender.state !== "refused";
      await this.memory.remove(key);
      await sender.cancel();
      if (counted) this.waiting -= 1;
      row.remove();
      this.input.focus();
      await this.refresh();
    }
  }

  // What the server now has, without a reload under files that are still on their way.
  async refresh() {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const replace = (root, fresh, selector) => {
      const [old, made] = [root?.querySelector(selector), fresh?.querySelector(selector)];
      if (old && made) old.replaceWith(document.adoptNode(made));
    };
    const twin = page.getElementById(this.section.id);
    replace(this.section, twin, "[data-kept]");
    replace(document, page, "[data-room]");
    replace(document, page, "#missing");
    if (page.getElementById("missing") === null) document.getElementById("missing")?.remove();
    if (this.waiting) { for (const one of await this.memory.all()) this.hideTwin(one.url); return; }
    const form = twin?.querySelector("form[data-upload]");
    if (form) this.form.dataset.most = form.dataset.most;
    const [old, label] = [this.form.querySelector(".label"), form?.querySelector(".label")];
    if (old && label) old.textContent = label.textContent;
    if (twin && !form) this.form.replaceWith(document.adoptNode(twin.querySelector("[data-full]")));
  }
}

async function begin() {
  const forms = [...document.querySelectorAll("form[data-upload]")];
  if (!forms.length || !pattern || !words) return;
  const memory = new Memory(forms[0].dataset.upload);
  const items = new Map(forms.map((form) => [form.dataset.item, new Item(form, memory)]));
  document.documentElement.dataset.uploads = "ready";
  for (const one of await memory.all()) if (one.file) items.get(one.item)?.add(one.file, one.url);
}

begin();
