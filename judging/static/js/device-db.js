// The database of a judge's device. Nothing that anybody typed lies in it as it was typed: see device-vault.js.
//
//   keys     by owner: the key of what is encrypted, and the same wrapped for its owner's next sign-in
//   sheets   by owner and reading: a sheet being filled in
//   outbox   by number: sheets handed in, in the order in which they were
//   meta     by name: who is signed in here, what is kept for work without a network

const NAME = "judging-desk";

let opened = null;

function open() {
  opened ||= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore("keys", { keyPath: "owner" });
      db.createObjectStore("sheets", { keyPath: ["owner", "reading"] });
      db.createObjectStore("outbox", { keyPath: "number", autoIncrement: true });
      db.createObjectStore("meta", { keyPath: "name" });
    };
    request.onsuccess = () => resolve(request.result);
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
