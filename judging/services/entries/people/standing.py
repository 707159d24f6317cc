"""What stands for each author of an entry: whose word is needed, which consents are given, who was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from judging.db.models import EntryMember, PeopleLink
from judging.domain.country import GivenBy, Purpose, is_child
from judging.services.entries.people.roles import ACCEPTED, OF_MEMBERS, LinkRole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from judging.db.models import Consent, Entry
    from judging.services.entries.people.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberState:
    """One author. `standing` holds the consents that are given and not taken back."""

    member: EntryMember
    needed: frozenset[GivenBy]
    child: bool
    standing: Mapping[tuple[Purpose, GivenBy], Consent]

    @property
    def lacking(self) -> tuple[GivenBy, ...]:
        """Whose agreement to taking part is needed and missing, the guardian's first."""
        return tuple(by for by in (GivenBy.GUARDIAN, GivenBy.SELF) if by in self.needed and not self.takes_part(by))

    def takes_part(self, by: GivenBy) -> bool:
        """Whether that word for taking part stands."""
        return (Purpose.TAKE_PART, by) in self.standing

    def given(self, by: GivenBy) -> tuple[Purpose, ...]:
        """The purposes to which that word agrees, in their usual order."""
        return tuple(purpose for purpose in Purpose if (purpose, by) in self.standing)

    @property
    def confirmed(self) -> bool:
        """Whether the author has said that they are one."""
        joined = any(link.role == LinkRole.COAUTHOR and link.answer == ACCEPTED for link in self.member.links)
        return joined or self.takes_part(GivenBy.SELF)


def member_states(session: Session, *, entry: Entry, terms: Terms, on: date) -> list[MemberState]:
    """Every author in order, as things stand on that day: three queries."""
    query = (
        select(EntryMember)
        .where(EntryMember.entry_id == entry.id)
        .options(selectinload(EntryMember.consents), selectinload(EntryMember.links))
        .order_by(EntryMember.position)
        .execution_options(populate_existing=True)
    )
    return [state_of(member, terms=terms, on=on) for member in session.scalars(query)]


def state_of(member: EntryMember, *, terms: Terms, on: date) -> MemberState:
    """What stands for one author whose consents are loaded."""
    standing = {
        (Purpose(row.purpose), GivenBy(row.given_by)): row for row in member.consents if row.withdrawn_at is None
    }
    return MemberState(
        member=member,
        needed=terms.needed(member.born, on),
        child=is_child(member.born, on, terms.profile, among_children=terms.among_children),
        standing=standing,
    )


def links_of_entry(session: Session, *, entry: Entry) -> Sequence[PeopleLink]:
    """Mentor and school who were asked about the entry as a whole."""
    query = (
        select(PeopleLink)
        .where(PeopleLink.entry_id == entry.id, PeopleLink.role.not_in([role.value for role in OF_MEMBERS]))
        .order_by(PeopleLink.role, PeopleLink.asked_at, PeopleLink.id)
    )
    return session.scalars(query).all()
