// The three stops on a page: on this device, sending, recorded; and what is to be said beside them.

const STOPS = ["device", "sending", "recorded"];

export class SaveState {
  constructor(box) {
    this.box = box;
    this.time = box?.querySelector("[data-save-time]");
    this.trouble = box?.querySelector("[data-save-trouble]");
    this.words = this.trouble?.querySelector("p");
  }

  show(stage, time) {
    if (!this.box) return;
    this.box.dataset.stage = stage;
    const at = STOPS.indexOf(stage);
    for (const item of this.box.querySelectorAll("[data-stop]")) {
      const place = STOPS.indexOf(item.dataset.stop);
      item.className = place < at ? "passed" : place > at ? "" : stage === "recorded" ? "recorded" : "now";
    }
    if (time) this.time.textContent = this.time.dataset.recorded.replace("{time}", time);
    else if (stage !== "sending") this.time.textContent = "";
  }

  warn(kind, count) {
    if (!this.trouble) return;
    this.trouble.hidden = !kind;
    if (kind) this.say(this.words.dataset[`${kind}Text`].replace("{count}", count));
    this.trouble.dataset.kind = kind;
  }

  // The first sentence says what happened and is bold.
  say(text) {
    const end = text.indexOf(". ") + 1;
    const first = document.createElement("strong");
    first.textContent = text.slice(0, end);
    this.words.replaceChildren(first, text.slice(end));
  }

  get restoreButton() { return this.trouble?.querySelector("[data-draft-restore]"); }
}
