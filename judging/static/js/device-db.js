// The database of a judge's device. Nothing that anybody typed lies in it as it was typed: see device-vault.js.
//
//   keys     by owner: the key of what is encrypted, and the same wrapped for its owner's next sign-in
//   sheets   by owner and reading: a sheet being filled in
//   outbox   by number: sheets handed in, in the order in which they were
//   notes    by owner and reading: the judge's notes for themselves
//   meta     by name: who is signed in here, what is kept for work without a network

const NAME = "judging-desk";
const VERSION = 2;

let opened = null;

function open() {
  opened ||= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const db = request.result;
      const make = (name, options) => { if (!db.objectStoreNames.contains(name)) db.createObjectStore(name, options); };
      make("keys", { keyPath: "owner" });
      make("sheets", { keyPath: ["owner", "reading"] });
      make("outbox", { keyPath: "number", autoIncrement: true });
      make("notes", { keyPath: ["owner", "reading"] });
      make("meta", { keyPath: "name" });
    };
    request.onsuccess = () => {
      // A later version of the program is not kept from changing the database by a page of this one.
      request.result.onversionchange = () => {
        request.result.close();
        opened = null;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opened;
}

// Resolves once the transaction is complete: what is said to be kept is then on the disk.
async function run(store, mode, act) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(store, mode, { durability: "strict" });
    const request = act(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

export const read = (store, key) => run(store, "readonly", (rows) => rows.get(key));
export const readAll = (store) => run(store, "readonly", (rows) => rows.getAll());
export const write = (store, row) => run(store, "readwrite", (rows) => rows.put(row));
export const remove = (store, key) => run(store, "readwrite", (rows) => rows.delete(key));

// Everything of one owner in a store whose rows name theirs.
export async function removeOf(store, owner, keyOf) {
  for (const row of await readAll(store)) if (row.owner === owner) await remove(store, keyOf(row));
}
