// Passkeys: asks the server for a challenge, the device for an answer, and sends it back. The server says where to go next.

const BASE = { "+": "-", "/": "_" };

function bytesOf(text) {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(plain), (sign) => sign.charCodeAt(0));
}

function textOf(buffer) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replace(/[+/]/g, (sign) => BASE[sign]).replaceAll("=", "");
}

async function send(part, url, body) {
  const answer = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": part.dataset.token },
    body: JSON.stringify(body),
  });
  // A session that ended leads to the sign-in page; one that must prove itself anew is told where.
  if (answer.redirected) { location.assign(answer.url); return null; }
  const told = await answer.json();
  if (answer.status === 403 && told.next) { location.assign(told.next); return null; }
  if (!answer.ok) throw new Error(told.problem || told.detail || part.dataset.failed);
  return told;
}

async function make(part, options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytesOf(options.challenge),
      user: { ...options.user, id: bytesOf(options.user.id) },
      excludeCredentials: options.excludeCredentials.map((one) => ({ ...one, id: bytesOf(one.id) })),
    },
  });
  return {
    id: made.id,
    rawId: textOf(made.rawId),
    type: made.type,
    response: {
      clientDataJSON: textOf(made.response.clientDataJSON),
      attestationObject: textOf(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

async function ask(part, options) {
  const shown = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytesOf(options.challenge), allowCredentials: [] },
  });
  return {
    id: shown.id,
    rawId: textOf(shown.rawId),
    type: shown.type,
    response: {
      clientDataJSON: textOf(shown.response.clientDataJSON),
      authenticatorData: textOf(shown.response.authenticatorData),
      signature: textOf(shown.response.signature),
      userHandle: shown.response.userHandle ? textOf(shown.response.userHandle) : null,
    },
  };
}

const ACTS = { make, ask };

async function run(part, problem) {
  problem.hidden = true;
  try {
    const options = await send(part, part.dataset.options, {});
    if (!options) return;
    const credential = await ACTS[part.dataset.passkey](part, options);
    const name = part.querySelector("input")?.value ?? "";
    const told = await send(part, part.dataset.url, { credential, name, next: part.dataset.next ?? "" });
    if (!told) return;
    // The page may be the one that is open already, with a place in it: then going there would load nothing.
    if (new URL(told.next, location.href).pathname === location.pathname) location.reload();
    else location.assign(told.next);
  } catch (error) {
    const silent = error instanceof DOMException;
    problem.textContent = silent ? part.dataset.cancelled : error.message || part.dataset.failed;
    problem.hidden = false;
  }
}

for (const part of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) { part.hidden = true; continue; }
  const button = part.querySelector("button");
  button.addEventListener("click", async () => {
    button.disabled = true;
    await run(part, part.querySelector("[role=alert]"));
    button.disabled = false;
  });
}
