// What is read out of the states on the device: that entries are being kept and when all are, that something waits, and
// when nothing does any more. Not each step between: twenty sheets are not read out twenty times.

let before = { pending: 0, eye: 0, isReady: null, own: "" };

const words = (box, name) => box.querySelector(`[data-${name}]`)?.textContent.trim() || "";

// `ready` says how many entries are kept of how many, `rows` what of sheets and notes was not recorded when it was drawn.
export function speak(box, { rows, ready }) {
  const place = document.querySelector("[data-device-said]");
  const now = {
    pending: rows.filter((row) => row.state === "waiting" || row.state === "sending").length,
    eye: rows.filter((row) => row.state === "eye").length,
    isReady: ready ? ready.ready >= ready.total : null,
    own: box.dataset.reading ? [words(box, "kept-state"), words(box, "kept-why")].filter(Boolean).join(". ") : "",
  };
  const told = box.dataset.reading ? ownNews(now) : news(box, place, now);
  before = now;
  if (told) place.textContent = told;
}

function ownNews(now) { return now.own === before.own ? "" : now.own; }

function news(box, place, now) {
  const said = [];
  if (now.isReady !== before.isReady) said.push(words(box, "device-ready"));
  if (now.pending && !before.pending) said.push(words(box, "device-waiting"), words(box, "device-notes"));
  if (now.eye > before.eye) said.push(place.dataset.eyeText);
  else if (before.pending && !now.pending) said.push(place.dataset.sentText);
  return said.filter(Boolean).join(" ");
}
