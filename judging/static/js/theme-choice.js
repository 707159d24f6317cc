// The three buttons in the foot: as the device, light, dark. The choice stays on this device.

const group = document.querySelector("[data-theme-choice]");

function show(choice) {
  for (const button of group.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === choice));
  }
}

function keep(choice) {
  try {
    if (choice === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", choice);
  } catch {
    // Storage may be forbidden; the choice then lasts for this page only.
  }
}

if (group) {
  show(document.documentElement.dataset.theme || "auto");
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.value === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = button.value;
    keep(button.value);
    show(button.value);
  });
}
