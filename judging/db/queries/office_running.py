"""Reads of the office's pages while a contest runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, subqueryload

from judging.db.models import Account, AuditEvent, Contest, Entry, EntryMember, Judge, Panel

SORTS: Mapping[str, InstrumentedAttribute[Any]] = {
    "number": Entry.number,
    "title": Entry.title,
    "category": Entry.category,
    "unit": Entry.unit,
    "state": Entry.state,
    "submitted": Entry.submitted_at,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries a list shows. `categories` None means all; `text` is what was typed into the search box."""

    states: Collection[str] = ()
    categories: Collection[str] | None = None
    text: str = ""
    prefix: str = ""
    drafts: bool = False

    def conditions(self, contest: Contest) -> list[ColumnElement[bool]]:
        """The filter as conditions on `Entry`."""
        found: list[ColumnElement[bool]] = [Entry.contest_id == contest.id]
        if self.states:
            found.append(Entry.state.in_(self.states))
        elif not self.drafts:
            found.append(Entry.state != "draft")
        if self.categories is not None:
            found.append(Entry.category.in_(self.categories))
        if self.text.strip():
            found.append(self._matches(self.text.strip()))
        return found

    def _matches(self, text: str) -> ColumnElement[bool]:
        # SQLite folds only the letters of ASCII, so that Vietnamese capitals are offered in each usual spelling.
        spellings = {text, text.lower(), text.capitalize(), text.title(), text.upper()}
        member = select(EntryMember.entry_id).where(
            or_(*(EntryMember.name.icontains(one, autoescape=True) for one in spellings))
        )
        matches = [column.icontains(one, autoescape=True) for column in (Entry.title, Entry.unit) for one in spellings]
        number = text.upper().removeprefix(f"{self.prefix}-".upper()).lstrip("0")
        if number.isascii() and number.isdigit() and len(number) < 9:
            matches.append(Entry.number == int(number))
        return or_(*matches, Entry.alias == text.lower(), Entry.id.in_(member))


def count_entries(session: Session, contest: Contest, chosen: EntryFilter) -> int:
    """How many entries the filter lets through."""
    return session.scalar(select(func.count()).select_from(Entry).where(*chosen.conditions(contest))) or 0


def list_entries(
    session: Session,
    contest: Contest,
    chosen: EntryFilter,
    *,
    sort: str = "number",
    descending: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> Sequence[Entry]:
    """Entries with their members, sorted by one of `SORTS` and then by number."""
    column = SORTS.get(sort, Entry.number)
    query = (
        select(Entry)
        .where(*chosen.conditions(contest))
        .options(subqueryload(Entry.members))
        .order_by(column.desc() if descending else column.asc(), Entry.number)
        .offset(offset)
        .limit(limit)
    )
    return session.scalars(query).all()


def count_states(session: Session, contest: Contest) -> Counter[str]:
    """How many entries are in each state."""
    query = select(Entry.state, func.count()).where(Entry.contest_id == contest.id).group_by(Entry.state)
    return Counter(dict(session.execute(query).all()))


def count_categories(session: Session, contest: Contest) -> Counter[str]:
    """How many entries, drafts left out, are in each category."""
    query = (
        select(Entry.category, func.count())
        .where(Entry.contest_id == contest.id, Entry.state != "draft")
        .group_by(Entry.category)
    )
    return Counter(dict(session.execute(query).all()))


def count_days(session: Session, contest: Contest) -> Counter[date]:
    """How many entries were submitted on each day, days being those of the contest's zone."""
    zone = ZoneInfo(contest.zone)
    query = select(Entry.submitted_at).where(
        Entry.contest_id == contest.id, Entry.state != "draft", Entry.submitted_at.is_not(None)
    )
    return Counter(moment.astimezone(zone).date() for moment in session.scalars(query) if moment is not None)


def list_panels(session: Session, contest: Contest) -> Sequence[Panel]:
    """The contest's panels in their order."""
    return session.scalars(select(Panel).where(Panel.contest_id == contest.id).order_by(Panel.position)).all()


def entries_by_alias(session: Session, contest: Contest, aliases: Collection[str]) -> dict[str, Entry]:
    """Entries of the contest by alias."""
    query = select(Entry).where(Entry.contest_id == contest.id, Entry.alias.in_(aliases))
    return {entry.alias: entry for entry in session.scalars(query)}


def find_entry(session: Session, contest: Contest, *, number: int) -> Entry | None:
    """The entry of that number."""
    return session.scalar(select(Entry).where(Entry.contest_id == contest.id, Entry.number == number))


def list_judges(session: Session, contest: Contest) -> Sequence[Judge]:
    """The contest's judges who are active, with their accounts and seats, by name."""
    query = (
        select(Judge)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.contest_id == contest.id, Judge.is_active)
        .options(joinedload(Judge.account), subqueryload(Judge.seats))
        .order_by(Account.name, Judge.alias)
    )
    return session.scalars(query).all()


def count_events(session: Session, contest: Contest, *, action: str = "", actor_id: str = "") -> int:
    """How many acts of the record the filter lets through."""
    query = select(func.count()).select_from(AuditEvent).where(_events(contest, action, actor_id))
    return session.scalar(query) or 0


def list_events(
    session: Session, contest: Contest, *, action: str = "", actor_id: str = "", offset: int, limit: int
) -> list[tuple[AuditEvent, str | None]]:
    """Acts of the record with the name of who did them, the newest first."""
    query = (
        select(AuditEvent, Account.name)
        .outerjoin(Account, Account.id == AuditEvent.actor_id)
        .where(_events(contest, action, actor_id))
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [(event, name) for event, name in session.execute(query)]


def list_actions(session: Session, contest: Contest) -> list[str]:
    """The kinds of acts that the record of the contest holds."""
    query = select(AuditEvent.action).where(AuditEvent.contest_id == contest.id).distinct().order_by(AuditEvent.action)
    return list(session.scalars(query))


def list_actors(session: Session, contest: Contest) -> list[tuple[str, str]]:
    """Who acted in the contest: account id and name."""
    acted = select(AuditEvent.actor_id).where(AuditEvent.contest_id == contest.id).distinct()
    query = select(Account.id, Account.name).where(Account.id.in_(acted)).order_by(Account.name).limit(300)
    return [(account_id, name) for account_id, name in session.execute(query)]


def _events(contest: Contest, action: str, actor_id: str) -> ColumnElement[bool]:
    conditions = [AuditEvent.contest_id == contest.id]
    if action:
        conditions.append(AuditEvent.action == action)
    if actor_id:
        conditions.append(AuditEvent.actor_id == actor_id)
    return and_(*conditions)
