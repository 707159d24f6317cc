"""Legal holds: what must stay because a court, an objection or an inspection needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.models import Contest, Entry, LegalHold
from judging.domain.privacy_rights import can_set_retention
from judging.domain.retention import holds_on
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, NotFound, Refused
from judging.services.audit import record_event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from judging.domain.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held now: ids of whole contests, of single entries, of the accounts that own anything of it.

    `concerned` are all contests of which anything is held.
    """

    contests: frozenset[str]
    entries: frozenset[str]
    owners: frozenset[str]
    concerned: frozenset[str]


def what_is_held(session: Session, *, now: datetime) -> Held:
    """The holds that stand at that moment."""
    query = select(LegalHold).where(LegalHold.lifted_at.is_(None)).options(joinedload(LegalHold.contest))
    standing = [one for one in session.scalars(query) if _stands(one, now)]
    contests = frozenset(one.contest_id for one in standing if one.entry_id is None)
    entries = frozenset(one.entry_id for one in standing if one.entry_id is not None)
    owners = select(Entry.owner_id).where(Entry.contest_id.in_(contests) | Entry.id.in_(entries)).distinct()
    return Held(
        contests=contests, entries=entries, owners=frozenset(session.scalars(owners)),
        concerned=frozenset(one.contest_id for one in standing),
    )  # fmt: skip


def list_holds(session: Session, contest: Contest, *, now: datetime) -> Sequence[LegalHold]:
    """The contest's holds that stand, the newest first."""
    query = (
        select(LegalHold)
        .where(LegalHold.contest_id == contest.id, LegalHold.lifted_at.is_(None))
        .options(joinedload(LegalHold.by), joinedload(LegalHold.entry))
        .order_by(LegalHold.at.desc(), LegalHold.id)
    )
    return [one for one in session.scalars(query) if _stands(one, now)]


def place_hold(
    session: Session,
    *,
    contest: Contest,
    entry: Entry | None,
    actor: Actor,
    reason: str,
    until: date | None,
    now: datetime,
) -> LegalHold:
    """Hold a contest, or one entry of it. Raises NotAllowed, and Refused without a reason or for a day that is past."""
    _check_rights(actor)
    problems = []
    if not reason.strip():
        problems.append(Problem(code="missing", where="reason", message=N_("Write the reason.")))
    if not holds_on(until, lifted=False, now=now, zone=contest.zone):
        message = N_("That day is past. Leave it empty to hold until it is lifted.")
        problems.append(Problem(code="past", where="until", message=message))
    if problems:
        raise Refused(problems)
    hold = LegalHold(
        contest_id=contest.id, entry_id=None if entry is None else entry.id, reason=reason.strip(), until=until,
        by_id=str(actor.account_id), at=now,
    )  # fmt: skip
    session.add(hold)
    session.flush()
    _record(session, "hold-placed", hold, actor, now, entry=entry)
    return hold


def lift_hold(session: Session, *, contest: Contest, hold_id: str, actor: Actor, now: datetime) -> None:
    """Let what was held go its way again. Raises NotAllowed, NotFound, and Conflict for one that was lifted before."""
    _check_rights(actor)
    hold = session.get(LegalHold, hold_id, with_for_update=True)
    if hold is None or hold.contest_id != contest.id:
        raise NotFound(N_("There is nothing here."))
    if hold.lifted_at is not None:
        raise Conflict(N_("This hold was lifted before."))
    hold.lifted_at, hold.lifted_by_id = now, actor.account_id
    _record(session, "hold-lifted", hold, actor, now, entry=hold.entry)


def _stands(hold: LegalHold, now: datetime) -> bool:
    return holds_on(hold.until, lifted=hold.lifted_at is not None, now=now, zone=hold.contest.zone)


def _check_rights(actor: Actor) -> None:
    if not can_set_retention(actor) or actor.account_id is None:
        raise NotAllowed(N_("The organiser and the administrator place and lift holds."))


def _record(
    session: Session, action: str, hold: LegalHold, actor: Actor, now: datetime, *, entry: Entry | None
) -> None:
    details = {"reason": hold.reason, "until": hold.until.isoformat() if hold.until else ""}
    if entry is not None:
        details["entry"] = entry.alias
    record_event(
        session, action=action, subject="hold", subject_id=hold.id, actor_id=actor.account_id,
        contest_id=hold.contest_id, details=details, now=now,
    )  # fmt: skip
