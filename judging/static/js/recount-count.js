// From the sheets that count to the ranking, in exact fractions of whole numbers. A second writing of the product's own
// rules of counting, so that neither has to be believed alone.

import { compare, fraction, MILLION, millionths, over, plus, sixPlaces, sum, times, ZERO } from "./recount-fractions.js";

export class NotRecountable extends Error {}

const LEAST_TO_TRIM = 5;
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

// The mark keys of a criterion with their scales; none where it takes a comment only.
export function scalesOf(criterion) {
  if (criterion.parts.length) return criterion.parts.map((part) => [`${criterion.key}.${part.key}`, part.scale]);
  return criterion.scale ? [[criterion.key, criterion.scale]] : [];
}

const maximumOf = (criterion) => ({ n: sum(scalesOf(criterion).map(([, scale]) => millionths(scale.high))), d: MILLION });
const highestOf = (criteria) =>
  criteria.map((one) => times(maximumOf(one), fraction(one.weight))).reduce(plus, ZERO);

// What one point of a criterion adds to the total of a sheet.
function factorOf(rubric, criterion) {
  let factor = fraction(criterion.weight);
  let whole = rubric.sections.map((one) => fraction(one.weight)).reduce(plus, ZERO);
  if (rubric.sections.length) {
    const section = rubric.sections.find((one) => one.key === criterion.section);
    const highest = highestOf(rubric.criteria.filter((one) => one.section === section.key));
    factor = over(times(factor, fraction(section.weight)), highest);
  } else {
    whole = highestOf(rubric.criteria);
  }
  return rubric.total === null ? factor : over(times(factor, fraction(rubric.total)), whole);
}

// A rubric as a sum: every mark key with its whole factor, all over one denominator.
function formOf(rubric) {
  const marked = rubric.criteria.filter((one) => scalesOf(one).length);
  const factors = marked.map((one) => [one, factorOf(rubric, one)]);
  const denominator = factors.reduce((product, [, factor]) => product * factor.d, 1n);
  return {
    criteria: marked.map((one) => ({ key: one.key, weight: fraction(one.weight), keys: scalesOf(one).map(([key]) => key) })),
    factors: factors.flatMap(([one, { n, d }]) => scalesOf(one).map(([key]) => [key, (n * denominator) / d])),
    denominator: denominator * MILLION,
  };
}

const forms = new WeakMap();
function form(rubric) {
  if (!forms.has(rubric)) forms.set(rubric, formOf(rubric));
  return forms.get(rubric);
}

const sheetTotal = (rubric, ballot) => sum(form(rubric).factors.map(([key, factor]) => factor * ballot.marks[key]));

function meanOf(rubric, totals) {
  return { n: sum(totals), d: form(rubric).denominator * BigInt(totals.length) };
}

const AGGREGATORS = {
  mean: (totals) => ({ kept: totals, used: totals.length, unused: 0 }),
  "trimmed-mean": (totals) => {
    if (totals.length < LEAST_TO_TRIM) return { kept: totals, used: totals.length, unused: 0 };
    return { kept: totals.slice(1, -1), used: totals.length - 2, unused: 2 };
  },
  median: (totals) => {
    const half = totals.length >> 1;
    return { kept: totals.slice(totals.length % 2 ? half : half - 1, half + 1), used: totals.length, unused: 0 };
  },
  consensus: (totals) => ({ kept: totals, used: totals.length, unused: 0 }),
};

// A consensus sheet counts alone where the round takes the consensus, and else only where there is nothing but it.
function counted(judged, ballots) {
  const agreed = ballots.filter((one) => one.consensus);
  if (!agreed.length) return ballots;
  const own = ballots.filter((one) => !one.consensus);
  return judged.aggregator === "consensus" || !own.length ? agreed : own;
}

function scoreOf(judged, ballots) {
  const sheets = counted(judged, ballots);
  const totals = sheets.map((one) => sheetTotal(judged.rubric, one)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const { kept, used, unused } = AGGREGATORS[judged.aggregator](totals);
  return { value: meanOf(judged.rubric, kept), used, unused: unused + ballots.length - sheets.length };
}

function groupByEntry(ballots, entries) {
  const groups = new Map();
  for (const one of ballots) {
    if (!entries.has(one.entry)) continue;
    if (!groups.has(one.entry)) groups.set(one.entry, []);
    groups.get(one.entry).push(one);
  }
  return groups;
}

const pointsOf = (keys, ballot) => sum(keys.map((key) => ballot.marks[key]));

function criterionFigures(criterion, judged, groups) {
  const { keys } = form(judged.rubric).criteria.find((one) => one.key === criterion.key);
  const figures = new Map();
  for (const [entry, ballots] of groups) {
    const sheets = counted(judged, ballots);
    figures.set(entry, { n: sum(sheets.map((one) => pointsOf(keys, one))), d: MILLION * BigInt(sheets.length) });
  }
  return figures;
}

// The tie-breaks of the rules as they apply to one round: key, and a figure for each entry; the higher stands first.
function tieBreaks(rules, place, groups, scores, votes) {
  const judged = rules.rounds[place];
  const values = (index) =>
    new Map([...(scores[index] ?? new Map())].map(([entry, score]) => [entry, score.value]));
  const core = {
    "later-round": () => values(place + 1),
    "earlier-round": () => values(place - 1),
    "chair-vote": () => new Map(Object.entries(votes).map(([entry, vote]) => [entry, { n: BigInt(vote), d: 1n }])),
  };
  return rules.tie_breaks.flatMap((key) => {
    const name = key.startsWith("criterion:") ? key.slice("criterion:".length) : "";
    const has = (one) => one.rubric.criteria.find((criterion) => criterion.key === name);
    if (name && rules.rounds.some(has)) {
      const own = has(judged);
      if (!own) return [];
      const figures = () => (scalesOf(own).length ? criterionFigures(own, judged, groups) : new Map());
      return [{ key, figures }];
    }
    if (!core[key]) throw new NotRecountable(`tie-break ${key}`);
    return [{ key, figures: core[key] }];
  });
}

function comparePlaces(a, b) {
  let order = compare(b.score.value, a.score.value);
  for (let index = 0; !order && index < a.figures.length; index += 1) order = compare(b.figures[index], a.figures[index]);
  return order;
}

function decide(own, other, breaks) {
  const index = own.figures.findIndex((figure, at) => compare(figure, other.figures[at]) !== 0);
  return {
    key: breaks[index].key,
    own: sixPlaces(own.figures[index]),
    other: sixPlaces(other.figures[index]),
    other_entry: other.entry,
  };
}

// Runs of neighbours that `same` takes for equal.
function runs(items, same) {
  const found = [];
  for (const item of items) {
    const last = found.at(-1);
    if (last && same(last[0], item)) last.push(item);
    else found.push([item]);
  }
  return found;
}

function rank(places, breaks) {
  const ranked = [];
  for (const level of runs(places, (a, b) => compare(a.score.value, b.score.value) === 0)) {
    const shares = runs(level, (a, b) => comparePlaces(a, b) === 0);
    shares.forEach((share, index) => {
      const neighbours = [shares[index - 1], shares[index + 1]].filter(Boolean).map((other) => other[0]);
      const first = ranked.length + 1;
      for (const place of share) {
        ranked.push({ ...place, rank: first, tie: neighbours.map((other) => decide(place, other, breaks)) });
      }
    });
  }
  return ranked;
}

function standingsOf(rules, place, groups, scores, tally) {
  const judged = rules.rounds[place];
  const breaks = tieBreaks(rules, place, groups, scores, tally.votes.get(judged.key) ?? {});
  let places = [...scores[place]].map(([entry, score]) => ({ entry, score, figures: [] }));
  places.sort((a, b) => compare(b.score.value, a.score.value));
  if (places.some((one, at) => at && compare(one.score.value, places[at - 1].score.value) === 0)) {
    const tables = breaks.map((one) => one.figures());
    places = places.map((one) => ({ ...one, figures: tables.map((table) => table.get(one.entry) ?? ZERO) }));
  }
  places.sort((a, b) => comparePlaces(a, b) || byText(a.entry, b.entry));
  return rank(places, breaks).map((one) => {
    const sheets = counted(judged, groups.get(one.entry));
    const criteria = {};
    const lowest = {};
    for (const { key, keys, weight } of form(judged.rubric).criteria) {
      const given = sheets.map((sheet) => pointsOf(keys, sheet));
      criteria[key] = { n: sum(given) * weight.n, d: MILLION * weight.d * BigInt(given.length) };
      lowest[key] = given.reduce((least, mark) => (mark < least ? mark : least));
    }
    const [category, division] = tally.entries.get(one.entry);
    return { ...one, category, division, criteria, lowest };
  });
}

// The standings of every round, by key.
export function countStandings(rules, tally) {
  for (const judged of rules.rounds) {
    if (!Object.hasOwn(AGGREGATORS, judged.aggregator)) throw new NotRecountable(`aggregator ${judged.aggregator}`);
  }
  const groups = rules.rounds.map((judged) => groupByEntry(tally.ballots.get(judged.key) ?? [], tally.entries));
  const scores = rules.rounds.map(
    (judged, at) => new Map([...groups[at]].map(([entry, ballots]) => [entry, scoreOf(judged, ballots)])),
  );
  return new Map(
    rules.rounds.map((judged, place) => [judged.key, standingsOf(rules, place, groups[place], scores, tally)]),
  );
}

function passes(gate, standing, rubric) {
  let reached = standing.score.value;
  let lowest = Object.values(standing.lowest).reduce((least, mark) => (mark < least ? mark : least));
  if (gate.criterion !== null) {
    const criterion = rubric.criteria.find((one) => one.key === gate.criterion);
    if (!criterion || !standing.criteria[gate.criterion]) return false;
    reached = over(standing.criteria[gate.criterion], fraction(criterion.weight));
    lowest = standing.lowest[gate.criterion];
  }
  return compare(reached, fraction(gate.minimum)) >= 0 && !(gate.no_zero && lowest === 0n);
}

function boardsOf(rules, board) {
  if (board === "category") return rules.categories.map((one) => one.key);
  return board === "division" && rules.divisions.length ? rules.divisions.map((one) => one.key) : [""];
}

function boardOf(rules, board, standing) {
  if (board === "category") return standing.category;
  return board === "division" && rules.divisions.length ? standing.division : "";
}

// Who goes on from a round: everybody who clears its gates, then as many of each board as its quota says, ties whole.
export function advancing(rules, judged, standings) {
  const gates = rules.gates.filter((gate) => gate.scope === "advance" && gate.round === judged.key);
  const passed = standings.filter((one) => gates.every((gate) => passes(gate, one, judged.rubric)));
  if (judged.quota === null) return passed.map((one) => one.entry);
  const inside = new Set();
  for (const board of boardsOf(rules, judged.quota.board)) {
    const own = passed.filter((one) => boardOf(rules, judged.quota.board, one) === board);
    let left = judged.quota.places;
    for (const share of runs(own, (a, b) => a.rank === b.rank)) {
      if (left <= 0) break;
      share.forEach((one) => inside.add(one.entry));
      left -= share.length;
    }
  }
  return passed.map((one) => one.entry).filter((entry) => inside.has(entry));
}

// The ranking document, as it is published.
export function rankingDocument(tally, standings) {
  const order = (one) => [one.level, one.board, one.entry].join("\u0000");
  return {
    format: "contest-ranking@v1",
    contest: tally.contest,
    rounds: [...standings]
      .filter(([, places]) => places.length)
      .map(([key, places]) => ({
        key,
        advanced: (tally.advanced.get(key) ?? []).filter((entry) => tally.entries.has(entry)),
        standings: places.map((one) => ({
          entry: one.entry,
          rank: one.rank,
          category: one.category,
          division: one.division,
          score: sixPlaces(one.score.value),
          sheets: one.score.used,
          left_out: one.score.unused,
          criteria: Object.fromEntries(Object.entries(one.criteria).map(([name, mean]) => [name, sixPlaces(mean)])),
          tie: one.tie,
        })),
      })),
    prizes: [...tally.prizes].sort((a, b) => byText(order(a), order(b))),
  };
}
