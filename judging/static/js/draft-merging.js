// A form whose fields are merged one by one with what other devices typed: it carries the version of every field that it
// started from. What changed elsewhere is brought in, and where both changed the same field, a person is asked.

const EMPTY = { versions: {}, order: [] };

export class Merging {
  constructor(form, again) {
    this.form = form;
    this.again = again;
    this.pattern = form.querySelector("template[data-clash-panel]");
    this.panels = new Map();
  }

  // Take up what the server said of a save: `typed` names the fields in which something was typed since it was sent.
  apply(answer, typed) {
    this.started = { ...this.started, versions: { ...this.started.versions, ...answer.started.versions } };
    for (const [name, text] of Object.entries(answer.brought)) if (!typed.has(name)) this.set(name, text);
    for (const name of this.panels.keys()) if (!answer.clashes[name]) this.close(name);
    for (const [name, clash] of Object.entries(answer.clashes)) this.ask(name, clash);
    return Object.keys(answer.clashes).length;
  }

  get started() {
    try { return JSON.parse(this.form.elements.base.value); } catch { return EMPTY; }
  }

  set started(value) { this.form.elements.base.value = JSON.stringify(value); }

  set(name, text) {
    const field = this.form.elements[name];
    if (!(field instanceof Element)) return;
    if (field.type === "checkbox") field.checked = Boolean(text);
    else if (field !== document.activeElement) field.value = text;
    else return;
    this.form.dispatchEvent(new CustomEvent("form-filled", { bubbles: true }));
  }

  ask(name, clash) {
    const field = this.form.elements[name];
    if (!(field instanceof Element)) return;
    let panel = this.panels.get(name);
    if (!panel) {
      panel = this.pattern.content.firstElementChild.cloneNode(true);
      field.closest(".field").after(panel);
      this.panels.set(name, panel);
      panel.querySelector("[data-clash-take]").addEventListener("click", () => this.settle(name, true));
      panel.querySelector("[data-clash-keep]").addEventListener("click", () => this.settle(name, false));
    }
    const [mine, other] = ["mine", "text"].map((part) => panel.querySelector(`[data-clash-${part}]`));
    const typed = field.type === "checkbox" ? "" : field.selectedOptions ? field.selectedOptions[0]?.text : field.value;
    mine.textContent = typed || mine.dataset.emptyText;
    other.textContent = clash.shown || other.dataset.emptyText;
    panel.clash = clash;
  }

  // A choice is made by somebody who has seen both texts: it starts from the other one.
  settle(name, take) {
    const { clash } = this.panels.get(name);
    const field = this.form.elements[name];
    this.started = { ...this.started, versions: { ...this.started.versions, [name]: clash.version } };
    this.close(name);
    field.focus();
    if (take && field.type === "checkbox") field.checked = Boolean(clash.text);
    else if (take) field.value = clash.text;
    this.form.dispatchEvent(new CustomEvent("form-filled", { bubbles: true }));
    this.again(field);
  }

  close(name) {
    this.panels.get(name)?.remove();
    this.panels.delete(name);
  }
}
