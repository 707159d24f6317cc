"""Consents to publish names: what may be shown of people, by whose word, until it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Account, Consent, Entry, EntryMember, PeopleRule
from judging.domain.country import GivenBy, Purpose, who_must_consent
from judging.domain.permissions import Actor
from judging.domain.rules import ContestRules
from judging.errors import N_, NotAllowed
from judging.services.entries.people.giving import Proof, give_consents, take_back
from judging.services.entries.people.roles import Method
from judging.services.entries.people.speaking import Word, claim_word, words_spoken
from judging.services.entries.people.standing import MemberState, member_states
from judging.services.entries.people.terms import Terms, profile_of

__all__ = [
    "PUBLISH_NAME", "GivenBy", "Word", "given_words", "names_taken_back", "publishable_names", "publishable_units",
    "record_consents",
]  # fmt: skip

PUBLISH_NAME = Purpose.PUBLISH_NAME.value
_Choose = Callable[[str, str], str]


def given_words(session: Session, *, entry: Entry, purpose: Purpose = Purpose.PUBLISH_NAME) -> frozenset[Word]:
    """The consents for a purpose, by default to publish names, that stand for the entry's members."""
    query = (
        select(Consent.member_id, Consent.given_by)
        .join(EntryMember, EntryMember.id == Consent.member_id)
        .where(EntryMember.entry_id == entry.id, Consent.purpose == purpose.value, Consent.withdrawn_at.is_(None))
    )
    return frozenset((member_id, GivenBy(given_by)) for member_id, given_by in session.execute(query))


def record_consents(
    session: Session,
    *,
    entry: Entry,
    actor: Actor,
    terms: Terms,
    words: Iterable[Word],
    locale: str,
    on: date,
    now: datetime,
    purpose: Purpose = Purpose.PUBLISH_NAME,
) -> None:
    """Make `words` the consents for one purpose that stand by the word of the account that owns the entry.

    An account speaks for one author, or for the children of whom it is father, mother or guardian; the first word says
    which. Of the words that it may give, those left out are taken back at once, in whatever state the entry is; what
    others gave stays. Raises NotAllowed for anybody else, and Refused for a word that the account cannot give.
    """
    account = session.get(Account, actor.account_id) if actor.account_id == entry.owner_id else None
    if account is None:
        raise NotAllowed(N_("Only the person who made this entry records consents for it."))
    states = member_states(session, entry=entry, terms=terms, on=on)
    wanted = _wanted(states, words)
    for word in sorted(wanted - _standing(states, purpose), key=lambda one: (one[1] is GivenBy.SELF, one)):
        claim_word(session, entry=entry, states=states, word=word, account=account, now=now)
    proof = Proof(method=Method.ACCOUNT, name=account.name, locale=locale, account_id=account.id)
    for state in states:
        for by in GivenBy:
            if (state.member.id, by) in wanted:
                give_consents(
                    session, entry=entry, member=state.member, by=by, purposes=[purpose], proof=proof, now=now
                )
    for row in _left_out(states, purpose, wanted, account.id):
        take_back(session, entry=entry, consent=row, proof=proof, now=now)


def _wanted(states: Sequence[MemberState], words: Iterable[Word]) -> frozenset[Word]:
    """The words that are needed at all: nobody agrees for a grown-up, and no small child is asked."""
    return frozenset(words) & {(state.member.id, by) for state in states for by in state.needed}


def _standing(states: Sequence[MemberState], purpose: Purpose) -> frozenset[Word]:
    return frozenset((state.member.id, by) for state in states for by in GivenBy if (purpose, by) in state.standing)


def _left_out(
    states: Sequence[MemberState], purpose: Purpose, wanted: Collection[Word], account_id: str
) -> Iterator[Consent]:
    """Consents that this account gave or may give, and that it leaves out now."""
    spoken = words_spoken(states, account_id)
    for state in states:
        for (what, by), row in state.standing.items():
            word = (state.member.id, by)
            if what is purpose and word not in wanted and (word in spoken or row.by_account_id == account_id):
                yield row


def publishable_names(session: Session, *, entries: Sequence[Entry], rules: ContestRules) -> dict[str, tuple[str, ...]]:
    """The names that may be published, by entry id and in the order of authors; empty where nobody consented."""
    return _published(session, entries, rules, lambda name, _unit: name)


def publishable_units(session: Session, *, entries: Sequence[Entry], rules: ContestRules) -> dict[str, tuple[str, ...]]:
    """The units and schools that may be published, by entry id: those of authors whose names may be."""
    return _published(session, entries, rules, lambda _name, unit: unit)


def names_taken_back(session: Session, *, entry_ids: Collection[str]) -> bool:
    """Whether anybody of these entries ever took a consent to their name back: then search engines keep away."""
    query = (
        select(Consent.id)
        .join(EntryMember, EntryMember.id == Consent.member_id)
        .where(
            EntryMember.entry_id.in_(entry_ids),
            Consent.purpose == PUBLISH_NAME,
            Consent.withdrawn_at.is_not(None),
        )
    )
    return bool(entry_ids) and session.scalar(query.limit(1)) is not None


def _published(
    session: Session, entries: Sequence[Entry], rules: ContestRules, choose: _Choose
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {entry.id: [] for entry in entries}
    for person in _consenting(session, list(found), rules):
        text = choose(person.name, person.unit)
        if text and text not in found[person.entry_id]:
            found[person.entry_id].append(text)
    return {entry_id: tuple(texts) for entry_id, texts in found.items()}


@dataclass(slots=True, kw_only=True)
class _Person:
    entry_id: str
    name: str
    unit: str
    born: date | None
    profile: str | None
    words: dict[GivenBy, datetime] = field(default_factory=dict)
    earlier: bool = False

    def agrees(self, rules: ContestRules) -> bool:
        """Whether all needed words stand, those that were needed on the day of the person's own word.

        Whoever agreed with a guardian as a child is not named by half of it for having grown up since. What was
        recorded before proofs were kept was asked of both among children, whatever their age.
        """
        day = (self.words.get(GivenBy.SELF) or self.words[GivenBy.GUARDIAN]).date()
        if self.earlier and rules.children:
            return len(self.words) == len(GivenBy)
        needed = who_must_consent(self.born, day, profile_of(self.profile), among_children=rules.children)
        return needed <= set(self.words)


def _consenting(session: Session, entry_ids: Sequence[str], rules: ContestRules) -> Iterator[_Person]:
    """Each member all of whose needed consents to their name stand: one query."""
    if not entry_ids:
        return
    people: dict[str, _Person] = {}
    for member_id, given_by, given_at, method, *about in session.execute(_asked(entry_ids)):
        entry_id, name, unit, born, profile = about
        person = people.setdefault(
            member_id, _Person(entry_id=entry_id, name=name, unit=unit, born=born, profile=profile)
        )
        person.words[GivenBy(given_by)] = given_at
        person.earlier |= method == Method.EARLIER
    yield from (person for person in people.values() if person.agrees(rules))


def _asked(entry_ids: Sequence[str]) -> Any:
    return (
        select(
            EntryMember.id, Consent.given_by, Consent.given_at, Consent.method, EntryMember.entry_id, EntryMember.name,
            EntryMember.unit, EntryMember.born, PeopleRule.profile,
        )
        .join(Consent, Consent.member_id == EntryMember.id)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .outerjoin(PeopleRule, PeopleRule.contest_id == Entry.contest_id)
        .where(
            EntryMember.entry_id.in_(entry_ids), Consent.purpose == PUBLISH_NAME, Consent.withdrawn_at.is_(None)
        )
        .order_by(EntryMember.entry_id, EntryMember.position)
    )  # fmt: skip
