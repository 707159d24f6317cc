"""The people of an entry, in order; the first is the lead author."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from judging.db.models import Entry, EntryMember
from judging.domain.fields import EntryField, FieldKind
from judging.domain.permissions import Actor
from judging.domain.rules import ContestRules
from judging.domain.values import Problem
from judging.services.entries.answers import Unreadable, clean_line, read_answer, read_day, read_decimal
from judging.services.entries.drafts import must_edit
from judging.services.entries.record import record_entry_event
from judging.services.entries.values import name_key

MOST_ROWS = 30
_LONGEST = 200
_EMAIL = EntryField(key="email", label="e-mail", kind=FieldKind.EMAIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One row of the page: `id` is the member's, empty for a new one."""

    id: str = ""
    name: str = ""
    born: date | None = None
    email: str = ""
    unit: str = ""
    share: Decimal | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into the row."""
        return not (self.name or self.born or self.email or self.unit or self.share is not None)


def read_people(
    rows: Sequence[Mapping[str, str]], *, rules: ContestRules, locale: str
) -> tuple[list[Person], tuple[Problem, ...]]:
    """Read rows of texts with the keys of Person; a problem's `where` is `members-<row>-<key>`.

    A value that cannot be read is left out of its Person. Birth dates are read only where the rules ask for them, for
    what need not be known is not kept.
    """
    people, problems = [], []
    for at, row in enumerate(rows[:MOST_ROWS]):
        values: dict[str, object] = {}
        for key, read in (
            ("born", lambda text: read_day(text) if rules.team.births else None),
            ("share", lambda text: read_decimal(text, locale=locale) if rules.team.shares else None),
            ("email", lambda text: str(read_answer(_EMAIL, text, locale=locale) or "")),
        ):
            try:
                values[key] = read(row.get(key, ""))
            except Unreadable as wrong:
                problems.append(Problem(code="unreadable", message=wrong.message, where=f"members-{at}-{key}"))
        people.append(_person(row, values))
    return people, tuple(problems)


def _person(row: Mapping[str, str], values: Mapping[str, object]) -> Person:
    born, share, email = values.get("born"), values.get("share"), values.get("email")
    return Person(
        id=row.get("id", ""),
        name=clean_line(row.get("name", ""))[:_LONGEST],
        unit=clean_line(row.get("unit", ""))[:_LONGEST],
        born=born if isinstance(born, date) else None,
        share=share if isinstance(share, Decimal) else None,
        email=email if isinstance(email, str) else "",
    )


def save_people(
    session: Session,
    *,
    entry: Entry,
    actor: Actor,
    people: Sequence[Person],
    now: datetime,
    new_ids: Collection[str] = (),
) -> list[EntryMember]:
    """Make `people` the entry's people, in this order; blank rows are left out. The entry's unit is the lead author's.

    Members keep their id, and with it their consents; a member who is not among `people` is removed with them. A new
    person gets the id of the row when it is among `new_ids`, which nobody has yet. Raises Conflict when the entry
    cannot be changed.
    """
    must_edit(entry, actor)
    before = {member.id for member in entry.members}
    ordered = put_people(session, entry=entry, people=people, now=now, new_ids=new_ids)
    if before != {member.id for member in ordered}:
        record_entry_event(
            session, entry=entry, action="entry-people-changed", actor_id=actor.account_id, now=now,
            details={"people": len(ordered)},
        )  # fmt: skip
    return ordered


def put_people(
    session: Session, *, entry: Entry, people: Sequence[Person], now: datetime, new_ids: Collection[str] = ()
) -> list[EntryMember]:
    """As `save_people`, for whoever has asked already whether it may be, and records it."""
    kept = [person for person in people if not person.is_blank]
    known = {member.id: member for member in entry.members}
    wanted = [(person, known.pop(_known_as(person, known), None)) for person in kept]
    for gone in known.values():
        entry.members.remove(gone)
    # Positions are unique within an entry, so the old ones are moved out of the way first.
    for at, member in enumerate(entry.members, start=1):
        member.position = -at
    session.flush()
    ordered = [_write(entry, at, person, member, new_ids) for at, (person, member) in enumerate(wanted)]
    entry.members[:] = ordered
    entry.unit = ordered[0].unit if ordered else ""
    entry.changed_at = now
    session.flush()
    return ordered


def person_of_name(entry: Entry, name: str, *, besides: Collection[str]) -> str:
    """The id of the entry's member of that name, leaving out those of `besides`; empty when there is none."""
    key = name_key(name)
    return next((one.id for one in entry.members if key and one.name_key == key and one.id not in besides), "")


def _known_as(person: Person, known: Mapping[str, EntryMember]) -> str:
    """The id of the member that a row is about: its own, or that of somebody of the same name who has no row."""
    if person.id in known or not person.name:
        return person.id
    return next((member.id for member in known.values() if member.name_key == name_key(person.name)), "")


def _write(entry: Entry, at: int, person: Person, member: EntryMember | None, new_ids: Collection[str]) -> EntryMember:
    row = member
    if row is None:
        row = EntryMember(entry=entry, id=person.id) if person.id in new_ids else EntryMember(entry=entry)
    if member is not None and member.name_key not in ("", name_key(person.name)[:_LONGEST]):
        # A consent is a person's own word: it does not pass to whoever is written in their place.
        row.consents.clear()
        row.links.clear()
    row.position, row.is_lead = at, at == 0
    row.name, row.name_key = person.name, name_key(person.name)[:_LONGEST]
    row.born, row.email, row.unit, row.share = person.born, person.email, person.unit, person.share
    return row


def rows_of(entry: Entry) -> list[Person]:
    """The entry's people as rows of the page."""
    return [
        Person(
            id=member.id, name=member.name, born=member.born, email=member.email, unit=member.unit, share=member.share
        )
        for member in entry.members
    ]
