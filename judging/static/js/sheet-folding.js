// Criteria fold to their ruler once marked; one with bands is open at a time, so that the sheet stays short.
export class Folding {
  constructor(sheet) {
    this.items = [...sheet.querySelectorAll("[data-criterion]")].filter((item) => item.querySelector("[data-bands]"));
  }

  start() {
    for (const item of this.items) this.prepare(item);
    const first = this.items.find((item) => !item.classList.contains("marked") || item.querySelector("[aria-invalid]"));
    for (const item of this.items) this.fold(item, item !== first);
  }

  prepare(item) {
    const title = item.querySelector(".criterion-head > :first-child");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "criterion-toggle";
    button.append(...title.childNodes);
    title.append(button);
    button.addEventListener("click", () => this.open(item.classList.contains("folded") ? item : null, item));
    const change = document.createElement("button");
    change.type = "button";
    change.textContent = item.dataset.changeText;
    change.addEventListener("click", () => this.open(item));
    item.querySelector("[data-chosen]").append(document.createElement("span"), change);
  }

  open(item, closing) {
    for (const other of this.items) this.fold(other, other !== item);
    const place = item || closing;
    place.querySelector(".criterion-toggle").focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
  }

  fold(item, folded) {
    item.classList.toggle("folded", folded);
    item.querySelector(".criterion-toggle").setAttribute("aria-expanded", String(!folded));
    const band = item.querySelector("input[type=radio]:checked")?.closest(".band");
    const words = band ? `${band.querySelector(".band-name").textContent}, ${band.querySelector(".band-range").textContent.trim()}.` : "";
    item.querySelector("[data-chosen] > span").textContent = words;
    item.querySelector("[data-chosen]").hidden = !words;
  }
}
