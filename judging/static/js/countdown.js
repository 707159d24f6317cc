// Counts down to a deadline by the server's clock: the page says what time the server had, and the device's clock is
// used only for what has passed since, so that a wrong clock on the device does no harm.

const HOUR = 3600;
const DAY = 24 * HOUR;
const NEAR = HOUR;

const two = (number) => String(number).padStart(2, "0");

function clock(seconds) {
  return `${two(Math.floor(seconds / HOUR))}:${two(Math.floor((seconds % HOUR) / 60))}:${two(seconds % 60)}`;
}

function words(data, seconds) {
  if (seconds <= 0) return data.over;
  const days = Math.floor(seconds / DAY);
  const text = days > 1 ? data.days : days === 1 ? data.day : data.hours;
  return text.replace("{days}", days).replace("{clock}", clock(seconds % DAY));
}

function start(element) {
  const target = element.querySelector("[data-deadline-text]");
  const deadline = Date.parse(element.dataset.deadline);
  const now = Date.parse(element.dataset.now);
  if (!target || Number.isNaN(deadline) || Number.isNaN(now)) return;
  const opened = performance.now();
  const bold = document.createElement("strong");
  target.replaceChildren(bold);
  const tick = () => {
    const seconds = Math.ceil((deadline - now - (performance.now() - opened)) / 1000);
    bold.textContent = words(element.dataset, seconds);
    element.classList.toggle("near", seconds <= NEAR);
    if (seconds > 0) setTimeout(tick, 1000 - ((performance.now() - opened) % 1000));
  };
  tick();
}

for (const element of document.querySelectorAll("[data-deadline]")) start(element);
