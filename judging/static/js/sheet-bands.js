// Number keys inside the chosen band, the ruler's mark, digits typed anywhere in the criterion.

import { parse, show, tidy, write } from "./sheet-numbers.js";

const MOST_KEYS = 12;

function drawScale(scale, value, band) {
  const low = Number(scale.dataset.low);
  const span = Number(scale.dataset.high) - low || 1;
  const at = (number) => `${(100 * (number - low)) / span}%`;
  const mark = scale.querySelector(".scale-at");
  mark.setAttribute("visibility", value === null ? "hidden" : "visible");
  if (value !== null) mark.setAttribute("x", at(value));
  const frame = scale.querySelector(".scale-band");
  frame.setAttribute("visibility", band ? "visible" : "hidden");
  if (band) {
    frame.setAttribute("x", at(band.low));
    frame.setAttribute("width", `${(100 * (band.high - band.low)) / span}%`);
  }
}

// One criterion with bands: the radio buttons, their keys and the number belong together.
export class Bands {
  constructor(fieldset) {
    this.fieldset = fieldset;
    this.criterion = fieldset.closest("[data-criterion]");
    this.size = Number(fieldset.dataset.step);
    this.entry = this.criterion.querySelector("[data-mark-entry]");
    this.field = this.entry.querySelector("[data-mark]");
    this.said = this.criterion.querySelector("[data-band-said]");
    this.scale = this.criterion.querySelector("[data-scale]");
    this.home = this.entry.parentElement;
    this.bands = [...fieldset.querySelectorAll(".band")].map((element) => ({
      element,
      radio: element.querySelector("input[type=radio]"),
      keys: element.querySelector("[data-keys]"),
      low: Number(element.dataset.low),
      high: Number(element.dataset.high),
    }));
    this.typed = "";
    this.typedAt = 0;
  }

  start() {
    for (const band of this.bands) {
      band.radio.addEventListener("change", () => this.choose(band));
      band.keys.addEventListener("click", (event) => {
        const key = event.target.closest("[data-number]");
        if (key) this.set(Number(key.dataset.number));
      });
    }
    this.fieldset.addEventListener("keydown", (event) => this.type(event));
    this.field.addEventListener("input", () => this.follow());
    this.field.addEventListener("blur", () => this.draw());
    this.draw();
  }

  get chosen() { return this.bands.find((band) => band.radio.checked) || null; }

  // Numbers offered as keys: not too many, and no quarter points, which are quicker typed.
  numbers(band) {
    const count = Math.round((band.high - band.low) / this.size) + 1;
    if (count > MOST_KEYS || this.size === 0.25) return null;
    return Array.from({ length: count }, (_, index) => tidy(band.low + index * this.size));
  }

  choose(band) {
    const value = parse(this.field.value);
    const outside = value !== null && (value < band.low || value > band.high);
    this.said.textContent = outside && band.low !== band.high ? this.fieldset.dataset.clearedText : "";
    if (band.low === band.high) write(this.field, band.low);
    else if (outside) write(this.field, null);
    this.draw();
  }

  set(number) {
    this.said.textContent = "";
    write(this.field, number);
  }

  // The number leads: typing one moves the band to where the number lies.
  follow() {
    const value = parse(this.field.value);
    const band = value === null ? null : this.bands.find((item) => value >= item.low && value <= item.high);
    if (band && !band.radio.checked) band.radio.checked = true;
    this.draw();
  }

  type(event) {
    if (event.target.matches("input[type=text]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!/^[\d.,]$/.test(event.key)) return;
    event.preventDefault();
    const now = performance.now();
    this.typed = now - this.typedAt > 1200 ? event.key : this.typed + event.key;
    this.typedAt = now;
    const number = parse(this.typed);
    if (number === null || !this.bands.some((band) => number >= band.low && number <= band.high)) return;
    this.set(number);
    this.chosen?.radio.focus();
  }

  draw() {
    const band = this.chosen;
    const value = parse(this.field.value);
    for (const item of this.bands) item.keys.hidden = item !== band;
    // Without a band there is nothing to type yet, except to mend what was refused.
    this.entry.hidden = !band && !this.field.value && !this.field.hasAttribute("aria-invalid");
    const hadFocus = document.activeElement === this.field;
    const numbers = band && this.numbers(band);
    if (numbers && !hadFocus) {
      this.entry.hidden = true;
      this.drawKeys(band, numbers, value);
    } else if (band && !hadFocus && this.entry.parentElement !== band.keys) {
      band.keys.replaceChildren(this.entry);
    }
    if (this.scale) drawScale(this.scale, value, band);
  }

  drawKeys(band, numbers, value) {
    if (band.keys.contains(this.entry)) this.home.insertBefore(this.entry, this.said);
    const single = numbers.length === 1;
    band.keys.hidden = single;
    if (single) return;
    if (band.keys.childElementCount !== numbers.length) {
      band.keys.replaceChildren(...numbers.map((number) => {
        const key = document.createElement("button");
        key.type = "button";
        key.className = "key";
        key.dataset.number = number;
        key.textContent = show(number);
        return key;
      }));
    }
    for (const key of band.keys.children) key.setAttribute("aria-pressed", String(Number(key.dataset.number) === value));
  }
}
