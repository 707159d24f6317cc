// Marks as typed and shown: a comma or a point is read, the page's language decides which is shown.

const COMMA = document.documentElement.lang.startsWith("vi");

export const parse = (text) => {
  const clean = String(text ?? "").trim().replace(",", ".");
  return /^\d+(\.\d+)?$/.test(clean) ? Number(clean) : null;
};

// Steps are at most four places; rounding there hides the float's dust. The server adds exactly and has the last word.
export const tidy = (number) => Math.round(number * 10000) / 10000;
export const show = (number) => (COMMA ? String(tidy(number)).replace(".", ",") : String(tidy(number)));

export function weightOf(text) {
  const [top, bottom = "1"] = String(text || "1").split("/");
  return Number(top) / Number(bottom);
}

export function write(field, number) {
  field.value = number === null ? "" : show(number);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function step(stepper, field, by) {
  const { low, high, step: size } = stepper.dataset;
  const now = parse(field.value);
  const next = now === null ? (by > 0 ? Number(low) : Number(high)) : now + by * Number(size);
  write(field, Math.min(Number(high), Math.max(Number(low), tidy(next))));
}

export function wireStepper(stepper) {
  const field = stepper.querySelector("input");
  stepper.addEventListener("click", (event) => {
    const button = event.target.closest("[data-by]");
    if (button) step(stepper, field, Number(button.dataset.by));
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    step(stepper, field, event.key === "ArrowUp" ? 1 : -1);
  });
}
