"""The acts that can move a result, each recorded by the service that does it, in the transaction that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import LogLeaf, SheetVersion
from judging.domain.ledger.bundle import RULES
from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.documents import rules_bytes
from judging.domain.ledger.leaf_types import Amend, Assign, Extend, LeafBody, Override
from judging.errors import N_, Conflict
from judging.services.score_log.appending import Appended, NewLeaf, append
from judging.services.score_log.bodies import (
    commit,
    person_alias,
    pinned_rules,
    recusal_leaf,
    removal_leaf,
    sheet_leaf,
    vote_leaf,
)
from judging.services.score_log.opening import hold_log
from judging.services.score_log.papers import current_plan, keep_document
from judging.services.score_log.receipts import note_submitted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Assignment, Contest, Entry, ForcedAssignment, SheetOverride


def record_sheet(
    session: Session,
    *,
    version: SheetVersion,
    assignment: Assignment,
    now: datetime,
    typed_by: tuple[str, str] | None = None,
) -> Appended:
    """A submitted sheet. Its leaf is the judge's receipt; that of a later version names the version before it.

    `typed_by` are the accounts of the two who typed a sheet that came on paper.
    """
    contest = assignment.entry.contest
    log = hold_log(session, contest, now=now)
    leaf = sheet_leaf(
        version, round_key=assignment.round, judge=assignment.judge.alias, entry=assignment.entry.alias,
        supersedes=_version_before(session, log.id, version) if version.number > 1 else None,
        typed_by=(person_alias(contest, typed_by[0]), person_alias(contest, typed_by[1])) if typed_by else None,
    )  # fmt: skip
    appended = append(session, log, [leaf], now=now)[0]
    note_submitted(session, version.id, appended)
    return appended


def record_recusal(session: Session, *, assignment: Assignment, reason: str, now: datetime) -> None:
    """A judge taken off an entry, for whatever reason: the judge's sheets on it count no longer."""
    log = hold_log(session, assignment.entry.contest, now=now)
    leaf = recusal_leaf(judge=assignment.judge.alias, entry=assignment.entry.alias, reason=reason)
    append(session, log, [leaf], now=now)


def record_removal(
    session: Session, *, entry: Entry, reason: str, by_id: str | None, disqualified: bool, now: datetime
) -> None:
    """An entry that was withdrawn or disqualified."""
    contest = entry.contest
    by = person_alias(contest, by_id)
    leaf = removal_leaf(entry=entry.alias, reason=reason, by=by, disqualified=disqualified)
    append(session, hold_log(session, contest, now=now), [leaf], now=now)


def record_plan(session: Session, *, contest: Contest, round_key: str, now: datetime) -> None:
    """A plan that was made, added to or changed; the document itself is kept with the closing."""
    session.flush()
    log = hold_log(session, contest, now=now)
    hashed = sha256_hex(bytes(current_plan(session, contest)))
    append(session, log, [NewLeaf(body=Assign(round=round_key, assign_sha256=hashed))], now=now)


def record_forced(session: Session, *, contest: Contest, forced: ForcedAssignment, now: datetime) -> None:
    """An entry that two persons gave to a judge in spite of a conflict of interest, with the plan as it is then."""
    session.flush()
    log = hold_log(session, contest, now=now)
    hashed, salt = commit(forced.reason)
    body = Assign(
        round=forced.round, assign_sha256=sha256_hex(bytes(current_plan(session, contest))), judge=forced.judge.alias,
        entry=forced.entry.alias, reason_sha256=hashed, by=person_alias(contest, forced.by_id),
        approved_by=person_alias(contest, forced.decided_by_id),
    )  # fmt: skip
    append(session, log, [NewLeaf(body=body, subject_id=forced.id, text_salt=salt)], now=now)


def record_vote(
    session: Session, *, contest: Contest, round_key: str, order: Sequence[str], minutes: str, now: datetime
) -> None:
    """A vote on entries that nothing parts."""
    leaf = vote_leaf(round_key=round_key, order=order, minutes=minutes)
    append(session, hold_log(session, contest, now=now), [leaf], now=now)


def record_amendment(session: Session, *, contest: Contest, reason: str, by_id: str | None, now: datetime) -> None:
    """Rules that were changed after the opening, and plugins that changed with them."""
    log = hold_log(session, contest, now=now)
    hashed, salt = commit(reason)
    by = person_alias(contest, by_id)
    digest = keep_document(session, log.id, RULES, rules_bytes(pinned_rules(contest)))
    body = Amend(what="rules", digest=digest, reason_sha256=hashed, by=by, approved_by=by)
    append(session, log, [NewLeaf(body=body, text_salt=salt)], now=now)


def record_extensions(
    session: Session, *, contest: Contest, moved: Mapping[str, tuple[str, str]], by_id: str | None, now: datetime
) -> None:
    """Dates that were moved after the opening: old and new by name."""
    by = person_alias(contest, by_id)
    bodies: list[LeafBody] = [Extend(what=what, old=old, new=new, by=by) for what, (old, new) in moved.items()]
    if bodies:
        append(session, hold_log(session, contest, now=now), [NewLeaf(body=body) for body in bodies], now=now)


def record_override(session: Session, *, contest: Contest, override: SheetOverride, now: datetime) -> None:
    """Other marks for a sheet, or its exclusion, by two people. Raises Conflict when the sheet is not in the log."""
    log = hold_log(session, contest, now=now)
    target = find_leaf(session, log.id, override.sheet_id)
    hashed, salt = commit(override.reason)
    body = Override(
        target=target, reason_sha256=hashed, by=person_alias(contest, override.by_id),
        approved_by=person_alias(contest, override.decided_by_id),
        scores=None if override.exclude else override.marks, exclude=True if override.exclude else None,
    )  # fmt: skip
    append(session, log, [NewLeaf(body=body, subject_id=override.id, text_salt=salt)], now=now)


def _version_before(session: Session, log_id: str, version: SheetVersion) -> int:
    query = (
        select(LogLeaf.idx)
        .join(SheetVersion, SheetVersion.id == LogLeaf.subject_id)
        .where(
            LogLeaf.log_id == log_id, SheetVersion.assignment_id == version.assignment_id,
            SheetVersion.number == version.number - 1,
        )
    )  # fmt: skip
    return _must_stand(session.scalar(query))


def find_leaf(session: Session, log_id: str, subject_id: str) -> int:
    """The index of the leaf that records a row. Raises Conflict when there is none."""
    query = select(LogLeaf.idx).where(LogLeaf.log_id == log_id, LogLeaf.subject_id == subject_id)
    return _must_stand(session.scalar(query.order_by(LogLeaf.idx.desc()).limit(1)))


def _must_stand(index: int | None) -> int:
    if index is None:
        raise Conflict(N_("The score log does not hold what this follows from."))
    return index
