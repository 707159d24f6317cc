// Saves a form while one works on it. What is typed is first kept on the device, then sent; "recorded" is shown only after
// the server has answered, with the server's time. A lost network or an ended session loses nothing: the draft stays on
// the device and is sent later. Without this script the form is an ordinary one.

import { Draft } from "./draft-store.js";
import { Merging } from "./draft-merging.js";
import { entriesOf, fill, markErrors, typedOf } from "./form-fields.js";
import { SaveState } from "./save-state.js";

const WAIT = 900;
const RETRY = 8000;
const PUT_BACK = "draft-put-back";

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosave;
    this.merging = form.elements.base ? new Merging(form, (field) => this.changed(field)) : null;
    this.draft = new Draft(form.dataset.draftKey || new URL(this.url, location.href).pathname);
    this.state = new SaveState(form.querySelector("[data-save]") || document.querySelector("[data-save]"));
    this.base = form.dataset.savedAt || "";
    this.changes = 0;
    this.waiting = new Set();
    this.busy = false;
    this.leaving = false;
    this.held = null;
    this.timer = 0;
  }

  start() {
    this.form.addEventListener("input", (event) => this.changed(event.target));
    this.form.addEventListener("change", (event) => this.changed(event.target));
    this.form.addEventListener("submit", (event) => this.leave(event));
    window.addEventListener("online", () => this.send());
    window.addEventListener("pageshow", () => { this.leaving = false; });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.waiting.size) this.send();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting.size && !this.leaving) event.preventDefault();
    });
    this.restore();
  }

  // A draft made on the present state of the server goes back in by itself; an older one waits for a person's word.
  async restore() {
    if (takeNote()) this.state.warn("restored", 0);
    const kept = await this.draft.read();
    if (!kept) return;
    if (JSON.stringify(kept.entries) === JSON.stringify(this.typed())) {
      // The form was sent in the ordinary way since, and the page shows what was kept.
      this.draft.clear();
      return;
    }
    if (this.merging) {
      await this.sendKept(kept);
      return;
    }
    if (kept.base === this.base) {
      this.putBack(kept);
      return;
    }
    const button = this.state.restoreButton;
    if (!button) return;
    this.state.warn("older", 0);
    button.hidden = false;
    button.addEventListener("click", () => { button.hidden = true; this.putBack(kept); }, { once: true });
  }

  // A form that is merged field by field sends what the device had kept, as it was, and shows what came of it.
  async sendKept(kept) {
    this.busy = true;
    this.state.show("sending");
    let answer = null;
    try {
      answer = await this.post(kept.body);
    } catch {
      fill(this.form, kept.entries);
      this.later("offline");
    } finally {
      this.busy = false;
    }
    if (answer && !this.changes) {
      await this.draft.clear();
      this.leaving = true;
      leaveNote();
      location.reload();
    } else if (answer || this.waiting.size) {
      this.send();
    }
  }

  typed() { return typedOf(this.form); }

  putBack(kept) {
    fill(this.form, kept.entries);
    this.state.warn("restored", 0);
    this.changed({ name: "draft" });
  }

  changed(field) {
    if (!field.name || field.type === "file") return;
    const at = this.changes += 1;
    this.waiting.add(field.name);
    this.keep().then((kept) => { if (at === this.changes && !this.busy) this.state.show(kept ? "device" : ""); });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), WAIT);
  }

  keep() {
    const body = entriesOf(this.form).filter(([name]) => name !== "csrf_token");
    return this.draft.write({ base: this.base, entries: this.typed(), ...(this.merging ? { body } : {}) });
  }

  // A save under way raises the version that the form must send, so the form waits for its answer; a second press does not.
  leave(event) {
    clearTimeout(this.timer);
    if (this.busy && !this.held) {
      event.preventDefault();
      this.held = { submitter: event.submitter };
      return;
    }
    this.leaving = true;
  }

  async send() {
    if (this.busy || this.leaving || !this.waiting.size) return;
    clearTimeout(this.timer);
    const upTo = this.changes;
    this.before = new Map(this.typed());
    this.busy = true;
    this.state.show("sending");
    try {
      const answer = await this.post();
      if (answer) this.recorded(answer, upTo);
    } catch {
      this.later("offline");
    } finally {
      this.busy = false;
    }
    if (this.held) {
      const { submitter } = this.held;
      this.form.requestSubmit(submitter);
      this.held = null;
      return;
    }
    if (this.changes > upTo) this.timer = setTimeout(() => this.send(), WAIT);
  }

  // Give the server's answer, or null when it refused; a network failure throws.
  async post(entries = entriesOf(this.form)) {
    const token = this.form.elements.csrf_token?.value || "";
    const response = await fetch(this.url, {
      method: this.form.dataset.autosaveMethod || "POST",
      headers: { "X-CSRFToken": token, Accept: "application/json" },
      body: new URLSearchParams(entries),
      credentials: "same-origin",
      redirect: "manual",
      keepalive: true,
    });
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    const answer = isJson ? await response.json() : null;
    if (answer?.errors) markErrors(this.form, answer.errors);
    if (response.ok && answer?.time) return answer;
    this.later(response.type === "opaqueredirect" || response.status === 401 ? "signedOut" : response.status >= 500 ? "offline" : "refused");
    return null;
  }

  recorded(answer, upTo) {
    this.base = answer.saved_at || this.base;
    if (answer.version !== undefined && this.form.elements.version) this.form.elements.version.value = answer.version;
    if (!answer.errors) markErrors(this.form, {});
    const late = this.changes > upTo;
    const clashes = this.merging && answer.started ? this.merging.apply(answer, this.typedSince()) : 0;
    this.state.warn(clashes ? "clash" : "", clashes);
    this.form.dispatchEvent(new CustomEvent("draft-recorded", { detail: { ...answer, late }, bubbles: true }));
    if (late) {
      this.keep();
      this.state.show("device");
      return;
    }
    this.waiting.clear();
    this.draft.clear();
    this.state.show("recorded", answer.time);
  }

  // The fields that changed since the save was sent: what was typed meanwhile is not written over.
  typedSince() {
    const now = new Map(this.typed());
    return new Set([...new Set([...now.keys(), ...this.before.keys()])].filter((name) => now.get(name) !== this.before.get(name)));
  }

  later(kind) {
    this.state.show("device");
    this.state.warn(kind, this.waiting.size);
    clearTimeout(this.timer);
    if (kind !== "refused") this.timer = setTimeout(() => this.send(), RETRY);
  }
}

// A page that shows itself again says once that it put something back.
function leaveNote() {
  try { sessionStorage.setItem(PUT_BACK, location.pathname); } catch { /* it is not said then */ }
}

function takeNote() {
  try {
    const noted = sessionStorage.getItem(PUT_BACK) === location.pathname;
    sessionStorage.removeItem(PUT_BACK);
    return noted;
  } catch { return false; }
}

// A form without autosave may still ask before typed text is lost.
function guard(form) {
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form).start();
for (const form of document.querySelectorAll("form[data-guard]:not([data-autosave])")) guard(form);
