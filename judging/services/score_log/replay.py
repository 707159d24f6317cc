"""Reading a stored log from its first leaf on: what it says counts, and the ranking that follows from it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from judging.domain.ledger.bundle import Erased
from judging.domain.ledger.faults import NotRecountable
from judging.domain.ledger.fold import Fold
from judging.domain.ledger.merkle import leaf_hash
from judging.domain.ledger.reading import LogRead, read_log
from judging.domain.ledger.recount import Count, Recount, count_standings, make_ranking
from judging.domain.structure import digest
from judging.errors import N_, ContestSuspended
from judging.services.score_log.bodies import pinned_rules
from judging.services.score_log.papers import RecordDiffers, current_plan, kept_rules
from judging.services.score_log.tree import stored_leaves

if TYPE_CHECKING:
    from collections.abc import Generator

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.ledger.sheet_book import Plan
    from judging.plugins import Registry
    from judging.services.score_log.appending import Log


def replay(session: Session, log: Log, *, contest: Contest, registry: Registry) -> LogRead:
    """Read the whole log, and hold its leaves against the root that is kept. Raises RecordDiffers."""
    plan = current_plan(session, contest)
    rules = kept_rules(session, log.id)
    fold = Fold(contest=contest.slug, find_rules=rules.get, boards=plan.boards)
    read = read_log(_found(session, log.id), fold, aggregators=registry.aggregators, tie_breakers=registry.tie_breakers)
    if read.fault is not None:
        raise RecordDiffers(N_("The score log cannot be read: %(reason)s"), reason=read.fault)
    if (read.tree.size, read.tree.root()) != (log.size, log.root):
        raise RecordDiffers(N_("The score log in the database was changed: its leaves do not lead to its root."))
    if read.fold.rules_sha256 != digest(pinned_rules(contest)):
        raise RecordDiffers(N_("The rules in the database are not those that the score log names."))
    _check_plan(read, plan.plan)
    return read


def ranking_now(read: LogRead) -> Recount:
    """The ranking that follows from all leaves so far. Raises ContestSuspended and LeafError."""
    tally = read.fold.tally()
    return make_ranking(tally, count_read(read))


def count_read(read: LogRead) -> Count:
    """The standings of every round by all leaves so far. Raises ContestSuspended for strategies that are gone."""
    rules = read.fold.rules
    assert rules is not None, "a log that this program wrote keeps its rules"  # noqa: S101 - see the message
    try:
        return count_standings(rules, read.fold.tally(), aggregators=read.aggregators, tie_breakers=read.tie_breakers)
    except NotRecountable as error:
        raise ContestSuspended(error.message, **error.params) from error


def _check_plan(read: LogRead, plan: Plan) -> None:
    read.fold.book.check_plan(plan)


def _found(session: Session, log_id: str) -> Generator[bytes | Erased, None, None]:
    with closing(stored_leaves(session, log_id)) as leaves:
        for hashed, entry in leaves:
            if entry is None:
                yield Erased(hash=hashed)
            elif leaf_hash(entry) != hashed:
                raise RecordDiffers(N_("A leaf of the score log is not the one whose hash is kept."))
            else:
                yield entry
