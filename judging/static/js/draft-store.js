// Keeps what was typed on the device until the server has it. On a page of a signed-in person the drafts are encrypted
// with a key that only that person's pages are given, so that whoever uses the device next cannot read them; the key is
// in no store of the browser. Where the browser cannot encrypt (a page without TLS), a draft lives as long as its tab.

const PREFIX = "draft:";
const { drafts: owner = "", draftLock: lock = "" } = document.body.dataset;

function storage() {
  return lock && !globalThis.crypto?.subtle ? sessionStorage : localStorage;
}

function bytesOf(text) { return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)); }
function textOf(bytes) { return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")); }

let opened = null;
function key() {
  opened ||= crypto.subtle.importKey("raw", bytesOf(lock), "AES-GCM", false, ["encrypt", "decrypt"]);
  return opened;
}

async function sealed(value) {
  const plain = JSON.stringify(value);
  if (!lock || !globalThis.crypto?.subtle) return plain;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), new TextEncoder().encode(plain));
  return JSON.stringify({ iv: textOf(iv), data: textOf(new Uint8Array(data)) });
}

async function unsealed(text) {
  const kept = JSON.parse(text);
  if (!kept?.iv) return kept;
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytesOf(kept.iv) }, await key(), bytesOf(kept.data));
  return JSON.parse(new TextDecoder().decode(plain));
}

// The names under which this person's drafts lie on the device.
export function ownDrafts() {
  try {
    return Object.keys(storage()).filter((name) => owner && name.startsWith(`${PREFIX}${owner}:`));
  } catch { return []; }
}

export function forgetOwnDrafts() {
  for (const name of ownDrafts()) storage().removeItem(name);
}

// Reading and writing one draft; every call survives a device that forbids storage. Writes follow each other in order.
export class Draft {
  constructor(name) {
    this.name = owner ? `${PREFIX}${owner}:${name}` : `${PREFIX}${name}`;
    this.turn = Promise.resolve();
  }

  async read() {
    try { return await unsealed(storage().getItem(this.name)); } catch { return null; }
  }

  write(value) {
    this.turn = this.turn.then(async () => {
      // A page that a judge's device keeps is given no key: what is typed there into other forms goes on no disk.
      if (owner && !lock) return false;
      try {
        storage().setItem(this.name, await sealed(value));
        return true;
      } catch { return false; }
    });
    return this.turn;
  }

  clear() {
    this.turn = this.turn.then(() => {
      try { storage().removeItem(this.name); } catch { /* nothing was kept then */ }
    });
    return this.turn;
  }
}
