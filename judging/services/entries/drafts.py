"""Writing on a draft: title, category, division and answers. Gaps are welcome; completeness is asked at submission."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session, object_session

from judging.db.models import Entry
from judging.domain.lifecycle import ContestPhase, EntryState
from judging.domain.permissions import Actor, Relation, can_edit_entry
from judging.domain.rules import ContestRules
from judging.errors import N_, Conflict
from judging.services.contests.deadlines import own_extension
from judging.services.entries.answers import Stored, clean_line
from judging.services.entries.record import record_entry_event

LONGEST_TITLE = 300
_AFTER_CLOSING = frozenset({ContestPhase.CLOSED, ContestPhase.SCREENING})


def may_edit(entry: Entry, actor: Actor) -> bool:
    """Whether the actor may change the entry now."""
    relation = Relation(author=actor.account_id is not None and actor.account_id == entry.owner_id)
    state, phase = EntryState(entry.state), ContestPhase(entry.contest.phase)
    if state is EntryState.DRAFT and phase in _AFTER_CLOSING and _was_extended(entry):
        phase = ContestPhase.OPEN
    return can_edit_entry(actor, relation, state=state, phase=phase)


def must_edit(entry: Entry, actor: Actor) -> None:
    """Raise Conflict unless the actor may change the entry now."""
    if not may_edit(entry, actor):
        raise Conflict(N_("This entry can no longer be changed: it was handed in, or the contest has moved on."))


def save_place(
    session: Session,
    *,
    entry: Entry,
    actor: Actor,
    rules: ContestRules,
    title: str,
    category: str,
    division: str,
    now: datetime,
) -> None:
    """Record title, category and division; a category or division that the contest does not have counts as none."""
    must_edit(entry, actor)
    entry.title = clean_line(title)[:LONGEST_TITLE]
    entry.category = category if category in {known.key for known in rules.categories} else ""
    entry.division = division if division in {known.key for known in rules.divisions} else None
    _touch(session, entry, actor, now)


def save_answers(session: Session, *, entry: Entry, actor: Actor, answers: Mapping[str, Stored], now: datetime) -> None:
    """Record these answers beside those that are there; None takes one away. They come from `read_answers`."""
    must_edit(entry, actor)
    merged = {**entry.answers, **answers}
    entry.answers = {key: value for key, value in merged.items() if value is not None}
    _touch(session, entry, actor, now)


def _was_extended(entry: Entry) -> bool:
    """Whether the entry was given longer than others, so that its people go on writing after the closing."""
    session = object_session(entry)
    return session is not None and own_extension(session, entry) is not None


def _touch(session: Session, entry: Entry, actor: Actor, now: datetime) -> None:
    first_today = entry.changed_at.date() != now.date() or entry.changed_at == entry.created_at
    entry.changed_at = now
    session.flush()
    # Typing saves every second; the record says once a day that the entry was worked on, the receipts say the rest.
    if first_today:
        record_entry_event(session, entry=entry, action="entry-edited", actor_id=actor.account_id, now=now)
