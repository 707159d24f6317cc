// A sheet being filled in, as it is kept on the device: encrypted, one for each reading, the latest writing last.

import { read, readAll, remove, write } from "./device-db.js";
import { seal, signedIn, unseal } from "./device-vault.js";

export class SheetDraft {
  constructor(reading) {
    this.reading = reading;
    this.turn = Promise.resolve();
  }

  // What was kept, or null; {unreadable: true} when it cannot be opened by whoever is here.
  async read() {
    const who = await signedIn();
    const row = who && (await read("sheets", [who.owner, this.reading]));
    if (!row) return null;
    try { return { ...(await unseal(who.owner, row.sealed)), unsent: row.unsent }; } catch { return { unreadable: true }; }
  }

  // Gives whether it is on the disk now.
  write(value, unsent) {
    this.turn = this.turn.then(async () => {
      try {
        const { owner } = await signedIn();
        await write("sheets", { owner, reading: this.reading, unsent, sealed: await seal(owner, value) });
        return true;
      } catch { return false; }
    });
    return this.turn;
  }

  clear() {
    this.turn = this.turn.then(async () => {
      const who = await signedIn();
      if (who) await remove("sheets", [who.owner, this.reading]);
    }).catch(() => {});
    return this.turn;
  }
}

// The readings with something that was never recorded.
export async function unsentReadings(owner) {
  return (await readAll("sheets")).filter((row) => row.owner === owner && row.unsent).map((row) => row.reading);
}
