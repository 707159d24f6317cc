"""Whose data an account may ask for: which entries it has a part in, and which people of them it speaks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from judging.db.models import Entry, EntryMember, PeopleLink
from judging.domain.addresses import email_key
from judging.services.entries.people.roles import ACCEPTED, OF_MEMBERS
from judging.services.entries.values import name_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An entry, and the ids of those of its people whose own data the account may have.

    `whole` is for whoever made the entry; a co-author or guardian gets what tells of those people and nothing more.
    """

    entry: Entry
    members: frozenset[str]
    whole: bool = True


def subjects_of(session: Session, account: Account) -> Sequence[Subject]:
    """The entries that the account made, each with the account's own person, and those that it has said yes about.

    There a co-author has their own person, a guardian the child.
    """
    linked = _linked(session, account)
    query = (
        select(Entry)
        .where(or_(Entry.owner_id == account.id, Entry.id.in_(linked)), Entry.erased_at.is_(None))
        .options(joinedload(Entry.contest), selectinload(Entry.members).selectinload(EntryMember.consents))
        .options(selectinload(Entry.files))
        .order_by(Entry.created_at, Entry.id)
    )
    found = []
    for entry in session.scalars(query):
        whole, members = entry.owner_id == account.id, linked.get(entry.id, frozenset())
        found.append(Subject(entry=entry, members=members | _own(entry, account) if whole else members, whole=whole))
    return found


def _linked(session: Session, account: Account) -> dict[str, frozenset[str]]:
    """By entry: the people for whom the account has said yes, as co-author or guardian."""
    query = select(PeopleLink.entry_id, PeopleLink.member_id).where(
        PeopleLink.account_id == account.id, PeopleLink.answer == ACCEPTED,
        PeopleLink.role.in_([role.value for role in OF_MEMBERS]),
    )  # fmt: skip
    found: dict[str, frozenset[str]] = {}
    for entry_id, member_id in session.execute(query):
        if member_id is not None:
            found[entry_id] = found.get(entry_id, frozenset()) | {member_id}
    return found


def _own(entry: Entry, account: Account) -> frozenset[str]:
    """The person of the account among the authors: by address, else by name, else the only one there is."""
    by_address = {one.id for one in entry.members if one.email and email_key(one.email) == account.email_key}
    by_name = {one.id for one in entry.members if one.name_key and one.name_key == name_key(account.name)}
    only = {one.id for one in entry.members} if len(entry.members) == 1 else set()
    return frozenset(by_address or by_name or only)
