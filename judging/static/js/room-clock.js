// The clock that all devices of a room share. The server keeps what happened and when; this page asks it again and again
// (304 as long as nothing moved) and counts by the server's time in between, so that a wrong clock on the device and a
// network that comes and goes do no harm. Without this script the buttons are ordinary forms.

const ASK = 1500;
const TICK = 250;

const two = (number) => String(number).padStart(2, "0");

class RoomClock {
  constructor(box) {
    this.box = box;
    this.data = box.dataset;
    this.left = box.querySelector("[data-clock-left]");
    this.part = box.querySelector("[data-clock-part]");
    this.said = box.querySelector("[data-clock-said]");
    this.form = box.querySelector("[data-clock-form]");
    this.startButton = box.querySelector("[data-clock-start]");
    this.stand = null;
    this.ahead = 0;
    this.tag = "";
  }

  start() {
    this.form?.addEventListener("submit", (event) => this.move(event));
    this.ask();
    setInterval(() => this.show(), TICK);
  }

  // Ask how the clock stands, and ask again after a while whatever came of it.
  async ask() {
    if (!document.hidden) {
      try {
        const sent = performance.now();
        const headers = { Accept: "application/json" };
        if (this.tag) headers["If-None-Match"] = this.tag;
        const answer = await fetch(this.data.roomClock, { headers, credentials: "same-origin", cache: "no-store" });
        await this.take(answer, sent);
        if (this.said.textContent === this.data.lostText) this.said.textContent = "";
      } catch {
        this.said.textContent = this.data.lostText;
      }
    }
    setTimeout(() => this.ask(), ASK);
  }

  // What the server says of the clock; its own time is half a round trip old.
  async take(answer, sent) {
    const time = Number(answer.headers.get("Judging-Time"));
    if (time) this.ahead = time + (performance.now() - sent) / 2 - performance.now();
    if (answer.status === 304 || !(answer.headers.get("Content-Type") || "").includes("json")) return;
    const stand = await answer.json();
    if (stand.version === undefined || (this.stand && stand.version < this.stand.version)) return;
    this.stand = stand;
    this.tag = answer.headers.get("ETag") || "";
    if (this.form) this.form.elements.version.value = stand.version;
    this.show();
  }

  async move(event) {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(this.form));
    body.set("act", event.submitter?.value || "start");
    const sent = performance.now();
    try {
      const answer = await fetch(this.data.roomClock, {
        method: "POST", headers: { Accept: "application/json" }, body, credentials: "same-origin",
      });
      this.said.textContent = answer.status === 409 ? this.data.lateText : "";
      await this.take(answer, sent);
    } catch {
      this.said.textContent = this.data.lostText;
    }
  }

  get passed() {
    const { since, spent } = this.stand;
    return spent + (since === null ? 0 : Math.max(performance.now() + this.ahead - since, 0));
  }

  show() {
    if (!this.stand) return;
    const { part, since } = this.stand;
    const minutes = Number(part === "questions" ? this.data.questions : this.data.presentation);
    const left = Math.ceil((minutes * 60_000 - this.passed) / 1000);
    const over = part !== "idle" && left <= 0;
    const seconds = Math.abs(left);
    // Past the end the clock counts on, so that the chair sees by how much.
    this.left.textContent = `${over && seconds ? "+" : ""}${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
    this.part.textContent = this.data[`${part}Text`];
    if (over && !this.box.classList.contains("over")) this.said.textContent = this.data.overText;
    if (!over && this.said.textContent === this.data.overText) this.said.textContent = "";
    this.box.classList.toggle("over", over);
    if (this.startButton) {
      this.startButton.value = since === null ? "start" : "pause";
      this.startButton.textContent = since !== null ? this.data.pauseText : part === "idle" ? this.data.startText : this.data.onText;
    }
  }
}

for (const box of document.querySelectorAll("[data-room-clock]")) new RoomClock(box).start();
