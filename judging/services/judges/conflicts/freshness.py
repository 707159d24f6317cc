"""Found conflicts kept up with the data: whatever changes people or units looks anew, in the same unit of work.

Judges reach an entry by a plan, which looks at the data itself, or by what they have already. For the latter this
module watches the rows that conflicts are found from. Entries that no judge can reach yet cost nothing: a storm of
authors on the last day changes thousands of rows.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, inspect, or_, select
from sqlalchemy.orm import Mapper, Session, object_session

from judging.db.models import Account, Consent, Entry, EntryMember, Judge, PeopleLink
from judging.domain.lifecycle import EntryState
from judging.services.judges.conflicts.finding import active_judges, entries_in_play, renew_conflicts

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from judging.db.session import Database

_CLOCK = "judging_conflict_clock"
_TOUCHED = "judging_conflict_touched"
_UNREACHED = frozenset(
    {EntryState.DRAFT, EntryState.SUBMITTED, EntryState.LATE, EntryState.INELIGIBLE, EntryState.WITHDRAWN}
)
_WATCHED: dict[type[Any], frozenset[str]] = {
    Entry: frozenset({"owner_id", "unit", "answers", "state"}),
    EntryMember: frozenset({"name", "email", "unit"}),
    PeopleLink: frozenset({"name", "email", "answered_name", "account_id", "answer"}),
    Consent: frozenset({"by_name"}),
    Judge: frozenset({"account_id", "unit", "is_active"}),
    Account: frozenset({"name", "email_key"}),
}


def keep_conflicts(database: Database, *, clock: Callable[[], datetime]) -> None:
    """Let every unit of work of a database look for conflicts wherever it changed what they are found from."""
    database.share(_CLOCK, clock)


def renew_touched(session: Session) -> None:
    """Look for conflicts of everything that this unit of work changed so far."""
    clock: Callable[[], datetime] | None = session.info.get(_CLOCK)
    if clock is None:
        return
    session.flush()
    touched: dict[type[Any], set[str]] = session.info.pop(_TOUCHED, {})
    if not touched:
        return
    now = clock()
    judges = _judges(session, touched)
    for contest_id, some in judges.items():
        renew_conflicts(
            session, contest_id=contest_id, judges=some, entries=entries_in_play(session, contest_id), now=now
        )
    for contest_id, entries in _entries(session, touched).items():
        whole = active_judges(session, contest_id)
        if whole:
            renew_conflicts(session, contest_id=contest_id, judges=whole, entries=entries, now=now)


def _judges(session: Session, touched: dict[type[Any], set[str]]) -> dict[str, list[Judge]]:
    ids, accounts = touched.get(Judge, set()), touched.get(Account, set())
    found: defaultdict[str, list[Judge]] = defaultdict(list)
    if ids or accounts:
        query = select(Judge).where(Judge.is_active, or_(Judge.id.in_(ids), Judge.account_id.in_(accounts)))
        for judge in session.scalars(query.order_by(Judge.id)):
            found[judge.contest_id].append(judge)
    return found


def _entries(session: Session, touched: dict[type[Any], set[str]]) -> dict[str, list[Entry]]:
    ids, members, owners = (touched.get(kind, set()) for kind in (Entry, EntryMember, Account))
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    if ids or members or owners:
        of_members = select(EntryMember.entry_id).where(EntryMember.id.in_(members))
        query = select(Entry).where(
            Entry.state.not_in([state.value for state in _UNREACHED]), Entry.erased_at.is_(None),
            or_(Entry.id.in_(ids), Entry.id.in_(of_members), Entry.owner_id.in_(owners)),
        )  # fmt: skip
        for entry in session.scalars(query.order_by(Entry.id)):
            found[entry.contest_id].append(entry)
    return found


def _note(mapper: Mapper[Any], _connection: Connection, target: Any) -> None:
    session = object_session(target)
    if session is None or _CLOCK not in session.info:
        return
    state = inspect(target)
    # A new row says all of it; of one that is going nothing follows but what its entry says then.
    whole = state.pending or state.deleted or not state.has_identity
    if not whole and not any(state.attrs[name].history.has_changes() for name in _WATCHED[mapper.class_]):
        return
    kind, key = _concerned(session, target)
    if kind is not None:
        session.info.setdefault(_TOUCHED, defaultdict(set))[kind].add(key)


def _concerned(session: Session, target: Any) -> tuple[type[Any] | None, str]:
    """What is to be looked at anew: a judge, whoever has an account, or an entry that judges can reach."""
    if isinstance(target, (Judge, Account)):
        return type(target), target.id
    if isinstance(target, Consent):
        member = session.identity_map.get(session.identity_key(EntryMember, target.member_id))
        if member is None:
            return EntryMember, target.member_id
        target = member
    entry_id: str = target.id if isinstance(target, Entry) else target.entry_id
    entry = target if isinstance(target, Entry) else session.identity_map.get(session.identity_key(Entry, entry_id))
    if entry is not None and EntryState(entry.state) in _UNREACHED:
        return None, ""
    return Entry, entry_id


for _kind in _WATCHED:
    for _moment in ("after_insert", "after_update"):
        event.listen(_kind, _moment, _note)


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    # What a part of a unit of work changed is looked at with the whole: the part may yet be undone.
    if not session.in_nested_transaction():
        renew_touched(session)
