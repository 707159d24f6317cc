// Signing out takes what this person kept off the device, drafts, sheets and pages, after asking when some of it was never
// recorded.

import { canKeep, countUnsent, forget } from "./device-vault.js";
import { forgetOwnDrafts, ownDrafts } from "./draft-store.js";

const owner = document.body.dataset.drafts;
const PATIENCE = 3000;

async function unsent() {
  return ownDrafts().length + (canKeep && owner ? await countUnsent(owner) : 0);
}

// A device that does not answer must not keep anybody from signing out.
const inTime = (work, otherwise) => Promise.race([work, new Promise((done) => setTimeout(done, PATIENCE, otherwise))]).catch(() => otherwise);

for (const form of document.querySelectorAll("form[data-sign-out]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const count = await inTime(unsent(), 0);
    if (count && !confirm(form.dataset.signOut.replace("{count}", count))) return;
    window.dispatchEvent(new Event("signing-out"));
    forgetOwnDrafts();
    if (canKeep && owner) await inTime(forget(owner));
    form.submit();
  });
}
