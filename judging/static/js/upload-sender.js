// Sends one file by the protocol tus 1.0.0: asks how much has arrived, goes on from there, and tries again for as long as
// the network is away. It knows nothing of the page; it tells `changed` of each state.

const SMALLEST = 256 * 1024;
const LARGEST = 8 * 1024 * 1024;
const WANTED_SECONDS = 4;
const SILENCE = 30000;
const LONGEST_PAUSE = 30000;
const VERSION = { "Tus-Resumable": "1.0.0" };

class Away extends Error {
  constructor(seconds) { super("away"); this.seconds = seconds; }
}
class SignedOut extends Error {}
class Refused extends Error {}

function encoded(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function sentence(answer) {
  try { return JSON.parse(answer.text).detail || ""; } catch { return ""; }
}

export class Sender {
  // `where`: create, item, token (a function that returns a promise). `url` when the upload was begun before.
  constructor(file, where, changed, url = "") {
    Object.assign(this, { file, where, changed, url, offset: 0, state: "new", chunk: 1024 * 1024, tries: 0, run: 0 });
    // A request under way may not notice for long that the network has gone.
    addEventListener("offline", () => this.request?.abort());
  }

  say(state, detail = "") {
    this.state = state;
    this.changed(this, detail);
  }

  async start() {
    const run = ++this.run;
    this.say("sending");
    while (run === this.run) {
      try {
        await this.send(run);
        return;
      } catch (error) {
        if (run !== this.run) return;
        if (error instanceof Away) await this.wait(error.seconds);
        else if (error instanceof SignedOut) { this.stop("signedout"); return; }
        else { this.stop("refused", error instanceof Refused ? error.message : ""); return; }
      }
    }
  }

  stop(state, detail = "") {
    this.run += 1;
    this.request?.abort();
    this.wake?.();
    this.say(state, detail);
  }

  pause() { this.stop("paused"); }

  async cancel() {
    this.stop("cancelled");
    if (this.url) await this.ask("DELETE", this.url).catch(() => null);
  }

  async send(run) {
    if (!this.url || !(await this.find())) await this.begin();
    while (run === this.run && this.offset < this.file.size) await this.piece();
    if (run === this.run) this.say("done");
  }

  async begin() {
    const metadata = `item ${encoded(this.where.item)},filename ${encoded(this.file.name)}`;
    const answer = await this.ask("POST", this.where.create, { "Upload-Length": this.file.size, "Upload-Metadata": metadata });
    if (answer.status !== 201) throw this.refusal(answer);
    this.url = answer.header("Location");
    this.offset = 0;
    this.say("sending");
  }

  // Whether the upload is still there; then `offset` says how far.
  async find() {
    const answer = await this.ask("HEAD", this.url);
    if (answer.status === 404 || answer.status === 410) { this.url = ""; return false; }
    if (answer.status !== 200) throw this.refusal(answer);
    this.arrived(answer);
    return true;
  }

  async piece() {
    const begun = performance.now();
    const end = Math.min(this.offset + this.chunk, this.file.size);
    const headers = { "Upload-Offset": this.offset, "Content-Type": "application/offset+octet-stream" };
    const answer = await this.ask("PATCH", this.url, headers, this.file.slice(this.offset, end));
    if (answer.status === 409 && (await this.find())) { await this.settle(); return; }
    if (answer.status !== 204) throw this.refusal(answer);
    this.arrived(answer);
    this.tries = 0;
    this.fit((performance.now() - begun) / 1000);
    this.say("sending");
  }

  // Another tab or an earlier request is sending it as well, or the entry takes it no longer.
  async settle() {
    if (++this.tries > 5) throw new Refused("");
    await this.wait(2);
  }

  arrived(answer) {
    const header = answer.header("Upload-Offset");
    if (header === null) throw new SignedOut();
    this.offset = Number(header);
  }

  // Pieces of a few seconds: small enough to lose little on a bad line, large enough to cost little on a good one.
  fit(seconds) {
    if (seconds < WANTED_SECONDS / 2) this.chunk = Math.min(this.chunk * 2, LARGEST);
    else if (seconds > WANTED_SECONDS * 2) this.chunk = Math.max(Math.round(this.chunk / 2), SMALLEST);
  }

  refusal(answer) {
    if (answer.status === 429 || answer.status >= 500) return new Away(Number(answer.header("Retry-After")) || 0);
    // A page in place of an answer of ours: the way leads to the sign-in, or the form's token has ended.
    if (answer.header("Tus-Resumable") === null || answer.status === 400) return new SignedOut();
    return new Refused(sentence(answer));
  }

  wait(seconds) {
    this.chunk = SMALLEST;
    const pause = Math.min(LONGEST_PAUSE, 1000 * 2 ** Math.min(this.tries++, 5)) * (0.75 + Math.random() / 2);
    this.say("waiting");
    return new Promise((resolve) => {
      this.wake = () => {
        clearTimeout(timer);
        removeEventListener("online", this.wake);
        resolve();
      };
      const timer = setTimeout(this.wake, Math.max(pause, seconds * 1000));
      addEventListener("online", this.wake);
    });
  }

  async ask(method, url, headers = {}, body = null) {
    const token = await this.where.token();
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      this.request = request;
      let silence = 0;
      const listen = () => { clearTimeout(silence); silence = setTimeout(() => request.abort(), SILENCE); };
      request.open(method, url);
      for (const [name, value] of Object.entries({ ...VERSION, "X-CSRFToken": token, Accept: "application/json", ...headers })) {
        request.setRequestHeader(name, value);
      }
      request.upload.onprogress = (event) => { listen(); if (body) this.moved(event.loaded); };
      // The server now looks into the file, which may take longer than any silence of the line.
      request.upload.onload = () => { clearTimeout(silence); if (body && this.offset + body.size === this.file.size) this.say("checking"); };
      request.onloadend = () => {
        clearTimeout(silence);
        if (!request.status) { reject(new Away(0)); return; }
        resolve({ status: request.status, header: (name) => request.getResponseHeader(name), text: request.responseText });
      };
      listen();
      request.send(body);
    });
  }

  moved(loaded) {
    if (this.state === "sending" || this.state === "waiting") {
      this.ahead = Math.min(this.offset + loaded, this.file.size);
      this.say("sending");
      this.ahead = 0;
    }
  }
}
