// Folding menus are <details>, so they open without this. It closes them on Escape and on a click elsewhere,
// folds the entry beside a score sheet on narrow screens, and moves the focus to the errors of a form that came back.

const menus = [...document.querySelectorAll("details[data-menu]")];

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus.filter((item) => item.open)) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of menus) {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  }
});

// The entry beside a score sheet lies open where there is room for it and folded where there is not.
const narrow = window.matchMedia("(max-width: 1023px)");
const dossiers = document.querySelectorAll("details[data-dossier]");
const fit = () => { for (const item of dossiers) item.open = !narrow.matches; };
fit();
narrow.addEventListener("change", fit);

document.querySelector("[data-error-list]")?.focus();
