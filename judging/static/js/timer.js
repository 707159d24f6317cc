// The clock of a presentation: minutes to present, then minutes for questions. It runs by what has passed on this device
// since the start, so that a tab in the background loses no time. Nothing is sent anywhere.

const two = (number) => String(number).padStart(2, "0");
const TICK = 250;

class Timer {
  constructor(box) {
    this.box = box;
    this.clock = box.querySelector("[data-timer-clock]");
    this.words = box.querySelector("[data-timer-words]");
    this.said = box.querySelector("[data-timer-said]");
    this.startButton = box.querySelector("[data-timer-start]");
    this.intro = this.words.textContent;
    this.reset();
  }

  start() {
    this.startButton.addEventListener("click", () => (this.since === null ? this.run() : this.pause()));
    this.box.querySelector("[data-timer-questions]")?.addEventListener("click", () => this.begin("second", this.box.dataset.questions));
    this.box.querySelector("[data-timer-reset]").addEventListener("click", () => this.reset());
  }

  reset() {
    this.stop();
    this.length = Number(this.box.dataset.minutes) * 60_000;
    this.spent = 0;
    this.words.textContent = this.intro;
    this.startButton.textContent = this.box.dataset.startText;
    this.show();
  }

  begin(part, minutes) {
    this.stop();
    this.length = Number(minutes) * 60_000;
    this.spent = 0;
    this.words.textContent = this.box.dataset[part];
    this.run();
  }

  run() {
    if (this.words.textContent === this.intro) this.words.textContent = this.box.dataset.first;
    this.since = performance.now();
    this.startButton.textContent = this.box.dataset.pauseText;
    this.ticking = setInterval(() => this.show(), TICK);
    this.show();
  }

  pause() {
    this.spent = this.passed;
    this.stop();
    this.startButton.textContent = this.box.dataset.onText;
    this.show();
  }

  stop() {
    clearInterval(this.ticking);
    this.since = null;
  }

  get passed() { return this.spent + (this.since === null ? 0 : performance.now() - this.since); }

  show() {
    const left = Math.ceil((this.length - this.passed) / 1000);
    const over = left <= 0;
    const seconds = Math.abs(left);
    // Past the end the clock counts on, so that the chair sees by how much.
    this.clock.textContent = `${over && seconds ? "+" : ""}${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
    if (over !== this.box.classList.contains("over")) this.said.textContent = over ? this.box.dataset.over : "";
    this.box.classList.toggle("over", over);
  }
}

for (const box of document.querySelectorAll("[data-timer]")) new Timer(box).start();
