// Signing out takes this person's drafts off the device, after asking when some of them were never recorded.

import { forgetOwnDrafts, ownDrafts } from "./draft-store.js";

for (const form of document.querySelectorAll("form[data-sign-out]")) {
  form.addEventListener("submit", (event) => {
    const count = ownDrafts().length;
    if (count && !confirm(form.dataset.signOut.replace("{count}", count))) event.preventDefault();
    else forgetOwnDrafts();
  });
}
