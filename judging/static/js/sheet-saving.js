// Saves a sheet while it is being filled in. What is typed is first kept on the device, encrypted, then sent and merged
// criterion by criterion with what another device of the same judge wrote; "recorded" is shown only after the server has
// answered. What was sent and never answered is told with the next save, so that a device never clashes with itself.

import { Draft } from "./draft-store.js";
import { freshToken } from "./device-contact.js";
import { SheetDraft } from "./device-drafts.js";
import { canKeep, heed, signedIn, lockUp } from "./device-vault.js";
import { entriesOf, fill, markErrors, typedOf } from "./form-fields.js";
import { SaveState } from "./save-state.js";
import { SheetMerging } from "./sheet-merging.js";

const WAIT = 900;
const RETRY = 8000;
const MOST_SENT = 8;

export class SheetSaving {
  constructor(form) {
    this.form = form;
    this.reading = form.dataset.reading;
    this.merging = new SheetMerging(form, () => this.changed());
    this.draft = canKeep ? new SheetDraft(this.reading) : new PlainDraft(form.dataset.sheetAutosave);
    this.state = new SaveState(form.querySelector("[data-save]"));
    this.revision = Number(form.dataset.revision);
    this.sent = [];
    this.known = new Map(typedOf(form));
    this.changes = 0;
    this.saved = 0;
    this.clashes = 0;
    this.busy = null;
    this.stopped = false;
  }

  async start() {
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", () => this.changed());
    window.addEventListener("online", () => this.send());
    window.addEventListener("pageshow", () => { this.stopped = false; });
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") this.send(); });
    window.addEventListener("beforeunload", (event) => { if (this.unsent && !this.stopped && this.state.box?.dataset.stage === "") event.preventDefault(); });
    heed("locked", () => { this.stopped = true; });
    const restored = await this.restore();
    // What was typed before anybody listened: to open what the device holds takes a moment.
    if (!restored && !this.unsent && this.differs) this.changed();
  }

  get differs() { return typedOf(this.form).some(([name, value]) => value !== this.known.get(name)); }

  get unsent() { return this.changes > this.saved; }

  // How many fields say something else than what is recorded, a band and its number as one; at least one waits.
  get waiting() {
    const now = new Map(typedOf(this.form));
    const names = [...new Set([...now.keys(), ...this.known.keys()])].filter((name) => now.get(name) !== this.known.get(name));
    return Math.max(1, new Set(names.map((name) => name.replace(/-band$/, ""))).size);
  }

  // What the device kept goes back into the form: what was never recorded, or what was recorded after this page was made.
  // Says whether there was any.
  async restore() {
    const kept = await this.draft.read();
    if (!kept || kept.unreadable) return false;
    const isNewer = kept.revision > this.revision;
    if (!kept.unsent && !isNewer) return false;
    if (JSON.stringify(kept.entries) !== JSON.stringify(typedOf(this.form))) fill(this.form, kept.entries);
    else if (kept.unsent && !isNewer) {
      this.draft.clear();
      return true;
    }
    this.merging.base = kept.base;
    this.sent = kept.sent || [];
    if (isNewer) this.took(kept);
    if (!kept.unsent) {
      this.state.show("recorded", kept.time);
      return true;
    }
    this.changes += 1;
    this.state.show("device");
    this.state.warn("restored", 0);
    this.send();
    return true;
  }

  took({ revision, version }) {
    if (revision !== undefined) this.revision = revision;
    if (version !== undefined) this.form.elements.version.value = version;
  }

  changed() {
    const at = this.changes += 1;
    this.keep(true).then((kept) => { if (at === this.changes && !this.busy) this.state.show(kept ? "device" : ""); });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), WAIT);
  }

  keep(unsent, time) {
    const version = Number(this.form.elements.version.value);
    return this.draft.write({ entries: typedOf(this.form), base: this.merging.base, revision: this.revision, version, sent: this.sent, time }, unsent);
  }

  // Resolves once nothing is under way: whoever submits the form waits for it, for a save raises the sheet's version.
  async settled() {
    clearTimeout(this.timer);
    while (this.busy) await this.busy;
  }

  send() {
    if (this.busy || this.stopped || !this.unsent) return this.busy;
    clearTimeout(this.timer);
    if (!navigator.onLine) {
      this.later("offline");
      return null;
    }
    this.busy = this.exchange().finally(() => { this.busy = null; });
    return this.busy;
  }

  async exchange() {
    const upTo = this.changes;
    const entries = typedOf(this.form);
    this.before = new Map(entries);
    const body = new URLSearchParams(entriesOf(this.form).filter(([name]) => name !== "sent" && name !== "csrf_token"));
    body.set("sent", JSON.stringify(this.sent));
    const now = Object.fromEntries(entries);
    if (JSON.stringify(this.sent.at(-1)) !== JSON.stringify(now)) this.sent = [...this.sent, now].slice(-MOST_SENT);
    await this.keep(true);
    this.state.show("sending");
    try {
      const answer = await this.post(body);
      if (answer) await this.recorded(answer, upTo);
    } catch {
      this.later("offline");
    }
    if (this.changes > upTo) this.timer = setTimeout(() => this.send(), WAIT);
  }

  // Give the server's answer, or null when it refused; a network failure throws.
  async post(body, again = true) {
    const response = await fetch(this.form.dataset.sheetAutosave, {
      method: "POST",
      headers: { "X-CSRFToken": this.form.elements.csrf_token.value, Accept: "application/json" },
      body,
      credentials: "same-origin",
      redirect: "manual",
      keepalive: true,
    });
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    const answer = isJson ? await response.json() : null;
    if (answer?.errors) markErrors(this.form, answer.errors);
    if (response.ok && answer?.time) return answer;
    if (response.status === 400 && again && (await this.renewToken())) return this.post(body, false);
    if (response.type === "opaqueredirect" || response.status === 401) await this.signedOut();
    else this.later(response.status >= 500 || response.status === 429 || !isJson ? "offline" : "refused");
    return null;
  }

  // A page that was kept while somebody signed in anew holds a token of the session before.
  async renewToken() {
    const who = canKeep && (await signedIn());
    if (!who) return false;
    await freshToken(who);
    return true;
  }

  async signedOut() {
    this.later("signedOut");
    const who = canKeep && (await signedIn());
    if (who) await lockUp(who.owner);
  }

  async recorded(answer, upTo) {
    this.sent = [];
    this.saved = upTo;
    this.known = this.before;
    this.took(answer);
    if (!answer.errors) markErrors(this.form, {});
    this.clashes = this.merging.apply(answer, this.typedSince());
    this.state.warn(this.clashes ? "clash" : "", this.clashes);
    const late = this.changes > upTo;
    this.form.dispatchEvent(new CustomEvent("draft-recorded", { detail: { ...answer, late }, bubbles: true }));
    // Until the judge has chosen, the text of a clash is on this device alone.
    await this.keep(late || this.clashes > 0, answer.time);
    this.state.show(late || this.clashes ? "device" : "recorded", late ? "" : answer.time);
  }

  // The fields that changed since the save was sent: what was typed meanwhile is not written over.
  typedSince() {
    const now = new Map(typedOf(this.form));
    return new Set([...now.keys(), ...this.before.keys()].filter((name) => now.get(name) !== this.before.get(name)));
  }

  later(kind) {
    this.state.show("device");
    this.state.warn(kind, this.waiting);
    clearTimeout(this.timer);
    if (kind === "offline") this.timer = setTimeout(() => this.send(), RETRY);
  }
}

// Where a browser cannot encrypt (a page without TLS), a sheet lives as long as its tab.
class PlainDraft {
  constructor(name) { this.kept = new Draft(name); }
  async read() { return this.kept.read(); }
  write(value, unsent) { return this.kept.write({ ...value, unsent }); }
  clear() { return this.kept.clear(); }
}
