// Counts words, characters or sentences while one types, in the same way as the server does when the form is sent.

const counts = {
  characters: (text) => [...text].length,
  words: (text) => text.split(/\s+/u).filter(Boolean).length,
  // A sentence ends with . ! ? or … before a space or the end, and holds at least one letter.
  sentences: (text) => text.split(/[.!?…]+(?=\s|$)/u).filter((part) => /\p{L}/u.test(part)).length,
};

function watch(field) {
  const { count, countText, countMax, countMin, countEnough } = field.dataset;
  const target = document.getElementById(`${field.id}-count`);
  if (!target || !(count in counts)) return;
  const show = () => {
    const number = counts[count](field.value.trim());
    const enough = countMin && countEnough && number >= Number(countMin);
    target.textContent = (enough ? countEnough : countText).replace("{n}", number);
    target.classList.toggle("attention", Boolean(countMax) && number > Number(countMax));
  };
  field.addEventListener("input", show);
  show();
}

for (const field of document.querySelectorAll("[data-count]")) watch(field);
