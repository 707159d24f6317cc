// The progress of a round, asked for again and again while the page is seen: 304 as long as nothing changed. Without this
// script the page is as it was when it was opened, and loading it again brings it up to date.

const ASK = 10000;

class Progress {
  constructor(box) {
    this.box = box;
    this.said = document.querySelector("[data-progress-said]");
    this.tag = "";
  }

  start() {
    setInterval(() => this.ask(), ASK);
    document.addEventListener("visibilitychange", () => this.ask());
  }

  async ask() {
    // Nothing moves under the hands of whoever is reading a row by keyboard.
    if (document.hidden || this.box.contains(document.activeElement)) return;
    try {
      const answer = await fetch(this.box.dataset.progress, {
        headers: this.tag ? { "If-None-Match": this.tag } : {}, credentials: "same-origin", cache: "no-store",
      });
      this.said.textContent = "";
      if (answer.status !== 200 || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.box.replaceChildren(...page.body.childNodes);
      this.tag = answer.headers.get("ETag") || "";
    } catch {
      this.said.textContent = this.box.dataset.lostText;
    }
  }
}

for (const box of document.querySelectorAll("[data-progress]")) new Progress(box).start();
