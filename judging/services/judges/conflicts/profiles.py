"""What of judges and entries can give a conflict of interest away, read in a number of queries that does not grow."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from judging.db.models import Account, Consent, Entry, EntryMember, Judge, PeopleLink
from judging.domain.addresses import email_key, is_reachable
from judging.domain.conflicts import EntryProfile, JudgeProfile, person_keys
from judging.services.entries.people.roles import DECLINED, LinkRole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

_MENTOR_FIELDS = ("mentor", "mentors")
_UNIT_FIELDS = ("school", "unit", "organisation", "company")


@dataclass(slots=True)
class _People:
    """Who stands around one entry, by what they are to it; `authors` are without whoever only handed it in."""

    names: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    keys: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    units: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)


def judge_profiles(session: Session, judges: Collection[Judge]) -> list[JudgeProfile]:
    """The judges' profiles, each under its id, with whom each of them made another entry."""
    query = select(Account).where(Account.id.in_({judge.account_id for judge in judges}))
    accounts = {account.id: account for account in session.scalars(query)}
    keys = {
        judge.id: person_keys(account_id=judge.account_id, email=accounts[judge.account_id].email_key)
        for judge in judges
    }
    colleagues = _colleagues(session, keys)
    return [
        JudgeProfile(
            alias=judge.id, name=accounts[judge.account_id].name, unit=judge.unit,
            email=_told(accounts[judge.account_id].email_key), keys=keys[judge.id],
            colleagues=frozenset(colleagues[judge.id] - keys[judge.id]),
        )
        for judge in judges
    ]  # fmt: skip


def entry_profiles(session: Session, entries: Collection[Entry]) -> list[EntryProfile]:
    """The entries' profiles, each under its id."""
    around = _people_of(session, [entry.id for entry in entries])
    query = select(Account.id, Account.email_key).where(Account.id.in_({entry.owner_id for entry in entries}))
    owners: dict[str, str] = dict(session.execute(query).all())
    return [_profile(entry, around[entry.id], owners.get(entry.owner_id, "")) for entry in entries]


def author_names(session: Session, entry_ids: Collection[str]) -> Mapping[str, Sequence[str]]:
    """The names of the authors by entry."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    query = select(EntryMember.entry_id, EntryMember.name).where(EntryMember.entry_id.in_(entry_ids))
    for entry_id, name in session.execute(query.order_by(EntryMember.entry_id, EntryMember.position)):
        found[entry_id].append(name)
    return found


def _profile(entry: Entry, people: _People, owner_email: str) -> EntryProfile:
    answers = entry.answers
    owner = person_keys(account_id=entry.owner_id, email=owner_email)
    units = (entry.unit, *people.units, *(str(answers.get(key) or "") for key in _UNIT_FIELDS))
    mentors = (*(str(answers[key]) for key in _MENTOR_FIELDS if answers.get(key)), *people.names[LinkRole.MENTOR])
    return EntryProfile(
        alias=entry.id,
        authors=tuple(people.names[LinkRole.COAUTHOR]),
        mentors=mentors,
        guardians=tuple(people.names[LinkRole.GUARDIAN]),
        units=tuple(unit for unit in units if unit),
        emails=tuple(address for address in (_told(owner_email), *people.emails) if address),
        author_keys=frozenset(owner | people.keys[LinkRole.COAUTHOR]),
        mentor_keys=frozenset(people.keys[LinkRole.MENTOR]),
        guardian_keys=frozenset(people.keys[LinkRole.GUARDIAN]),
        contact_keys=frozenset(people.keys[LinkRole.SCHOOL]),
    )


def _people_of(session: Session, entry_ids: Collection[str]) -> defaultdict[str, _People]:
    around: defaultdict[str, _People] = defaultdict(_People)
    members = select(EntryMember).where(EntryMember.entry_id.in_(entry_ids)).order_by(EntryMember.id)
    for member in session.scalars(members):
        people, address = around[member.entry_id], email_key(member.email)
        people.names[LinkRole.COAUTHOR].append(member.name)
        people.keys[LinkRole.COAUTHOR] |= person_keys(email=address)
        people.units.append(member.unit)
        people.emails.append(_told(address))
    links = select(PeopleLink).where(PeopleLink.entry_id.in_(entry_ids), PeopleLink.answer != DECLINED)
    for link in session.scalars(links.order_by(PeopleLink.id)):
        people, address = around[link.entry_id], email_key(link.email)
        people.keys[link.role] |= person_keys(account_id=link.account_id, email=address)
        if link.role in (LinkRole.MENTOR, LinkRole.GUARDIAN):
            people.names[link.role] += [name for name in (link.name, link.answered_name) if name]
        if link.role in (LinkRole.MENTOR, LinkRole.COAUTHOR):
            people.emails.append(_told(address))
    # Whoever agreed on paper for a child has no link.
    agreed = (
        select(EntryMember.entry_id, Consent.by_name)
        .join(Consent, Consent.member_id == EntryMember.id)
        .where(EntryMember.entry_id.in_(entry_ids), Consent.given_by == LinkRole.GUARDIAN.value, Consent.by_name != "")
        .distinct()
    )
    for entry_id, name in session.execute(agreed.order_by(EntryMember.entry_id, Consent.by_name)):
        around[entry_id].names[LinkRole.GUARDIAN].append(name)
    return around


def _colleagues(session: Session, keys: Mapping[str, frozenset[str]]) -> defaultdict[str, set[str]]:
    """By judge, the keys of whoever the judge made an entry with: here, in earlier editions, in other contests."""
    judges_by_key: defaultdict[str, set[str]] = defaultdict(set)
    for judge_id, own in keys.items():
        for key in own:
            judges_by_key[key].add(judge_id)
    works: defaultdict[str, set[str]] = defaultdict(set)
    for entry_id, account_id, email in _works(session, judges_by_key):
        for key in person_keys(account_id=account_id, email=email_key(email or "")):
            works[entry_id] |= judges_by_key.get(key, set())
    around = _people_of(session, sorted(works))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for entry_id, judge_ids in works.items():
        for judge_id in judge_ids:
            # Whoever only handed it in, such as a school or the office, is nobody's fellow author.
            found[judge_id] |= around[entry_id].keys[LinkRole.COAUTHOR]
    return found


def _works(session: Session, keys: Iterable[str]) -> list[tuple[str, str | None, str | None]]:
    accounts = {key.removeprefix("account ") for key in keys if key.startswith("account ")}
    emails = {key.removeprefix("mail ") for key in keys if key.startswith("mail ")}
    members = select(EntryMember.entry_id, EntryMember.email).where(func.lower(EntryMember.email).in_(emails))
    handed_in = select(Entry.id, Entry.owner_id).where(Entry.owner_id.in_(accounts), Entry.erased_at.is_(None))
    linked = select(PeopleLink.entry_id, PeopleLink.account_id, PeopleLink.email).where(
        PeopleLink.role == LinkRole.COAUTHOR, PeopleLink.answer != DECLINED,
        or_(PeopleLink.account_id.in_(accounts), func.lower(PeopleLink.email).in_(emails)),
    )  # fmt: skip
    return [
        *((entry_id, None, email) for entry_id, email in session.execute(members)),
        *((entry_id, owner_id, None) for entry_id, owner_id in session.execute(handed_in)),
        *((entry_id, account_id, email) for entry_id, account_id, email in session.execute(linked)),
    ]


def _told(email: str) -> str:
    return email if email and is_reachable(email) else ""
