// A sheet on which another device writes too: what changed there is brought in, and where both changed the same criterion
// the judge is asked. Both texts stay until then: the other one on the server, the one typed here on this device.

export class SheetMerging {
  constructor(form, again) {
    this.form = form;
    this.again = again;
    this.pattern = document.querySelector("template[data-clash-panel]");
    this.panels = new Map();
  }

  get base() { return this.form.elements.base.value; }
  set base(text) { this.form.elements.base.value = text; }

  // Take up what the server said of a save; fields in `typed` were changed since it was sent and are left alone.
  apply(answer, typed) {
    const { versions } = JSON.parse(this.base);
    this.base = JSON.stringify({ versions: { ...versions, ...answer.started.versions } });
    let filled = false;
    for (const [name, text] of Object.entries(answer.brought)) {
      if (typed.has(name)) continue;
      this.set(name, text);
      filled = true;
    }
    if (filled) this.form.dispatchEvent(new CustomEvent("form-filled", { bubbles: true }));
    for (const name of this.panels.keys()) if (!answer.clashes[name]) this.close(name);
    for (const [name, clash] of Object.entries(answer.clashes)) this.ask(name, clash);
    return Object.keys(answer.clashes).length;
  }

  set(name, text) {
    const field = this.form.elements[name];
    if (field instanceof RadioNodeList || field?.type === "radio") {
      for (const radio of this.form.querySelectorAll(`input[type=radio][name="${CSS.escape(name)}"]`)) radio.checked = radio.value === text;
    } else if (field && field !== document.activeElement) {
      field.value = text;
    }
  }

  ask(name, clash) {
    const field = this.form.elements[name];
    if (!(field instanceof Element)) return;
    let panel = this.panels.get(name);
    if (!panel) {
      panel = this.pattern.content.firstElementChild.cloneNode(true);
      (field.closest(".criterion") || field.closest(".field")).append(panel);
      this.panels.set(name, panel);
      panel.querySelector("[data-clash-take]").addEventListener("click", () => this.settle(name, true));
      panel.querySelector("[data-clash-keep]").addEventListener("click", () => this.settle(name, false));
    }
    const [mine, other] = ["mine", "text"].map((part) => panel.querySelector(`[data-clash-${part}]`));
    mine.textContent = field.value || mine.dataset.emptyText;
    other.textContent = clash.shown || other.dataset.emptyText;
    panel.clash = clash;
  }

  // A choice is made by somebody who has seen both texts: it starts from the other one.
  settle(name, take) {
    const { clash } = this.panels.get(name);
    const field = this.form.elements[name];
    const { versions } = JSON.parse(this.base);
    this.base = JSON.stringify({ versions: { ...versions, [name]: clash.version } });
    this.close(name);
    if (take) {
      field.value = clash.text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (field.offsetParent) field.focus();
    this.again(field);
  }

  close(name) {
    this.panels.get(name)?.remove();
    this.panels.delete(name);
  }
}
