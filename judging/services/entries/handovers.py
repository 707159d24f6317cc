"""Things received at the office: recorded by whom and when, undone with a reason, listed with what is still missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from judging.db.models import Contest, Entry, Handover
from judging.domain.entry_states import EntryState
from judging.domain.fields import DossierItem
from judging.domain.permissions import Actor, can_receive
from judging.domain.receiving import physical_items, read_code
from judging.domain.rules import ContestRules
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, NotFound, Refused
from judging.services.entries.answers import clean_line, clean_text
from judging.services.entries.record import record_entry_event

_LONGEST_PLACE = 200
_LONGEST_NOTE = 2000
_GONE = (EntryState.WITHDRAWN.value, EntryState.DISQUALIFIED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A physical item of an entry, with its handover when it was received."""

    entry: Entry
    item: DossierItem
    handover: Handover | None


def find_expected(session: Session, *, contest: Contest, rules: ContestRules, code: str) -> tuple[Entry, DossierItem]:
    """The entry and item that a code names. Raises Refused when it is no code of this contest."""
    place = read_code(rules, code, contest_id=contest.id)
    asked = select(Entry).where(Entry.contest_id == contest.id, Entry.number == (place.number if place else -1))
    entry = session.scalar(asked)
    if place is None or entry is None:
        message = N_("That is no code of this contest. Type it as it stands under the square of the label.")
        raise Refused([Problem(code="no-code", message=message, where="code")])
    return entry, place.item


def record_handover(
    session: Session,
    *,
    entry: Entry,
    rules: ContestRules,
    item: str,
    place: str,
    note: str,
    actor: Actor,
    now: datetime,
) -> Handover:
    """Record that a physical item was received in this condition and stands at `place`.

    Raises NotAllowed, NotFound for an item that is none, Conflict when it was received already or the entry is gone.
    """
    if not can_receive(actor) or actor.account_id is None:
        raise NotAllowed(N_("Only the office of the contest receives things."))
    if item not in {one.key for one in physical_items(rules)}:
        raise NotFound(N_("There is nothing here."))
    # Two people at two tables: the second one must find what the first recorded.
    session.refresh(entry, with_for_update={"of": Entry})
    if entry.state in _GONE:
        raise Conflict(N_("This entry is no longer in the contest."))
    if _standing(session, entry, item) is not None:
        raise Conflict(N_("This was received already. Look it up in the list."))
    made = Handover(
        entry_id=entry.id, item=item, received_at=now, received_by_id=actor.account_id,
        place=clean_line(place)[:_LONGEST_PLACE], note=clean_text(note)[:_LONGEST_NOTE],
    )  # fmt: skip
    session.add(made)
    session.flush()
    record_entry_event(
        session, entry=entry, action="item-received", actor_id=actor.account_id, now=now, details={"item": item}
    )
    return made


def undo_handover(
    session: Session, *, contest: Contest, handover_id: str, reason: str, actor: Actor, now: datetime
) -> Handover:
    """Take back a handover that was recorded by mistake. Raises NotAllowed, NotFound, Conflict, Refused."""
    if not can_receive(actor):
        raise NotAllowed(N_("Only the office of the contest receives things."))
    row = session.scalar(
        select(Handover)
        .join(Handover.entry)
        .where(Handover.id == handover_id, Entry.contest_id == contest.id)
        .with_for_update(of=Handover)
    )
    if row is None:
        raise NotFound(N_("There is nothing here."))
    if row.undone_at is not None:
        raise Conflict(N_("This was taken back already."))
    if not reason.strip():
        raise Refused([Problem(code="missing", message=N_("Write why it is taken back."), where="reason")])
    row.undone_at, row.undone_by_id, row.undone_reason = now, actor.account_id, clean_text(reason)[:_LONGEST_NOTE]
    session.flush()
    details = {"item": row.item, "reason": row.undone_reason}
    record_entry_event(
        session, entry=row.entry, action="item-receipt-undone", actor_id=actor.account_id, now=now, details=details
    )
    return row


def handovers_of(session: Session, *, entry: Entry) -> dict[str, Handover]:
    """What was received of the entry, by item."""
    asked = (
        select(Handover)
        .where(Handover.entry_id == entry.id, Handover.undone_at.is_(None))
        .options(joinedload(Handover.received_by))
    )
    return {row.item: row for row in session.scalars(asked)}


def count_expecting(session: Session, *, contest: Contest, item: str, received: bool | None) -> int:
    """How many entries are listed by `list_expected`."""
    return session.scalar(_expecting(contest, item, received=received).with_only_columns(func.count())) or 0


def list_expected(
    session: Session, *, contest: Contest, item: DossierItem, received: bool | None, offset: int, limit: int
) -> Sequence[Expected]:
    """The entries from which an item is expected, by number: all, those received or those missing. Two queries."""
    asked = _expecting(contest, item.key, received=received).order_by(Entry.number).offset(offset).limit(limit)
    entries = session.scalars(asked).all()
    rows = session.scalars(
        select(Handover)
        .where(
            Handover.entry_id.in_([one.id for one in entries]),
            Handover.item == item.key,
            Handover.undone_at.is_(None),
        )
        .options(joinedload(Handover.received_by))
    )
    by_entry = {row.entry_id: row for row in rows}
    return [Expected(entry=one, item=item, handover=by_entry.get(one.id)) for one in entries]


def _expecting(contest: Contest, item: str, *, received: bool | None) -> Select[Entry]:
    has_it = (
        select(Handover.id)
        .where(Handover.entry_id == Entry.id, Handover.item == item, Handover.undone_at.is_(None))
        .exists()
    )
    asked = select(Entry).where(Entry.contest_id == contest.id, Entry.state.not_in(_GONE))
    if received is None:
        return asked.where((Entry.state != EntryState.DRAFT.value) | has_it)
    return asked.where(has_it) if received else asked.where(~has_it, Entry.state != EntryState.DRAFT.value)


def _standing(session: Session, entry: Entry, item: str) -> Handover | None:
    return handovers_of(session, entry=entry).get(item)
