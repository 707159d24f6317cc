// The sheet's page: saving while one works, and handing the sheet in. With a network that goes on to the review on the
// server; without one the sheet is handed in on the device, and waits there until it can be sent.

import { flush, handIn, listOutbox } from "./device-outbox.js";
import { waitingEntries } from "./device-prefetch.js";
import { drawStates } from "./device-states.js";
import { canKeep, heed } from "./device-vault.js";
import { markErrors, typedOf } from "./form-fields.js";
import { checkSheet } from "./sheet-checks.js";
import { SheetSaving } from "./sheet-saving.js";

class Desk {
  constructor(form) {
    this.form = form;
    this.saving = new SheetSaving(form);
    this.dialog = document.querySelector("dialog[data-hand-in]");
    this.passes = false;
  }

  async start() {
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.dialog?.addEventListener("close", () => { if (this.dialog.returnValue === "hand-in") this.handIn(); });
    heed("outbox", () => this.follow());
    if (canKeep) await this.follow();
    if (!this.handedIn) await this.saving.start();
  }

  // The saving under way is waited for; then the form goes its ordinary way, or the device takes it.
  async submit(event) {
    if (this.passes) return;
    event.preventDefault();
    const { submitter } = event;
    await this.saving.settled();
    if (canKeep && (!navigator.onLine || this.saving.state.box?.dataset.stage === "device" && (await this.isAway()))) {
      if (submitter?.value === "review") this.offer();
      return;
    }
    // A form takes no submission while the one before is still being told of.
    await new Promise((done) => { setTimeout(done); });
    this.passes = true;
    this.saving.stopped = true;
    this.form.requestSubmit(submitter);
    this.passes = false;
  }

  // What could not be saved just now is tried once more before the network is called away.
  async isAway() {
    await this.saving.send();
    return this.saving.unsent;
  }

  offer() {
    const errors = checkSheet(this.form);
    markErrors(this.form, errors);
    const first = Object.keys(errors)[0];
    if (first) {
      document.getElementById(first)?.closest("details")?.setAttribute("open", "");
      document.getElementById(first)?.focus();
      return;
    }
    this.dialog.querySelector("[data-hand-in-total]").textContent = this.form.querySelector("[data-total]").textContent;
    this.dialog.returnValue = "";
    this.dialog.showModal();
  }

  async handIn() {
    const { dataset, elements } = this.form;
    await this.saving.settled();
    await handIn(this.saving.reading, {
      page: dataset.page,
      code: dataset.code,
      title: dataset.title,
      labels: JSON.parse(dataset.labels),
      revision: this.saving.revision,
      body: {
        fields: Object.fromEntries(typedOf(this.form)),
        base: JSON.parse(elements.base.value),
        sent: this.saving.sent,
        rubric: dataset.rubric,
        language: document.documentElement.lang,
      },
    });
    this.saving.stopped = true;
    await this.saving.draft.clear();
    await this.follow();
    flush();
  }

  // While the sheet waits in the outbox nothing is written on it here; it can be taken back until it is sent.
  async follow() {
    const rows = await listOutbox();
    const own = rows.find((row) => row.reading === this.saving.reading);
    const waits = Boolean(own) && own.state !== "eye";
    this.handedIn = waits;
    for (const part of this.form.children) part.inert = waits && !part.matches("[data-device-box], [data-device-said], [data-save]");
    this.form.classList.toggle("handed-in", waits);
    await this.showNext(rows, waits);
    if (!waits) return;
    this.saving.state.show(own.state === "waiting" ? "device" : own.state, own.told?.receipt.shown);
    this.saving.state.warn("", 0);
    await drawStates();
    const box = document.querySelector("[data-device-box]");
    if (box.contains(document.activeElement)) return;
    box.querySelector("[data-device-next]:not([hidden]) a, button:not([hidden])")?.focus({ preventScroll: true });
    box.scrollIntoView({ block: "center" });
  }

  async showNext(rows, waits) {
    const place = document.querySelector("[data-device-next]");
    const taken = new Set(rows.map((row) => row.reading));
    const entries = await waitingEntries();
    const at = entries.findIndex((entry) => entry.assignment === this.saving.reading);
    const next = [...entries.slice(at + 1), ...entries.slice(0, Math.max(at, 0))].find((entry) => !taken.has(entry.assignment));
    place.hidden = !waits || !next;
    if (next) place.querySelector("a").href = next.page;
  }
}

for (const form of document.querySelectorAll("form[data-sheet-autosave]")) new Desk(form).start();
