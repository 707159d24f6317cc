"""How many entries an author has, also under another spelling: counted by the account that says it is the author."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from judging.db.models import Entry, EntryMember, PeopleLink
from judging.services.entries.people.roles import ACCEPTED, LinkRole
from judging.services.entries.values import NOT_COUNTED, count_by_person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from judging.services.entries.values import Person


def with_linked_accounts(
    session: Session, *, entry: Entry, counted: Mapping[Person, tuple[int, int]]
) -> Mapping[Person, tuple[int, int]]:
    """`counted` by name and birth date, with the entries that the same account has under another name: one query."""
    own, other = aliased(PeopleLink), aliased(PeopleLink)
    here, there = aliased(EntryMember), aliased(EntryMember)
    query = (
        select(here.name_key, here.born, there.name_key, there.born, there.is_lead)
        .select_from(own)
        .join(here, here.id == own.member_id)
        .join(other, other.account_id == own.account_id)
        .join(there, there.id == other.member_id)
        .join(Entry, Entry.id == there.entry_id)
        .where(
            own.entry_id == entry.id,
            Entry.id != entry.id,
            Entry.contest_id == entry.contest_id,
            Entry.state.not_in([state.value for state in NOT_COUNTED]),
            *(part for link in (own, other) for part in (link.role == LinkRole.COAUTHOR, link.answer == ACCEPTED)),
        )
    )
    found = (
        ((name, born), (other_name, other_born), leads)
        for name, born, other_name, other_born, leads in session.execute(query)
    )
    # The same name and birth date are in `counted` already.
    joined = dict(counted)
    for person, (entries, leads) in count_by_person((me, leads) for me, other, leads in found if me != other).items():
        before = joined.get(person, (0, 0))
        joined[person] = (before[0] + entries, before[1] + leads)
    return joined
