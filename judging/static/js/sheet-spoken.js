// Says the running total and what is left to whoever listens rather than looks: once typing has paused, and only when
// it is something new. That a save was recorded, or why it was not, comes first, in the same breath; that there is no
// network is said once, not with every change that waits.

const PAUSE = 1200;

class Spoken {
  constructor(form, said) {
    this.form = form;
    this.said = said;
    this.total = form.querySelector("[data-total]");
    this.next = form.querySelector("[data-next]");
    this.save = form.querySelector("[data-save]");
    this.trouble = this.save?.querySelector("[data-save-trouble]");
    this.toldOf = "";
    this.timer = 0;
    this.touched = false;
    this.recorded = false;
  }

  start() {
    this.form.addEventListener("input", () => { this.touched = true; });
    const later = new MutationObserver(() => this.later());
    for (const part of [this.total, this.next]) {
      if (part) later.observe(part, { childList: true, characterData: true, subtree: true });
    }
    if (this.save) {
      new MutationObserver(() => this.stage()).observe(this.save, { attributes: true, attributeFilter: ["data-stage"] });
    }
    if (this.trouble) new MutationObserver(() => this.later(true)).observe(this.trouble, { attributes: true, attributeFilter: ["data-kind"] });
  }

  stage() {
    this.recorded = this.save.dataset.stage === "recorded";
    if (this.recorded) this.later();
  }

  later(always = false) {
    if (!this.touched && !always) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.say(), PAUSE);
  }

  say() {
    const { text, recordedText } = this.said.dataset;
    const words = text.replace("{total}", this.total.textContent.trim()).replace("{left}", this.next?.textContent.trim() ?? "");
    const told = [this.news(recordedText), this.touched ? words : ""].filter(Boolean).join(" ");
    if (told && told !== this.said.textContent) this.said.textContent = told;
  }

  // That it is recorded, or what is in the way when that is something else than before.
  news(recordedText) {
    const { kind = "" } = this.trouble?.dataset || {};
    const isNew = kind !== this.toldOf;
    this.toldOf = kind;
    if (kind) return isNew ? this.trouble.querySelector("p").textContent.trim() : "";
    return this.recorded ? recordedText : "";
  }
}

for (const said of document.querySelectorAll("form[data-sheet] [data-sheet-said]")) new Spoken(said.closest("form"), said).start();
