// The judge's own notes beside a sheet: kept on the device as one types, encrypted, and sent when there is a network. Where
// a browser cannot encrypt (a page without TLS) the button keeps them, and leaving the page asks first.

import { SignedOut } from "./device-contact.js";
import { LONGEST, changeNote, readNote, sendNote, settleNote } from "./device-notes.js";
import { fillBoth } from "./device-kept-notes.js";
import { askForSync } from "./device-outbox.js";
import { canKeep, heed, signedIn, tell } from "./device-vault.js";

const WAIT = 900;
const RETRY = 8000;

class Note {
  constructor(form) {
    this.form = form;
    this.reading = form.dataset.reading;
    this.field = form.elements.note;
    this.line = form.querySelector("[data-save-time]");
    this.said = form.querySelector("[data-note-said]");
    this.pattern = form.parentElement.querySelector("template[data-note-clash]");
    this.has = form.parentElement.querySelector("[data-note-has]");
    this.panel = null;
    this.changes = 0;
    this.writing = 0;
    this.timer = 0;
    this.stopped = false;
    this.isMet = false;
    this.ready = new Promise((resolve) => { this.isReady = resolve; });
  }

  async start() {
    this.field.addEventListener("input", () => this.typed());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.typed(0);
    });
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") this.send(); });
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.follow(); });
    window.addEventListener("beforeunload", (event) => { if (this.line.dataset.stage === "unkept") event.preventDefault(); });
    heed("notes", () => this.follow());
    heed("arrived", () => this.meet());
    heed("locked", () => { this.stopped = true; });
    await this.meet();
  }

  // From what this page started, before anything was typed. A copy that the device kept does not know: its note lies apart.
  get fresh() {
    const { page, code, title } = this.form.dataset;
    return { page, code, title, text: this.field.value, base: this.form.elements["note-base"].value, sent: [] };
  }

  // What the server shows now is newer than what was recorded here before the page was asked for; what was recorded since,
  // or never, stands. Nothing is kept before whoever this page is for has their key at hand.
  async meet() {
    if ((await signedIn())?.owner !== document.body.dataset.drafts) return;
    const isCopy = "copy" in this.form.dataset;
    const note = await changeNote(this.reading, (kept) => {
      const isKnown = kept ? kept.state !== "recorded" || kept.at > performance.timeOrigin : !this.field.value;
      return isCopy || isKnown || this.changes ? null : { ...this.fresh, state: "recorded" };
    });
    if (!this.changes) this.show(note);
    this.isMet = true;
    this.isReady();
    if (note?.state === "waiting") this.send();
  }

  typed(wait = WAIT) {
    const at = this.changes += 1;
    const { fresh } = this;
    this.writing += 1;
    if (!this.isMet) this.tell("unkept");
    const written = this.ready.then(() => changeNote(this.reading, (kept) => {
      const isAsked = kept?.told?.kind === "stale";
      return { ...(kept || fresh), text: this.field.value, told: isAsked ? kept.told : undefined, state: isAsked ? "eye" : "waiting" };
    }));
    written.finally(() => { this.writing -= 1; }).then((note) => this.wrote(note, at, wait), () => this.tell("unkept"));
    clearTimeout(this.timer);
  }

  wrote(note, at, wait) {
    tell("notes", { here: false });
    if (at !== this.changes) return;
    this.show(note);
    this.timer = setTimeout(() => this.send(), wait);
  }

  // What another page of this device wrote, or the outbox sent, is shown here too, unless somebody types here.
  async follow() {
    const at = this.changes;
    const note = await readNote(this.reading).catch(() => null);
    if (note && at === this.changes && !this.writing) this.show(note);
  }

  show(note) {
    if (!note) return;
    if (note.text !== this.field.value) this.field.value = note.text;
    this.has.hidden = !note.text;
    const { kind } = note.told || {};
    if (note.state === "eye") this.tell(kind === "stale" ? "eye" : kind);
    else if (note.state === "waiting") this.tell("device");
    else if (note.time) this.tell("recorded", note.time);
    if (note.state === "eye" && kind === "stale") this.ask(note);
    else this.close();
  }

  tell(stage, time) {
    const text = this.line.dataset[stage].replace("{time}", time);
    this.line.dataset.stage = stage;
    if (this.line.textContent !== text) this.line.textContent = text;
    if (stage !== "device") this.say(stage === "recorded" ? this.said.dataset.recorded : text);
  }

  // Read out once, not after each pause: what is said stays the same until something else is to be said.
  say(text) { if (this.said.textContent !== text) this.said.textContent = text; }

  async send() {
    clearTimeout(this.timer);
    if (this.stopped) return;
    const who = await signedIn();
    if (!who || (await readNote(this.reading))?.state !== "waiting") return;
    if (!navigator.onLine) {
      this.say(this.line.dataset.device);
      askForSync();
      return;
    }
    try {
      await sendNote(who, this.reading, this.form.elements.csrf_token.value);
    } catch (error) {
      if (error instanceof SignedOut) return;
      this.say(this.line.dataset.device);
      this.timer = setTimeout(() => this.send(), RETRY);
    }
  }

  ask(note) {
    if (!this.panel) {
      this.form.closest("details").open = true;
      this.panel = this.pattern.content.firstElementChild.cloneNode(true);
      this.field.closest(".field").append(this.panel);
      this.panel.addEventListener("click", (event) => {
        const button = event.target.closest("[data-note-act]");
        if (button) this.settle(button.dataset.noteAct);
      });
    }
    fillBoth(this.panel, note, LONGEST);
  }

  async settle(choice) {
    await settleNote(this.reading, choice);
    await this.follow();
    this.field.focus();
    this.send();
  }

  close() {
    this.panel?.remove();
    this.panel = null;
  }
}

// Without a place to keep it: whoever leaves with something typed is asked.
function guard(form) {
  let isTyped = false;
  form.addEventListener("input", () => { isTyped = true; });
  form.addEventListener("submit", () => { isTyped = false; });
  window.addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault(); });
}

for (const form of document.querySelectorAll("form[data-note]")) {
  if (canKeep && navigator.locks) new Note(form).start();
  else guard(form);
}
