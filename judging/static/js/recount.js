// The recount in the visitor's own browser: a bundle's files in, the ranking that follows from them out. Nothing is sent
// anywhere. `judging verify` does the same and more (receipts, older checkpoints, the form of every single field).

import { advancing, countStandings, NotRecountable, rankingDocument } from "./recount-count.js";
import { Fold } from "./recount-fold.js";
import {
  bytesOf,
  canHash,
  CODES,
  Fault,
  fromBase64,
  growTree,
  hex,
  leafHashes,
  openCheckpoint,
  readZip,
  rootOf,
  sameBytes,
  sha256,
  textOf,
  tilesOf,
} from "./recount-log.js";

export { readZip };

// RFC 8785 for what the log holds: ASCII keys, integers, texts.
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const items = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${items.join(",")}}`;
}

function readCanonical(bytes, problem) {
  try {
    const text = textOf(bytes);
    const value = JSON.parse(text);
    if (canonical(value) === text) return value;
  } catch {
    // Told below, like any other text that is not the one canonical one.
  }
  throw new Fault(CODES.leaf, problem);
}

async function checkFiles(state) {
  const { files } = state;
  if (!files.has("manifest.json")) throw new Fault(CODES.hash, "manifest");
  state.manifest = readCanonical(files.get("manifest.json"), "manifest");
  for (const [path, digest] of Object.entries(state.manifest.files)) {
    if (!files.has(path)) throw new Fault(CODES.hash, "missing", { file: path });
    if (canHash() && hex(await sha256(files.get(path))) !== digest) throw new Fault(CODES.hash, "file", { file: path });
  }
}

async function checkSignature(state) {
  const said = await openCheckpoint(state.files.get("checkpoint"), canHash() ? state.vkey : "");
  if (said.origin !== state.manifest.origin) throw new Fault(CODES.signature, "other-log");
  if (said.size !== state.manifest.size) throw new Fault(CODES.hash, "size");
  state.checkpoint = said;
}

async function checkTree(state) {
  const lines = textOf(state.files.get("entries.jsonl")).split("\n").filter(Boolean).map((line) => JSON.parse(line));
  state.leaves = lines.map((line, index) => {
    if (line.i !== index) throw new Fault(CODES.hash, "entries", { index });
    return line.e === undefined ? null : fromBase64(line.e);
  });
  if (state.leaves.length !== state.checkpoint.size) throw new Fault(CODES.hash, "root");
  if (!canHash()) return;
  const kept = (await leafHashes(state.leaves.filter((leaf) => leaf !== null))).values();
  const levels = await growTree(lines.map((line) => (line.e === undefined ? fromBase64(line.leaf) : kept.next().value)));
  if (!sameBytes(await rootOf(levels, lines.length), state.checkpoint.root)) throw new Fault(CODES.hash, "root");
  for (const [path, bytes] of tilesOf(levels, lines.length)) {
    if (!state.files.has(path) || !sameBytes(state.files.get(path), bytes)) throw new Fault(CODES.hash, "tile", { file: path });
  }
}

function readDocuments(state) {
  const digests = state.manifest.files;
  state.rules = new Map();
  for (const [path, digest] of Object.entries(digests)) {
    if (path === "rules.json" || path === `rules/${digest}.json`) {
      state.rules.set(digest, JSON.parse(textOf(state.files.get(path))));
    }
  }
  const { entries, rounds } = readCanonical(state.files.get("assign.json"), "assignment");
  state.plan = rounds;
  state.entries = new Map(Object.entries(entries).map(([alias, one]) => [alias, [one.category, one.division]]));
}

function rankNow(state, fold, leaf) {
  if (fold.compared || !fold.rules) throw new NotRecountable("rules");
  const tally = fold.tally();
  if (state.countedAt !== state.effects) {
    state.standings = countStandings(fold.rules, tally);
    state.countedAt = state.effects;
  }
  let onward = null;
  if (leaf.event === "advanced") {
    const judged = fold.rules.rounds.find((one) => one.key === leaf.round);
    onward = advancing(fold.rules, judged, state.standings.get(leaf.round));
    tally.advanced = new Map([...tally.advanced, [leaf.round, onward]]);
  }
  return { bytes: bytesOf(canonical(rankingDocument(tally, state.standings))), onward };
}

const NO_EFFECT = new Set(["assign", "award", "close", "extend", "publish", "rekey", "round"]);

// All leaves in order; at each closing the ranking is counted, and held against the hash that the leaf has of it.
async function foldLeaves(state) {
  readDocuments(state);
  const contest = state.manifest.origin.split("/").at(-3);
  const fold = new Fold(contest, (digest) => state.rules.get(digest) ?? null, state.entries);
  state.fold = fold;
  state.effects = 0;
  for (const bytes of state.leaves) {
    const leaf = bytes === null ? null : readCanonical(bytes, "leaf");
    let ranked = null;
    if (leaf && (leaf.type === "round" || leaf.type === "close")) ranked = tryRanking(state, fold, leaf);
    fold.add(leaf);
    if (!leaf || !NO_EFFECT.has(leaf.type)) state.effects += 1;
    if (!ranked) continue;
    if (ranked.onward) fold.advanced.set(leaf.round, ranked.onward);
    if (leaf.type === "close") state.ranking = ranked.bytes;
    const differs = canHash() && hex(await sha256(ranked.bytes)) !== leaf.ranking_sha256;
    if (differs && !fold.erased.size && !state.unsure) state.differs = true;
  }
  if (!fold.closing || fold.closing.inputs !== fold.index - 1) throw new Fault(CODES.leaf, "not-closed");
}

function checkDocuments(state) {
  const { fold, manifest } = state;
  const amended = fold.rulesDigest !== fold.opening.rule.params.rules_sha256;
  const named = {
    "rules.json": fold.rulesDigest,
    "roster.json": fold.opening.roster_sha256,
    "assign.json": fold.assignment,
    ...(amended ? {} : { "rubric.json": fold.opening.rubric_sha256 }),
  };
  for (const [path, digest] of Object.entries(named)) {
    if (manifest.files[path] !== digest) throw new Fault(CODES.hash, "document", { file: path });
  }
  fold.checkPlan(state.plan);
}

function tryRanking(state, fold, leaf) {
  try {
    return rankNow(state, fold, leaf);
  } catch (error) {
    if (!(error instanceof NotRecountable)) throw error;
    state.unsure = true;
    return null;
  }
}

async function checkRanking(state) {
  const published = state.files.get("ranking.json");
  const digest = canHash() ? hex(await sha256(published)) : state.manifest.files["ranking.json"];
  if (digest !== state.fold.closing.ranking_sha256 || state.differs) throw new Fault(CODES.ranking, "ranking");
  if (state.unsure || state.fold.erased.size || !state.ranking) throw new Fault(CODES.notRecounted, "not-recounted");
  if (!sameBytes(state.ranking, published)) throw new Fault(CODES.ranking, "ranking");
}

const STEPS = [
  ["files", checkFiles],
  ["signature", checkSignature],
  ["tree", checkTree],
  ["leaves", foldLeaves],
  ["documents", checkDocuments],
  ["ranking", checkRanking],
];

// Check a bundle given as a Map of its files. `vkey` is the log's public key from a place that the visitor trusts;
// `onStep(name)` is told before each step. Answers with the code of `judging verify`, the steps taken, whether the
// signature was checked (null where the browser cannot) and the ranking's bytes (null where it was not counted).
export async function recountBundle(files, { vkey = "", onStep = () => {} } = {}) {
  const state = { files, vkey, countedAt: -1, ranking: null, differs: false, unsure: false };
  const steps = [];
  for (const [name, act] of STEPS) {
    onStep(name);
    try {
      await act(state);
      steps.push({ name, code: CODES.ok });
    } catch (error) {
      const fault = error instanceof Fault ? error : new Fault(name === "leaves" ? CODES.leaf : CODES.hash, "unreadable");
      steps.push({ name, code: fault.code, problem: fault.problem, detail: fault.detail });
      break;
    }
  }
  return {
    code: steps.at(-1).code,
    steps,
    hashed: canHash(),
    signed: state.checkpoint?.signed ?? null,
    size: state.checkpoint?.size ?? null,
    sheets: state.fold?.sheets ?? null,
    ranking: state.ranking,
  };
}
