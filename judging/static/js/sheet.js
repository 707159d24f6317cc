// Comfort for the score sheet: steppers, number keys inside the chosen band, folding, the running total, undo. The text
// field of each criterion stays the one thing that is sent; everything here only writes into it.

import { Bands } from "./sheet-bands.js";
import { Folding } from "./sheet-folding.js";
import { parse, show, tidy, weightOf, wireStepper } from "./sheet-numbers.js";

const SAME_EDIT = 900;

class Sheet {
  constructor(form) {
    this.form = form;
    this.criteria = [...form.querySelectorAll("[data-criterion]")];
    this.total = form.querySelector("[data-total]");
    this.next = form.querySelector("[data-next][data-left]");
    this.undoButton = form.querySelector("[data-undo]");
    this.past = [];
    this.lastField = null;
    this.lastAt = 0;
  }

  start() {
    for (const stepper of this.form.querySelectorAll("[data-stepper]")) wireStepper(stepper);
    this.bands = [...this.form.querySelectorAll("[data-bands]")].map((fieldset) => new Bands(fieldset));
    for (const bands of this.bands) bands.start();
    this.folding = new Folding(this.form);
    this.folding.start();
    this.now = this.snapshot();
    this.form.addEventListener("input", (event) => { this.remember(event.target); this.count(); });
    this.form.addEventListener("form-filled", () => this.redraw());
    this.form.addEventListener("draft-recorded", (event) => this.heed(event.detail));
    this.undoButton?.addEventListener("click", () => this.undo());
    this.next?.addEventListener("click", (event) => this.goOn(event));
    this.count();
  }

  marksOf(criterion) {
    return [...criterion.querySelectorAll("[data-mark]")].map((field) => parse(field.value));
  }

  isMarked(criterion) {
    const marks = this.marksOf(criterion);
    return marks.every((mark) => mark !== null);
  }

  count() {
    let total = 0;
    let any = false;
    for (const criterion of this.criteria) {
      const marks = this.marksOf(criterion);
      const given = marks.filter((mark) => mark !== null);
      const sum = tidy(given.reduce((left, right) => left + right, 0));
      criterion.classList.toggle("marked", marks.length > 0 && given.length === marks.length);
      const head = criterion.querySelector("[data-criterion-mark]");
      head.textContent = given.length ? show(sum) : criterion.dataset.unmarkedText;
      head.classList.toggle("unmarked", given.length === 0);
      total += sum * weightOf(criterion.dataset.weight);
      any ||= given.length > 0;
    }
    if (this.total) this.total.textContent = any ? show(Math.round(total * 100) / 100) : "–";
    this.sayLeft(this.criteria.filter((criterion) => !this.isMarked(criterion)).length);
  }

  sayLeft(left) {
    if (!this.next) return;
    const { leftOne, leftMany, leftNone } = this.next.dataset;
    this.next.dataset.left = left;
    this.next.textContent = left === 0 ? leftNone : left === 1 ? leftOne : leftMany.replace("{n}", left);
  }

  // The server adds exactly; its words replace the page's, unless somebody has typed on since they were sent.
  heed(answer) {
    if (answer.late) return;
    if (answer.total !== undefined && this.total) this.total.textContent = answer.total;
    if (answer.left !== undefined) this.sayLeft(answer.left);
  }

  goOn(event) {
    const missing = this.criteria.find((criterion) => !this.isMarked(criterion));
    if (!missing) return;
    event.preventDefault();
    if (missing.querySelector("[data-bands]")) {
      this.folding.open(missing);
      missing.scrollIntoView({ block: "start" });
    } else {
      const empty = [...missing.querySelectorAll("[data-mark]")].find((field) => parse(field.value) === null);
      empty.focus({ preventScroll: true });
      missing.scrollIntoView({ block: "start" });
    }
  }

  snapshot() {
    return [...this.form.elements]
      .filter((field) => field.name && !["hidden", "file", "submit", "button"].includes(field.type))
      .map((field) => [field, field.type === "radio" || field.type === "checkbox" ? field.checked : field.value]);
  }

  remember(field) {
    const now = performance.now();
    const same = field === this.lastField && field.tagName === "TEXTAREA" && now - this.lastAt < SAME_EDIT;
    if (!same) this.past.push(this.now);
    this.lastField = field;
    this.lastAt = now;
    this.now = this.snapshot();
  }

  undo() {
    const before = this.past.pop();
    if (!before) return;
    for (const [field, value] of before) {
      if (typeof value === "boolean") field.checked = value;
      else field.value = value;
    }
    this.redraw();
    this.lastField = null;
    // Saving listens to the fields' changes; an undo is one, but none to be undone itself.
    const text = before.find(([, value]) => typeof value === "string");
    text?.[0].dispatchEvent(new Event("change", { bubbles: true }));
  }

  redraw() {
    for (const bands of this.bands) bands.draw();
    this.now = this.snapshot();
    this.count();
  }
}

for (const form of document.querySelectorAll("form[data-sheet]")) new Sheet(form).start();
