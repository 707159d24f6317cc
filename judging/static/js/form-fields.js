// The fields of a form that a person fills: read, and put back.

const SKIPPED = new Set(["csrf_token", "version", "base", "page", "sent"]);

export function entriesOf(form) {
  return [...new FormData(form)].filter(([, value]) => typeof value === "string");
}

// Buttons, files, tokens and passwords are neither kept nor put back.
export function isTyped(field) {
  return field.name && !SKIPPED.has(field.name) && !["file", "password", "submit", "button", "hidden"].includes(field.type);
}

export function typedOf(form) { return entriesOf(form).filter(([name]) => !SKIPPED.has(name)); }

export function fill(form, entries) {
  const values = new Map();
  for (const [name, value] of entries) values.set(name, [...(values.get(name) || []), value]);
  for (const field of [...form.elements].filter(isTyped)) {
    const kept = values.get(field.name) || [];
    if (field.type === "radio" || field.type === "checkbox") field.checked = kept.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = kept.includes(option.value);
    else if (kept.length) field.value = kept[0];
  }
  form.dispatchEvent(new CustomEvent("form-filled", { bubbles: true }));
}

// The sentences of a refusal, each at its field.
export function markErrors(form, errors) {
  for (const line of form.querySelectorAll("[data-error-for]")) {
    const sentence = errors[line.dataset.errorFor] || "";
    line.textContent = sentence;
    const field = form.elements[line.dataset.errorFor];
    if (!(field instanceof Element)) continue;
    if (sentence) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}
