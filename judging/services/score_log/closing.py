"""Rounds that end, and the closing before publication: the log's own ranking must be that of the database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from judging.domain.ledger.bundle import ASSIGNMENT, PLUGINS, RANKING
from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.checkpoints import Checkpoint
from judging.domain.ledger.documents import plugins_bytes
from judging.domain.ledger.leaf_types import Amend, Assign, Close, Reopen, RoundEvent
from judging.domain.ledger.recount import Recount, make_ranking, who_advances
from judging.errors import N_
from judging.services.score_log.appending import Log, NewLeaf, append
from judging.services.score_log.bodies import award_leaf, commit
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.papers import RecordDiffers, current_plan, keep_document
from judging.services.score_log.replay import count_read, ranking_now, replay
from judging.services.score_log.tree import read_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Prize
    from judging.domain.ledger.reading import LogRead
    from judging.plugins import Registry

CLOSED, ADVANCED = "closed", "advanced"


def add_round_event(
    session: Session,
    log: Log,
    *,
    contest: Contest,
    registry: Registry,
    round_key: str,
    event: str,
    counted: Recount | None,
    now: datetime,
) -> tuple[str, ...]:
    """Record that a round was closed or advanced; who went on, by the log, in the order of its standings.

    `counted` is the ranking by the database, None where only the log is asked. Raises RecordDiffers when the two are
    not the same.
    """
    read = replay(session, log, contest=contest, registry=registry)
    onward: tuple[str, ...] = ()
    if event == CLOSED:
        found = ranking_now(read)
    else:
        found, onward = _advanced(read, round_key)
    if counted is not None:
        require_same(found, counted)
    body = RoundEvent(round=round_key, event=event, inputs=log.size, ranking_sha256=found.sha256)
    append(session, log, [NewLeaf(body=body)], now=now)
    return onward


def close_log(
    session: Session,
    log: Log,
    *,
    contest: Contest,
    registry: Registry,
    prizes: Sequence[Prize],
    approved_by: str,
    counted: Recount | None,
    now: datetime,
) -> Recount:
    """Give the prizes and close; what follows from the leaves is the ranking that is published.

    `counted` is the ranking by the database, None where only the log is asked. Raises RecordDiffers when the two are
    not the same.
    """
    _settle_papers(session, log, contest=contest, registry=registry, now=now)
    if prizes:
        leaves = [award_leaf(contest, prize, approved_by=approved_by) for prize in prizes]
        append(session, log, leaves, now=now)
    read = replay(session, log, contest=contest, registry=registry)
    found = ranking_now(read)
    if counted is not None:
        require_same(found, counted)
    keep_document(session, log.id, RANKING, found.ranking)
    body = Close(sheets=read.fold.sheets, ranking_sha256=found.sha256, inputs=log.size)
    append(session, log, [NewLeaf(body=body)], now=now)
    return found


def add_reopening(session: Session, log: Log, *, reason: str, round_key: str | None, now: datetime) -> None:
    """Record that what was closed takes leaves again: a round, or with None the log after its publication."""
    hashed, salt = commit(reason)
    # The state before this unit of work is committed, so that it may be signed.
    state = Checkpoint(origin=log.origin, size=log.size, root=log.root)
    note = keeper_of(session).notary.sign(state, read=read_nodes(session, log.id))
    body = Reopen(reason_sha256=hashed, prev_checkpoint=note.decode(), round=round_key)
    append(session, log, [NewLeaf(body=body, text_salt=salt)], now=now)


def require_same(found: Recount, counted: Recount) -> None:
    """Refuse a ranking of the database that does not follow from the log. Raises RecordDiffers."""
    if found.ranking == counted.ranking:
        return
    for key, places in found.standings.items():
        ours = {one.entry: one for one in places}
        theirs = {one.entry: one for one in counted.standings.get(key, ())}
        wrong = sorted(entry for entry in ours.keys() | theirs.keys() if ours.get(entry) != theirs.get(entry))
        if wrong:
            raise RecordDiffers(
                N_(
                    "The marks in the database are not those that the score log recorded: %(entry)s in round"
                    " “%(round)s”. Nothing was closed. Whoever looks after the installation runs `judging check`."
                ),
                entry=", ".join(wrong[:5]),
                round=key,
            )
    raise RecordDiffers(N_("The ranking in the database is not the one that follows from the score log."))


def _advanced(read: LogRead, round_key: str) -> tuple[Recount, tuple[str, ...]]:
    rules, tally = read.fold.rules, read.fold.tally()
    assert rules is not None, "a log that this program wrote keeps its rules"  # noqa: S101 - see the message
    count = count_read(read)
    onward = who_advances(rules, count, round_key)
    return make_ranking(replace(tally, advanced={**tally.advanced, round_key: onward}), count), onward


def _settle_papers(session: Session, log: Log, *, contest: Contest, registry: Registry, now: datetime) -> None:
    """Keep the plan and the plugins as they are now; where the log says otherwise, it is told of the change."""
    read = replay(session, log, contest=contest, registry=registry)
    plan = bytes(current_plan(session, contest))
    leaves = []
    keep_document(session, log.id, ASSIGNMENT, plan)
    if read.fold.assign_sha256 != sha256_hex(plan):
        rules = read.fold.rules
        last = rules.rounds[-1].key if rules is not None else contest.kind
        leaves.append(NewLeaf(body=Assign(round=last, assign_sha256=sha256_hex(plan))))
    plugins = plugins_bytes(keeper_of(session).plugins)
    if plugins_said(read) != sha256_hex(plugins):
        hashed, salt = commit("")
        digest = keep_document(session, log.id, PLUGINS, plugins)
        body = Amend(what="plugins", digest=digest, reason_sha256=hashed, by="system", approved_by="system")
        leaves.append(NewLeaf(body=body, text_salt=salt))
    if leaves:
        append(session, log, leaves, now=now)


def plugins_said(read: LogRead) -> str:
    """The hash of the plugins that the log names last."""
    said = [leaf["digest"] for _, leaf in read.fold.noted if leaf["type"] == "amend" and leaf["what"] == "plugins"]
    opening = read.fold.opening
    return said[-1] if said else opening["plugins_sha256"] if opening is not None else ""
