// Talking to the server on behalf of whoever is signed in. A session that has ended is noticed at the first answer.

import { lockUp } from "./device-vault.js";

const PATIENCE = 30_000;

export class Away extends Error {}
export class SignedOut extends Error {}

// Gives the answer; throws Away when there is none or the server cannot take it now, SignedOut when the session ended.
export async function ask(who, address, options = {}) {
  let response;
  try {
    response = await fetch(address, {
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout?.(PATIENCE),
      ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
  } catch {
    throw new Away();
  }
  // A page that leads on to another, as to the declaration of conflicts, is none to be kept; it says nothing of a session.
  if (response.status === 401) {
    await lockUp(who.owner);
    throw new SignedOut();
  }
  if (response.status === 429 || response.status >= 500) {
    const away = new Away();
    away.wait = Number(response.headers.get("Retry-After")) || 0;
    throw away;
  }
  return response;
}

// A token for what is sent next, also put into the forms of a page that was kept for hours.
export async function freshToken(who) {
  const token = (await (await ask(who, who.addresses.token)).json()).csrf_token;
  for (const field of globalThis.document?.querySelectorAll("input[name=csrf_token]") || []) field.value = token;
  return token;
}
