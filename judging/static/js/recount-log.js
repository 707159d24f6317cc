// The files of a bundle: zip, hashes, the Merkle tree of RFC 6962, and the signed checkpoint.

export class Fault extends Error {
  constructor(code, problem, detail = {}) {
    super(problem);
    this.code = code;
    this.problem = problem;
    this.detail = detail;
  }
}

export const CODES = { ok: 0, signature: 2, hash: 3, ranking: 6, leaf: 7, notRecounted: 10 };

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const BATCH = 2048;

export const textOf = (bytes) => decoder.decode(bytes);
export const bytesOf = (text) => encoder.encode(text);
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

export function fromBase64(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let index = 0; index < raw.length; index += 1) bytes[index] = raw.charCodeAt(index);
  return bytes;
}

export function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

// Browsers offer their cryptography on secure pages only; without it the sheets can be counted, not proved.
export const canHash = () => Boolean(globalThis.crypto?.subtle);

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

async function sha256All(items) {
  const hashes = [];
  for (let start = 0; start < items.length; start += BATCH) {
    hashes.push(...(await Promise.all(items.slice(start, start + BATCH).map(sha256))));
  }
  return hashes;
}

export const leafHashes = (leaves) => sha256All(leaves.map((leaf) => joined(Uint8Array.of(0), leaf)));

// All levels of complete subtrees, from the leaf hashes up.
export async function growTree(hashes) {
  const levels = [hashes];
  while (levels.at(-1).length > 1) {
    const below = levels.at(-1);
    const pairs = [];
    for (let index = 0; index + 1 < below.length; index += 2) {
      pairs.push(joined(Uint8Array.of(1), below[index], below[index + 1]));
    }
    levels.push(await sha256All(pairs));
  }
  return levels;
}

export async function rootOf(levels, size) {
  if (!size) return sha256(new Uint8Array());
  const peaks = [];
  let start = 0;
  for (let level = levels.length - 1; level >= 0; level -= 1) {
    if (Math.floor(size / 2 ** level) % 2) {
      peaks.push(levels[level][start / 2 ** level]);
      start += 2 ** level;
    }
  }
  let root = peaks.pop();
  while (peaks.length) root = await sha256(joined(Uint8Array.of(1), peaks.pop(), root));
  return root;
}

// The hash tiles of a tree: path and bytes.
export function tilesOf(levels, size) {
  const tiles = [];
  for (let level = 0, nodes = size; nodes > 0; level += 1, nodes = Math.floor(nodes / 256)) {
    for (let index = 0; index * 256 < nodes; index += 1) {
      const width = Math.min(256, nodes - index * 256);
      const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, "0").match(/.{3}/g);
      const name = digits.map((part, at) => (at < digits.length - 1 ? `x${part}` : part)).join("/");
      const path = `tile/${level}/${name}${width < 256 ? `.p/${width}` : ""}`;
      tiles.push([path, joined(...levels[level * 8].slice(index * 256, index * 256 + width))]);
    }
  }
  return tiles;
}

async function ed25519Holds(key, signature, message) {
  try {
    const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
  } catch {
    return null;
  }
}

async function readKey(text) {
  const [name, id, ...rest] = text.trim().split("+");
  const key = fromBase64(rest.join("+"));
  const expected = hex((await sha256(joined(bytesOf(`${name}\n`), key))).slice(0, 4));
  if (key.length !== 33 || key[0] !== 1 || id !== expected) throw new Fault(CODES.signature, "key");
  return { name, id: fromHex(id), public: key.slice(1) };
}

const fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

// What the checkpoint says, and whether the key signed it; null where this browser cannot tell.
export async function openCheckpoint(bytes, vkey) {
  const note = textOf(bytes);
  const end = note.lastIndexOf("\n\n");
  const [origin, size, root, rest] = note.slice(0, end + 1).split("\n");
  if (end < 0 || rest !== "" || !/^(0|[1-9]\d*)$/.test(size)) throw new Fault(CODES.signature, "checkpoint");
  const said = { origin, size: Number(size), root: fromBase64(root) };
  if (!vkey) return { ...said, signed: null };
  const key = await readKey(vkey);
  if (key.name !== origin) throw new Fault(CODES.signature, "other-log");
  const lines = note.slice(end + 2).split("\n").map((line) => line.split(" "));
  const signatures = lines
    .filter(([dash, name]) => dash === "\u2014" && name === key.name)
    .map(([, , text]) => fromBase64(text))
    .filter((signature) => sameBytes(signature.slice(0, 4), key.id));
  if (!signatures.length) throw new Fault(CODES.signature, "unsigned");
  for (const signature of signatures) {
    const holds = await ed25519Holds(key.public, signature.slice(4), bytesOf(note.slice(0, end + 1)));
    if (holds === false) throw new Fault(CODES.signature, "signature");
    if (holds === null) return { ...said, signed: null };
  }
  return { ...said, signed: true };
}

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The files of a zip archive by name. Archives beyond 4 GiB are not read.
export async function readZip(buffer) {
  const view = new DataView(buffer);
  let end = buffer.byteLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) throw new Fault(CODES.hash, "zip");
  const files = new Map();
  let place = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count -= 1) {
    if (view.getUint32(place, true) !== 0x02014b50) throw new Fault(CODES.hash, "zip");
    const [packed, , named, extra, comment] = [20, 24, 28, 30, 32].map((at) =>
      at < 28 ? view.getUint32(place + at, true) : view.getUint16(place + at, true),
    );
    const header = view.getUint32(place + 42, true);
    const name = textOf(new Uint8Array(buffer, place + 46, named));
    const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    const bytes = new Uint8Array(buffer, start, packed);
    files.set(name, view.getUint16(place + 10, true) ? await inflate(bytes) : bytes);
    place += 46 + named + extra + comment;
  }
  return files;
}
