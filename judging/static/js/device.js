// On every page of a judge: brings the device and the server together, once when the page opens and whenever there is a
// network again, and leaves the page at once when the session has ended.

import { SignedOut, Away, freshToken } from "./device-contact.js";
import { flush } from "./device-outbox.js";
import { prefetch } from "./device-prefetch.js";
import { offerKeptFiles } from "./device-files.js";
import { drawStates } from "./device-states.js";
import { arrive, canKeep, heed, signedIn } from "./device-vault.js";

const { work, token, worker, signInPage, language, keep } = document.querySelector("script[data-device]").dataset;

let isKept = null;

async function meet() {
  if (!navigator.onLine) return;
  await flush();
  // Without a worker no page opens without a network: then nothing is kept, and nothing said to be ready.
  if (keep && (await isKept)) await prefetch();
}

// The page of somebody who is signed out shows nothing more; the sign-in leads back to it.
let left = false;
// Whoever signs out is on the way to another page already.
window.addEventListener("signing-out", () => { left = true; });

function leave() {
  if (left) return;
  left = true;
  document.body.replaceChildren();
  location.replace(`${signInPage}?next=${encodeURIComponent(location.pathname + location.search)}`);
}

// A page that was kept shows itself anew when there is a network, unless somebody is typing on it.
async function refreshToken() {
  const who = await signedIn();
  try {
    if (who) await freshToken(who);
  } catch (error) {
    if (!(error instanceof Away || error instanceof SignedOut)) throw error;
  }
}

async function start() {
  heed("locked", leave);
  await arrive(language, { work, token });
  if (!document.body.dataset.draftLock && !(await signedIn())) {
    leave();
    return;
  }
  const registered = navigator.serviceWorker?.register(worker, { type: "module" });
  isKept = Promise.resolve(registered).then((found) => (found ? navigator.serviceWorker.ready : null)).catch(() => null);
  offerKeptFiles();
  await drawStates();
  window.addEventListener("online", async () => { await refreshToken(); await meet(); });
  await meet();
}

if (canKeep) start();
