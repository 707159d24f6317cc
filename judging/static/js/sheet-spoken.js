// Says the running total and what is left to whoever listens rather than looks: once typing has paused, and only when
// it is something new. When a save is recorded it says that first, in the same breath.

const PAUSE = 1200;

class Spoken {
  constructor(form, said) {
    this.form = form;
    this.said = said;
    this.total = form.querySelector("[data-total]");
    this.next = form.querySelector("[data-next]");
    this.save = form.querySelector("[data-save]");
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
  }

  stage() {
    this.recorded = this.save.dataset.stage === "recorded";
    if (this.recorded) this.later();
  }

  later() {
    if (!this.touched) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.say(), PAUSE);
  }

  say() {
    const { text, recordedText } = this.said.dataset;
    const words = text.replace("{total}", this.total.textContent.trim()).replace("{left}", this.next?.textContent.trim() ?? "");
    const told = this.recorded ? `${recordedText} ${words}` : words;
    if (told !== this.said.textContent) this.said.textContent = told;
  }
}

for (const said of document.querySelectorAll("form[data-sheet] [data-sheet-said]")) new Spoken(said.closest("form"), said).start();
