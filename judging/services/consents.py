"""Consents: what may be shown of people, by whose word, until it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Consent, Entry, EntryMember
from judging.domain.permissions import Actor
from judging.domain.rules import ContestRules
from judging.errors import N_, NotAllowed
from judging.services.entry_record import record_entry_event

PUBLISH_NAME = "publish-name"
_Choose = Callable[[str, str], str]


class GivenBy(StrEnum):
    """Whose word a consent is."""

    SELF = "self"
    GUARDIAN = "guardian"


Word = tuple[str, GivenBy]
"""A consent as the page names it: the member's id and whose word it is."""


def words_needed(rules: ContestRules) -> tuple[GivenBy, ...]:
    """Whose consent a name needs before it is published: the person's, and among children the guardian's too."""
    return (GivenBy.SELF, GivenBy.GUARDIAN) if rules.children else (GivenBy.SELF,)


def given_words(session: Session, *, entry: Entry) -> frozenset[Word]:
    """The consents to publish names that stand for the entry's members."""
    query = (
        select(Consent.member_id, Consent.given_by)
        .join(EntryMember, EntryMember.id == Consent.member_id)
        .where(EntryMember.entry_id == entry.id, Consent.purpose == PUBLISH_NAME, Consent.withdrawn_at.is_(None))
    )
    return frozenset((member_id, GivenBy(given_by)) for member_id, given_by in session.execute(query))


def record_consents(
    session: Session, *, entry: Entry, actor: Actor, rules: ContestRules, words: Iterable[Word], now: datetime
) -> None:
    """Make `words` the consents that stand; those left out are taken back at once.

    The account that owns the entry records them, in whatever state the entry is: a consent can be taken back at any
    time. Raises NotAllowed for anybody else.
    """
    if actor.account_id is None or actor.account_id != entry.owner_id:
        raise NotAllowed(N_("Only the person who made this entry records consents for it."))
    allowed = {(member.id, by) for member in entry.members for by in words_needed(rules)}
    wanted, standing = set(words) & allowed, given_words(session, entry=entry)
    rows = {
        (row.member_id, GivenBy(row.given_by)): row
        for row in session.scalars(
            select(Consent)
            .join(EntryMember, EntryMember.id == Consent.member_id)
            .where(EntryMember.entry_id == entry.id, Consent.purpose == PUBLISH_NAME)
        )
    }
    for word in sorted(wanted - standing):
        row = rows.get(word)
        if row is None:
            session.add(Consent(member_id=word[0], purpose=PUBLISH_NAME, given_by=word[1].value, given_at=now))
        else:
            row.given_at, row.withdrawn_at = now, None
        _record(session, entry, word, action="consent-given", now=now)
    for word in sorted(standing - wanted):
        rows[word].withdrawn_at = now
        _record(session, entry, word, action="consent-withdrawn", now=now)
    session.flush()


def publishable_names(session: Session, *, entries: Sequence[Entry], rules: ContestRules) -> dict[str, tuple[str, ...]]:
    """The names that may be published, by entry id and in the order of authors; empty where nobody consented."""
    return _published(session, entries, rules, lambda name, _unit: name)


def publishable_units(session: Session, *, entries: Sequence[Entry], rules: ContestRules) -> dict[str, tuple[str, ...]]:
    """The units and schools that may be published, by entry id: those of authors whose names may be."""
    return _published(session, entries, rules, lambda _name, unit: unit)


def _published(
    session: Session, entries: Sequence[Entry], rules: ContestRules, choose: _Choose
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {entry.id: [] for entry in entries}
    for entry_id, name, unit in _consenting(session, list(found), rules):
        text = choose(name, unit)
        if text and text not in found[entry_id]:
            found[entry_id].append(text)
    return {entry_id: tuple(texts) for entry_id, texts in found.items()}


def _consenting(session: Session, entry_ids: Sequence[str], rules: ContestRules) -> Iterator[tuple[str, str, str]]:
    """Entry id, name and unit of each member all of whose needed consents stand: one query."""
    if not entry_ids:
        return
    query = (
        select(EntryMember.entry_id, EntryMember.id, EntryMember.name, EntryMember.unit, Consent.given_by)
        .join(Consent, Consent.member_id == EntryMember.id)
        .where(
            EntryMember.entry_id.in_(entry_ids),
            Consent.purpose == PUBLISH_NAME,
            Consent.withdrawn_at.is_(None),
        )
        .order_by(EntryMember.entry_id, EntryMember.position)
    )
    words: dict[str, set[str]] = {}
    people: dict[str, tuple[str, str, str]] = {}
    for entry_id, member_id, name, unit, given_by in session.execute(query):
        words.setdefault(member_id, set()).add(given_by)
        people[member_id] = (entry_id, name, unit)
    needed = {word.value for word in words_needed(rules)}
    yield from (person for member_id, person in people.items() if needed <= words[member_id])


def _record(session: Session, entry: Entry, word: Word, *, action: str, now: datetime) -> None:
    record_entry_event(
        session,
        entry=entry,
        action=action,
        actor_id=entry.owner_id,
        now=now,
        details={"purpose": PUBLISH_NAME, "by": word[1].value},
        subject="member",
        subject_id=word[0],
    )
