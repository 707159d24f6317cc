// What the server would refuse, told before a sheet is handed in without a network: marks outside their scale or between
// its steps, comments and sentences that the rubric asks for. The server checks again and has the last word.

import { parse, show, tidy } from "./sheet-numbers.js";

const SENTENCE_END = /[.!?…]+(?=\s|$)|\n+/;
const WORD = /\p{L}{2,}/u;

const sentences = (text) => text.split(SENTENCE_END).filter((part) => WORD.test(part)).length;

export function checkSheet(form) {
  const words = document.querySelector("dialog[data-hand-in]").dataset;
  const errors = {};
  for (const stepper of form.querySelectorAll("[data-stepper]")) {
    const field = stepper.querySelector("[data-mark]");
    const [low, high, step] = ["low", "high", "step"].map((name) => Number(stepper.dataset[name]));
    const mark = parse(field.value);
    const steps = mark === null ? 0.5 : tidy((mark - low) / step);
    if (mark === null || mark < low || mark > high || !Number.isInteger(steps)) {
      errors[field.name] = words.markText.replace("{low}", show(low)).replace("{high}", show(high)).replace("{step}", show(step));
    }
  }
  for (const area of form.querySelectorAll("textarea[data-needed]")) {
    const marks = [...area.closest("[data-criterion]")?.querySelectorAll("[data-mark]") || []].map((field) => parse(field.value));
    const isNeeded = area.dataset.needed === "always" || marks.includes(0);
    if (isNeeded && !area.value.trim()) errors[area.name] = words.commentText;
  }
  for (const area of form.querySelectorAll("textarea[data-count-min]")) {
    const low = Number(area.dataset.countMin);
    if (sentences(area.value) < low) errors[area.name] = words.sentencesText.replace("{low}", low);
  }
  return errors;
}
