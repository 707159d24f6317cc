"""An entry's rows as the value that rules look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Entry as EntryRow
from judging.db.models import EntryMember
from judging.domain.affiliations import normalise_name
from judging.domain.entry_states import EntryState
from judging.domain.fields import ItemKind
from judging.domain.rules import ContestRules
from judging.domain.values import Entry, Member
from judging.services.entries.answers import typed_answers

NOT_COUNTED = (EntryState.DRAFT, EntryState.WITHDRAWN, EntryState.INELIGIBLE, EntryState.DISQUALIFIED)
"""States in which an entry does not count against its authors' limits."""

Person = tuple[str, date | None]


def name_key(name: str) -> str:
    """A name as people are told apart by it within a contest, together with the birth date."""
    return normalise_name(name)


def count_other_entries(session: Session, *, entry: EntryRow, names: Sequence[str]) -> Mapping[Person, tuple[int, int]]:
    """How many other entries of the contest people of these names have, and how many they lead: one query.

    Keys are (name key, birth date). Drafts and entries that are out of the contest do not count. Birth dates lie
    sealed, so the rows of these names are counted here and not by the database.
    """
    keys = {key for name in names if (key := name_key(name))}
    if not keys:
        return {}
    query = (
        select(EntryMember.name_key, EntryMember.born, EntryMember.is_lead)
        .join(EntryRow, EntryRow.id == EntryMember.entry_id)
        .where(
            EntryRow.contest_id == entry.contest_id,
            EntryRow.id != entry.id,
            EntryRow.state.not_in([state.value for state in NOT_COUNTED]),
            EntryMember.name_key.in_(sorted(keys)),
        )
    )
    return count_by_person(((key, born), is_lead) for key, born, is_lead in session.execute(query))


def count_by_person(rows: Iterable[tuple[Person, bool]]) -> dict[Person, tuple[int, int]]:
    """How many rows each person has, and in how many of them the person leads."""
    counted: dict[Person, tuple[int, int]] = {}
    for person, is_lead in rows:
        entries, leads = counted.get(person, (0, 0))
        counted[person] = (entries + 1, leads + is_lead)
    return counted


def entry_value(
    rules: ContestRules,
    entry: EntryRow,
    *,
    others: Mapping[Person, tuple[int, int]] | None = None,
    checked: frozenset[str] = frozenset(),
) -> Entry:
    """The entry as a value. `others` comes from `count_other_entries`; without it people have no other entries.

    `checked` comes from `checked_items`.
    """
    counted = others or {}

    def member_value(member: EntryMember) -> Member:
        entries, leads = counted.get((member.name_key, member.born), (0, 0))
        return Member(
            name=member.name,
            born=member.born,
            share=member.share,
            is_lead=member.is_lead,
            unit=member.unit,
            other_entries=entries,
            other_leads=leads,
        )

    return Entry(
        id=entry.id,
        alias=entry.alias,
        title=entry.title,
        category=entry.category,
        division=entry.division,
        answers=typed_answers(rules.fields, entry.answers),
        members=tuple(member_value(member) for member in entry.members),
        items=count_items(rules, entry),
        submitted_at=entry.submitted_at,
        checked=checked,
    )


def count_items(rules: ContestRules, entry: EntryRow) -> Mapping[str, int]:
    """How many files and links the dossier has, by item."""
    counted = Counter(file.item for file in entry.files)
    if any(item.kind is ItemKind.LINK for item in rules.dossier):
        counted.update(link.item for link in entry.links)
    return counted
