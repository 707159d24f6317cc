// Keys of the screening desk. Every key presses something that is on the page and can be reached by Tab, and none works
// while a field has the focus or a modifier is held, so that typing and the browser's own keys stay as they are.

const FIELDS = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const STEPS = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
const ARROWS = { ArrowRight: "j", ArrowLeft: "k" };

function openForm(details) {
  details.open = true;
  details.querySelector("textarea")?.focus();
}

function press(target) {
  if (target.matches("details")) openForm(target);
  else if (target.matches("input")) target.focus();
  else target.click();
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-desk-row]")];
  if (rows.length === 0) return false;
  const at = rows.indexOf(document.activeElement);
  const next = at === -1 ? (step > 0 ? 0 : rows.length - 1) : at + step;
  rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const focus = document.activeElement;
  if (focus?.matches(FIELDS)) {
    if (event.key === "Escape") focus.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (event.key in STEPS && move(STEPS[event.key])) {
    event.preventDefault();
    return;
  }
  const search = event.key === "/" && document.querySelector("input[type=search]");
  if (search) {
    event.preventDefault();
    search.focus();
    return;
  }
  const key = ARROWS[event.key] ?? event.key;
  const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  if (!target) return;
  event.preventDefault();
  press(target);
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const start = event.target.closest("[data-reason]");
  const area = start?.closest("details")?.querySelector("textarea");
  if (!area) return;
  area.value = area.value ? `${area.value}\n${start.dataset.reason}` : start.dataset.reason;
  area.focus();
});
