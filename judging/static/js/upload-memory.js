// Remembers on the device which uploads are under way, so that a reload goes on by itself: the address, the file's
// fingerprint, and up to a sane size the file itself. A device that forbids it loses only that comfort.

const DATABASE = "judging-uploads";
const STORE = "uploads";
const LARGEST_KEPT = 64 * 1000 * 1000;
const KEPT_FOR = 24 * 3600 * 1000;

// What tells one file from another without reading it.
export function fingerprint(entry, item, file) {
  return [entry, item, file.name, file.size, file.lastModified].join("|");
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

export class Memory {
  constructor(entry) {
    this.entry = entry;
    try { this.database = opened().catch(() => null); } catch { this.database = Promise.resolve(null); }
  }

  async store(mode) {
    const database = await this.database;
    return database && database.transaction(STORE, mode).objectStore(STORE);
  }

  // The uploads of this entry. Those of long ago are forgotten, whosever they were.
  async all() {
    try {
      const store = await this.store("readonly");
      const found = store ? await asked(store.getAll()) : [];
      const old = found.filter((one) => Date.now() - one.begun > KEPT_FOR);
      for (const one of old) await this.remove(one.key);
      return found.filter((one) => one.entry === this.entry && !old.includes(one));
    } catch { return []; }
  }

  async find(key) {
    return (await this.all()).find((one) => one.key === key) || null;
  }

  async keep(record, file) {
    const whole = { ...record, entry: this.entry, begun: record.begun || Date.now() };
    for (const kept of file && file.size <= LARGEST_KEPT ? [{ ...whole, file }, whole] : [whole]) {
      try {
        const store = await this.store("readwrite");
        if (store) await asked(store.put(kept));
        return;
      } catch { /* perhaps there is no room for the file itself */ }
    }
  }

  async remove(key) {
    try {
      const store = await this.store("readwrite");
      if (store) await asked(store.delete(key));
    } catch { /* it will be too old one day */ }
  }
}
