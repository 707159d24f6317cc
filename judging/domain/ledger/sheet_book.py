"""The sheets of a log: of each the versions in a whole chain, and what of the latest one counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from decimal import Decimal

from judging.domain.ledger.faults import LeafError
from judging.domain.ledger.leaves import Leaf
from judging.domain.ledger.marking import read_scores
from judging.domain.rules import ContestRules
from judging.domain.structure import frozen_digest
from judging.domain.values import Ballot
from judging.errors import N_

Plan = Mapping[str, Mapping[str, AbstractSet[str]]]
"""Who was assigned what, in any state: round key, entry, its judges."""

Pair = tuple[str, str]
"""Judge and entry."""


@dataclass(slots=True)
class Chain:
    """One judge's sheet on one entry in one round: its latest version, and what of it counts.

    `submitted` is that version as the judge gave it, None when it abstains; an override changes `ballot` alone.
    """

    judged: str
    ver: int
    index: int
    submitted: Ballot | None
    ballot: Ballot | None
    struck: bool = False


@dataclass(slots=True, kw_only=True)
class SheetBook:
    """All sheets so far. `closed` holds the rounds that take none, `out` the entries that were taken out.

    Where a leaf was erased, a chain may be broken at it: `erased` holds such indices.
    """

    closed: set[str] = field(default_factory=set)
    out: set[str] = field(default_factory=set)
    erased: set[int] = field(default_factory=set)
    assigned_at: int = 0
    _chains: dict[str, dict[Pair, Chain]] = field(default_factory=dict)
    _standing: dict[int, Chain] = field(default_factory=dict)
    _recused: dict[Pair, int] = field(default_factory=dict)

    def submit(self, index: int, leaf: Leaf, rules: ContestRules | None) -> None:
        """Take in a sheet. Raises LeafError when it cannot stand where it stands."""
        judged, pair = leaf["round"], (leaf["judge"], leaf["entry"])
        chains = self._chains.setdefault(judged, {})
        chain = chains.get(pair)
        if leaf.get("supersedes") not in self.erased:
            _check_version(index, leaf, chain)
        self._check_may_score(index, judged, pair, chain)
        ballot = _ballot(index, leaf, rules)
        if chain is None:
            chain = chains[pair] = Chain(judged, leaf["ver"], index, ballot, ballot)
        else:
            self._standing.pop(chain.index, None)
            chain.ver, chain.index, chain.submitted, chain.ballot = leaf["ver"], index, ballot, ballot
        self._standing[index] = chain

    def recuse(self, index: int, pair: Pair) -> None:
        """Strike the judge's sheets on the entry in every round that is not closed."""
        self._recused[pair] = index
        for judged, chains in self._chains.items():
            if judged not in self.closed and pair in chains:
                chains[pair].ballot, chains[pair].struck = None, True

    def override(self, index: int, leaf: Leaf, rules: ContestRules | None) -> None:
        """Exclude a standing sheet, or give it other marks, an excluded one too. Raises LeafError."""
        chain = self._standing.get(leaf["target"])
        if chain is None:
            if leaf["target"] not in self.erased:
                raise LeafError(N_("Leaf %(index)s overrides what is no standing sheet."), index=index)
        elif leaf.get("exclude"):
            chain.ballot = None
        elif chain.submitted is None or chain.struck:
            raise LeafError(N_("Leaf %(index)s gives marks to a sheet that does not count."), index=index)
        else:
            chain.ballot = replace(chain.submitted, marks=_marks(index, chain.judged, leaf["scores"], rules))

    def ballots(self) -> dict[str, list[Ballot]]:
        """What counts, by round."""
        return {
            key: [chain.ballot for chain in chains.values() if chain.ballot is not None]
            for key, chains in self._chains.items()
        }

    def latest(self, leaf: Leaf) -> int | None:
        """The index of the newest version of the sheet that `leaf` is a version of."""
        chain = self._chains.get(leaf["round"], {}).get((leaf["judge"], leaf["entry"]))
        return None if chain is None else chain.index

    def counts(self, leaf: Leaf) -> bool:
        """Whether the sheet that `leaf` is a version of counts now, with these marks or with others."""
        chain = self._chains.get(leaf["round"], {}).get((leaf["judge"], leaf["entry"]))
        return chain is not None and chain.ballot is not None and leaf["entry"] not in self.out

    def missing(self, plan: Plan) -> int:
        """How many readings of the plan, of entries in play, have no sheet that counts."""
        return sum(
            1
            for judged, pair in _pairs_of(plan)
            if pair[1] not in self.out
            and ((chain := self._chains.get(judged, {}).get(pair)) is None or chain.ballot is None)
        )

    def check_plan(self, plan: Plan) -> None:
        """Raise LeafError for a sheet of a judge who never was assigned the entry."""
        for judged, chains in self._chains.items():
            entries = plan.get(judged, {})
            for (judge, entry), chain in chains.items():
                if judge not in entries.get(entry, ()):
                    raise LeafError(
                        N_("Leaf %(index)s is a sheet of a judge who was not assigned the entry."), index=chain.index
                    )

    def _check_may_score(self, index: int, judged: str, pair: Pair, chain: Chain | None) -> None:
        if judged in self.closed:
            raise LeafError(N_("Leaf %(index)s is a sheet of a round that was closed."), index=index)
        if pair[1] in self.out:
            raise LeafError(N_("Leaf %(index)s is a sheet on an entry that was taken out."), index=index)
        if (chain is not None and chain.struck) or self._recused.get(pair, -1) > self.assigned_at:
            raise LeafError(N_("Leaf %(index)s is a sheet of a judge who was recused."), index=index)


def _pairs_of(plan: Plan) -> Iterator[tuple[str, Pair]]:
    for judged, entries in plan.items():
        for entry, judges in entries.items():
            for judge in judges:
                yield judged, (judge, entry)


def _check_version(index: int, leaf: Leaf, chain: Chain | None) -> None:
    before = leaf.get("supersedes")
    whole = before is None if chain is None else before == chain.index and leaf["ver"] == chain.ver + 1
    if not whole:
        raise LeafError(N_("Leaf %(index)s does not follow from the version of the sheet before it."), index=index)


def _ballot(index: int, leaf: Leaf, rules: ContestRules | None) -> Ballot | None:
    if leaf["abstain"]:
        return None
    marks = _marks(index, leaf["round"], leaf["scores"], rules, rubric=leaf["rubric"])
    return Ballot(judge=leaf["judge"], entry=leaf["entry"], marks=marks, consensus=leaf.get("consensus", False))


def _marks(
    index: int, judged: str, scores: Mapping[str, str], rules: ContestRules | None, *, rubric: str | None = None
) -> dict[str, Decimal]:
    """The marks, held against the rubric of the round where the rules are at hand."""
    if rules is None:
        return {key: Decimal(text) for key, text in scores.items()}
    found = rules.find_round(judged)
    if found is None:
        raise LeafError(N_("Leaf %(index)s is of a round that the rules do not have."), index=index)
    if rubric is not None and rubric != frozen_digest(found.rubric):
        raise LeafError(N_("Leaf %(index)s was scored by another rubric than the round's."), index=index)
    try:
        return read_scores(found.rubric, scores)
    except LeafError as error:
        raise LeafError(N_("Leaf %(index)s: %(reason)s"), index=index, reason=error) from error
