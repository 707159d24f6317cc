"""Whose data an account may ask for: which entries it has a part in, and which people of them it speaks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from judging.db.models import Entry, EntryMember
from judging.domain.addresses import email_key
from judging.services.entry_values import name_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An entry, and the ids of those of its people whose own data the account may have."""

    entry: Entry
    members: frozenset[str]


def subjects_of(session: Session, account: Account) -> Sequence[Subject]:
    """The entries that the account handed in, each with the people that are the account's own person.

    Who is linked to an entry in another way, as its guardian or co-author, is found here too.
    """
    query = (
        select(Entry)
        .where(Entry.owner_id == account.id, Entry.erased_at.is_(None))
        .options(joinedload(Entry.contest), selectinload(Entry.members).selectinload(EntryMember.consents))
        .options(selectinload(Entry.files))
        .order_by(Entry.created_at, Entry.id)
    )
    return [Subject(entry=entry, members=_own(entry, account)) for entry in session.scalars(query)]


def _own(entry: Entry, account: Account) -> frozenset[str]:
    """The person of the account among the authors: by address, else by name, else the only one there is."""
    by_address = {one.id for one in entry.members if one.email and email_key(one.email) == account.email_key}
    by_name = {one.id for one in entry.members if one.name_key and one.name_key == name_key(account.name)}
    only = {one.id for one in entry.members} if len(entry.members) == 1 else set()
    return frozenset(by_address or by_name or only)
