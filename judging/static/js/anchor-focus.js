// A link to a field also puts the cursor there, so that what is missing can be typed at once.

function enter() {
  const field = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (field?.matches("input, select, textarea")) field.focus();
}

window.addEventListener("hashchange", enter);
enter();
