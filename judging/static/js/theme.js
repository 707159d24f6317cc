// Runs before the first paint, so that a chosen theme never flashes. Without a choice the device decides.
(() => {
  const root = document.documentElement;
  root.classList.add("has-script");
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch {
    // Storage may be forbidden; then the device's own setting stays in force.
  }
})();
