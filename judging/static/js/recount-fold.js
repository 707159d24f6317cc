// Reading a log from its first leaf on: what counts after each of them, and which leaf cannot stand where it stands.

import { scalesOf } from "./recount-count.js";
import { millionths } from "./recount-fractions.js";
import { CODES, Fault } from "./recount-log.js";

const AFTER_CLOSE = new Set(["publish", "rekey", "reopen"]);

// What counts after each leaf. Without rules (those of before an amendment may be lacking) marks are taken as they are.
export class Fold {
  constructor(contest, findRules, entries) {
    Object.assign(this, { contest, findRules, entries, index: 0, time: "", rules: null, opening: null, closing: null });
    Object.assign(this, { sheets: 0, erased: new Set(), chains: new Map(), standing: new Map() });
    Object.assign(this, { closed: new Set(), out: new Set(), advanced: new Map(), votes: new Map(), prizes: new Map() });
    Object.assign(this, { recused: new Map(), assignedAt: 0, compared: false, rulesDigest: "", assignment: "" });
  }

  fail(problem) {
    throw new Fault(CODES.leaf, problem, { index: this.index - 1 });
  }

  add(leaf) {
    const index = this.index;
    this.index += 1;
    if (leaf === null) {
      this.erased.add(index);
      return;
    }
    if ((leaf.type === "open") !== (index === 0) || leaf.v !== 1 || leaf.contest !== this.contest) this.fail("leaf");
    if (leaf.t < this.time) this.fail("time");
    if (this.closing && !AFTER_CLOSE.has(leaf.type)) this.fail("after-close");
    this.time = leaf.t;
    const handler = this[`on_${leaf.type}`];
    if (handler) handler.call(this, index, leaf);
  }

  on_open(_index, leaf) {
    this.opening = leaf;
    this.assignment = leaf.assign_sha256;
    this.takeRules(leaf.rule.params.rules_sha256);
  }

  on_amend(_index, leaf) {
    if (leaf.what === "rules") this.takeRules(leaf.digest);
  }

  takeRules(digest) {
    this.rulesDigest = digest;
    this.rules = this.findRules(digest);
  }

  on_assign(index, leaf) {
    this.assignedAt = index;
    this.assignment = leaf.assign_sha256;
  }

  on_comparison() {
    this.compared = true;
  }

  on_sheet(index, leaf) {
    this.sheets += 1;
    if (!this.chains.has(leaf.round)) this.chains.set(leaf.round, new Map());
    const chains = this.chains.get(leaf.round);
    const pair = `${leaf.judge} ${leaf.entry}`;
    const chain = chains.get(pair) ?? { round: leaf.round, ver: 0, index: undefined, struck: false };
    const follows = leaf.ver === chain.ver + 1 && leaf.supersedes === chain.index;
    if (!follows && !this.erased.has(leaf.supersedes)) this.fail("versions");
    const recused = chain.struck || (this.recused.get(pair) ?? -1) > this.assignedAt;
    if (recused || this.closed.has(leaf.round) || this.out.has(leaf.entry)) this.fail("sheet");
    this.standing.delete(chain.index);
    const counts = { judge: leaf.judge, entry: leaf.entry, consensus: leaf.consensus === true };
    const ballot = leaf.abstain ? null : { ...counts, marks: this.marks(leaf.round, leaf.scores) };
    chains.set(pair, Object.assign(chain, { ver: leaf.ver, index, submitted: ballot, ballot }));
    this.standing.set(index, chain);
  }

  marks(key, scores) {
    const marks = Object.fromEntries(Object.entries(scores).map(([name, text]) => [name, millionths(text)]));
    if (!this.rules) return marks;
    const judged = this.rules.rounds.find((one) => one.key === key);
    const scales = judged ? judged.rubric.criteria.flatMap(scalesOf) : [];
    const fits = ([name, scale]) => {
      const [low, high, step] = [scale.low, scale.high, scale.step].map(millionths);
      return name in marks && marks[name] >= low && marks[name] <= high && (marks[name] - low) % step === 0n;
    };
    if (!scales.length || scales.length !== Object.keys(marks).length || !scales.every(fits)) this.fail("marks");
    return marks;
  }

  on_recuse(index, leaf) {
    const pair = `${leaf.judge} ${leaf.entry}`;
    this.recused.set(pair, index);
    for (const [key, chains] of this.chains) {
      const chain = chains.get(pair);
      if (chain && !this.closed.has(key)) Object.assign(chain, { ballot: null, struck: true });
    }
  }

  on_override(_index, leaf) {
    const chain = this.standing.get(leaf.target);
    if (!chain && this.erased.has(leaf.target)) return;
    const counts = chain && chain.submitted && !chain.struck;
    if (!chain || (!leaf.exclude && !counts)) this.fail("override");
    chain.ballot = leaf.exclude ? null : { ...chain.submitted, marks: this.marks(chain.round, leaf.scores) };
  }

  on_withdraw(_index, leaf) {
    this.out.add(leaf.entry);
  }

  on_disqualify(_index, leaf) {
    this.out.add(leaf.entry);
  }

  on_vote(_index, leaf) {
    if (leaf.subject !== "tie") return;
    const { round, order } = leaf.outcome;
    const votes = Object.fromEntries(order.map((entry, place) => [entry, order.length - place]));
    this.votes.set(round, { ...this.votes.get(round), ...votes });
  }

  on_award(_index, leaf) {
    const prize = { entry: leaf.entry, level: leaf.level, board: leaf.board ?? "" };
    if (this.prizes.has(`${prize.level} ${prize.entry}`)) this.fail("award");
    this.prizes.set(`${prize.level} ${prize.entry}`, prize);
  }

  on_round(index, leaf) {
    const ended = leaf.event === "advanced";
    const twice = this.advanced.has(leaf.round) || ended !== this.closed.has(leaf.round);
    if (leaf.inputs !== index || twice) this.fail("round");
    this.closed.add(leaf.round);
    if (ended) this.advanced.set(leaf.round, []);
  }

  on_reopen(_index, leaf) {
    if (leaf.round === undefined ? !this.closing : !this.closed.has(leaf.round)) this.fail("reopen");
    this.closing = null;
    this.prizes.clear();
    this.closed.delete(leaf.round);
    this.advanced.delete(leaf.round);
  }

  on_close(index, leaf) {
    const unknown = leaf.sheets - this.sheets;
    if (leaf.inputs !== index || unknown < 0 || unknown > this.erased.size) this.fail("close");
    this.closing = leaf;
  }

  // Every sheet must be of a judge who was assigned the entry: `plan` has the judges by round and entry.
  checkPlan(plan) {
    for (const [key, chains] of this.chains) {
      for (const pair of chains.keys()) {
        const [judge, entry] = pair.split(" ");
        if (!plan[key]?.[entry]?.includes(judge)) throw new Fault(CODES.leaf, "plan", { index: chains.get(pair).index });
      }
    }
  }

  tally() {
    const ballots = [...this.chains].map(([key, chains]) => [key, [...chains.values()].map((one) => one.ballot)]);
    return {
      contest: this.contest,
      ballots: new Map(ballots.map(([key, all]) => [key, all.filter(Boolean)])),
      entries: new Map([...this.entries].filter(([entry]) => !this.out.has(entry))),
      votes: this.votes,
      advanced: this.advanced,
      prizes: [...this.prizes.values()].filter((one) => !this.out.has(one.entry)),
    };
  }
}
