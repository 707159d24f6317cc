"""One pass over the leaves of a log: the tree, what counts, and the ranking recounted at each closing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from judging.domain.ledger.bundle import Erased
from judging.domain.ledger.faults import HashError, LeafError, LedgerError, NotRecountable, RankingError
from judging.domain.ledger.fold import Fold
from judging.domain.ledger.leaves import Leaf, read_leaf
from judging.domain.ledger.merkle import MemoryTree, leaf_hash
from judging.domain.ledger.recount import Count, Recount, count_standings, make_ranking, who_advances
from judging.domain.strategies import Aggregator, TieBreaker
from judging.errors import N_

OnSheet = Callable[[int, Leaf], None]


@dataclass(slots=True, kw_only=True)
class LogRead:
    """What one pass gave.

    `fault` is the first leaf that cannot stand; nothing after it was folded, though the tree has all leaves. `differs`
    is the first ranking that does not follow; `unsure` says why some ranking could not be recounted. `final` is the
    recount at the last closing, `erased` names the leaves of which only the hash is left. `count` is what was counted
    last, at the fold's revision `counted_at`. `blind` says that it is not known who advanced from some round.
    `aggregators` and `tie_breakers` add those of plugins to the core's own.
    """

    fold: Fold
    aggregators: Mapping[str, Aggregator] = field(default_factory=dict)
    tie_breakers: Mapping[str, TieBreaker] = field(default_factory=dict)
    tree: MemoryTree = field(default_factory=MemoryTree)
    fault: LeafError | None = None
    differs: RankingError | None = None
    unsure: NotRecountable | None = None
    final: Recount | None = None
    erased: dict[int, str] = field(default_factory=dict)
    count: Count | None = None
    counted_at: int = -1
    blind: bool = False


def read_log(
    leaves: Iterable[bytes | Erased],
    fold: Fold,
    *,
    on_sheet: OnSheet | None = None,
    aggregators: Mapping[str, Aggregator] | None = None,
    tie_breakers: Mapping[str, TieBreaker] | None = None,
) -> LogRead:
    """Read all leaves. Raises HashError when there are none."""
    read = LogRead(fold=fold, aggregators=aggregators or {}, tie_breakers=tie_breakers or {})
    for index, found in enumerate(leaves):
        if isinstance(found, Erased):
            read.tree.append(found.hash)
            read.erased[index] = found.reason
        else:
            read.tree.append(leaf_hash(found))
        if read.fault is None:
            try:
                _take_in(read, None if isinstance(found, Erased) else found, on_sheet)
            except LeafError as error:
                read.fault = error
    if read.tree.size == 0:
        raise HashError(N_("The log holds no leaves."))
    return read


def _take_in(read: LogRead, data: bytes | None, on_sheet: OnSheet | None) -> None:
    fold = read.fold
    if data is None:
        fold.add(None)
        return
    index = fold.size
    try:
        leaf = read_leaf(data)
    except LeafError as error:
        raise LeafError(N_("Leaf %(index)s: %(reason)s"), index=index, reason=error) from error
    if leaf["type"] == "sheet":
        fold.add(leaf)
        if on_sheet is not None:
            on_sheet(index, leaf)
        return
    counted, onward = _recount(read, leaf) if leaf["type"] in ("close", "round") else (None, ())
    fold.add(leaf)
    if leaf.get("event") == "advanced":
        fold.advanced[leaf["round"]] = onward
        read.blind = read.blind or counted is None
    if leaf["type"] == "close":
        read.final = counted
    _compare(read, index, leaf, counted)


def _recount(read: LogRead, leaf: Leaf) -> tuple[Recount | None, tuple[str, ...]]:
    """The ranking that follows from the leaves before this one; None where it cannot be told here."""
    fold = read.fold
    try:
        if fold.compared:
            raise NotRecountable(N_("Entries were compared in pairs, which is not recounted here."))
        if fold.rules is None:
            raise NotRecountable(N_("The rules by which it was judged then are not in the bundle."))
        tally = fold.tally()
        if read.count is None or read.counted_at != fold.revision:
            read.count = count_standings(
                fold.rules, tally, aggregators=read.aggregators, tie_breakers=read.tie_breakers
            )
            read.counted_at = fold.revision
        if leaf.get("event") != "advanced":
            return make_ranking(tally, read.count), ()
        onward = who_advances(fold.rules, read.count, leaf["round"])
        ended = replace(tally, advanced={**tally.advanced, leaf["round"]: onward})
        return make_ranking(ended, read.count), onward
    except NotRecountable as error:
        read.unsure = read.unsure or error
        return None, ()


def _compare(read: LogRead, index: int, leaf: Leaf, counted: Recount | None) -> None:
    """Hold the recount against the hash that the leaf holds.

    Where leaves were erased before it, or it cannot be told who advanced from a round, the recount says nothing.
    """
    unsure = read.blind or bool(read.fold.book.erased)
    if counted is None or unsure or read.differs is not None or counted.sha256 == leaf["ranking_sha256"]:
        return
    read.differs = RankingError(
        N_("The ranking that follows from the sheets is not the one that leaf %(index)s holds."), index=index
    )


def first_fault(read: LogRead) -> LedgerError | None:
    """Why the leaves cannot be relied on: one that cannot stand, or a log that does not end with its closing."""
    if read.fault is not None:
        return read.fault
    if read.fold.closing is None or read.fold.closing["inputs"] != read.fold.size - 1:
        return LeafError(N_("The log in the bundle does not end with its closing."))
    return None
