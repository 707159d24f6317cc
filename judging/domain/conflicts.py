"""Conflicts of interest: their kinds, and those that the data give away.

A conflict found here is a lead: people share names. It keeps the judge from the entry until a person has looked, unless
the contest counts its kind as a hint only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from judging.domain.affiliations import mail_domain, normalise_name, surname_key, unit_key
from judging.errors import N_

__all__ = [
    "BY_UNIT", "CONFLICT_LABELS", "DECLARABLE", "DERIVED", "MAY_HINT", "ConflictKind", "EntryProfile", "FoundConflict",
    "JudgeProfile", "conflicts_between", "derived_conflicts", "is_forcible", "person_keys", "shared_surnames",
]  # fmt: skip


class ConflictKind(StrEnum):
    """Why a judge may not score an entry."""

    SPOUSE = "spouse"
    CHILD = "child"
    SIBLING = "sibling"
    RELATIVE = "relative"
    IN_LAW = "in-law"
    MENTOR = "mentor"
    TEACHER = "teacher"
    GUARDIAN = "guardian"
    COAUTHOR = "coauthor"
    SAME_UNIT = "same-unit"
    OWN = "own"
    OTHER = "other"
    SAME_NAME = "same-name"
    MAIL_DOMAIN = "mail-domain"


CONFLICT_LABELS: Mapping[ConflictKind, str] = {
    ConflictKind.SPOUSE: N_("Spouse"),
    ConflictKind.CHILD: N_("Parent or child"),
    ConflictKind.SIBLING: N_("Brother or sister"),
    ConflictKind.RELATIVE: N_("Nephew, niece or other relative"),
    ConflictKind.IN_LAW: N_("In-law"),
    ConflictKind.MENTOR: N_("Mentor of the entry"),
    ConflictKind.TEACHER: N_("Current teacher of an author"),
    ConflictKind.GUARDIAN: N_("Guardian of an author"),
    ConflictKind.COAUTHOR: N_("Worked with an author on another entry"),
    ConflictKind.SAME_UNIT: N_("Same unit"),
    ConflictKind.OWN: N_("Own entry"),
    ConflictKind.OTHER: N_("Other reason"),
    ConflictKind.SAME_NAME: N_("Same full name as an author"),
    ConflictKind.MAIL_DOMAIN: N_("Same e-mail domain"),
}

DECLARABLE: tuple[ConflictKind, ...] = tuple(
    kind for kind in ConflictKind if kind not in (ConflictKind.SAME_NAME, ConflictKind.MAIL_DOMAIN)
)
"""What a judge can say of themselves, in the order in which it is offered; the rest only the data show."""

BY_UNIT: tuple[ConflictKind, ...] = (
    ConflictKind.SAME_UNIT, ConflictKind.TEACHER, ConflictKind.MENTOR, ConflictKind.SPOUSE, ConflictKind.CHILD,
    ConflictKind.SIBLING, ConflictKind.RELATIVE, ConflictKind.IN_LAW, ConflictKind.OTHER,
)  # fmt: skip
"""What can tie a judge to a whole school or unit: working there, teaching there, a child or spouse who is there."""

DERIVED: tuple[ConflictKind, ...] = (
    ConflictKind.OWN, ConflictKind.SAME_NAME, ConflictKind.MENTOR, ConflictKind.GUARDIAN, ConflictKind.COAUTHOR,
    ConflictKind.SAME_UNIT, ConflictKind.MAIL_DOMAIN,
)  # fmt: skip
"""What the data give away, in the order in which it is told."""

MAY_HINT: tuple[ConflictKind, ...] = tuple(kind for kind in DERIVED if kind is not ConflictKind.OWN)
"""What a contest may count as a hint only. Nobody judges their own work, whatever the contest says."""


def is_forcible(kinds: Iterable[ConflictKind | str]) -> bool:
    """Whether two persons may assign in spite of these conflicts: never to an author."""
    return ConflictKind.OWN not in {ConflictKind(kind) for kind in kinds}


def person_keys(*, account_id: str | None = None, email: str = "") -> frozenset[str]:
    """By what a person is known again in other places: the account, and the address as it is compared."""
    known = {f"account {account_id}"} if account_id else set()
    return frozenset(known | ({f"mail {email}"} if email else set()))


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeProfile:
    """What of a judge can give a conflict away.

    `keys` are the judge's own `person_keys`, `colleagues` those of whoever the judge made another entry with.
    """

    alias: str
    name: str
    unit: str = ""
    email: str = ""
    keys: frozenset[str] = frozenset()
    colleagues: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryProfile:
    """What of an entry can give a conflict away: names of its people and units, and the people's `person_keys`.

    `contacts` are those who spoke for the school, `emails` the addresses of authors and mentors.
    """

    alias: str
    authors: tuple[str, ...] = ()
    mentors: tuple[str, ...] = ()
    guardians: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    author_keys: frozenset[str] = frozenset()
    mentor_keys: frozenset[str] = frozenset()
    guardian_keys: frozenset[str] = frozenset()
    contact_keys: frozenset[str] = frozenset()


class FoundConflict(NamedTuple):
    """A judge and an entry that do not go together; `evidence` is what they share, as the judge has it."""

    judge: str
    entry: str
    kind: ConflictKind
    evidence: str


def derived_conflicts(
    judges: Sequence[JudgeProfile],
    entries: Iterable[EntryProfile],
    *,
    leave_out: AbstractSet[ConflictKind] = frozenset(),
) -> tuple[FoundConflict, ...]:
    """Conflicts that the data give away, in the order of entries, then of DERIVED, then of judges; each kind once."""
    index = _Index.of(judges)
    found: dict[tuple[str, str, ConflictKind], FoundConflict] = {}
    for entry in entries:
        for kind, judge, evidence in index.hits(entry):
            if kind not in leave_out:
                one = FoundConflict(judge.alias, entry.alias, kind, evidence)
                found.setdefault((judge.alias, entry.alias, kind), one)
    return tuple(found.values())


def conflicts_between(
    judge: JudgeProfile, entry: EntryProfile, *, leave_out: AbstractSet[ConflictKind] = frozenset()
) -> tuple[FoundConflict, ...]:
    """The conflicts of one judge with one entry that the data give away."""
    return derived_conflicts([judge], [entry], leave_out=leave_out)


def shared_surnames(judge: str, people: Iterable[str]) -> tuple[str, ...]:
    """The people whose surname is the judge's: a hint and never more, since two in five Vietnamese are Nguyễn."""
    own = surname_key(judge)
    return tuple(name for name in people if own and surname_key(name) == own)


Hit = tuple[ConflictKind, JudgeProfile, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """Judges by all that an entry can share with them, so that the work grows with judges and entries, not pairs."""

    names: Mapping[str, Sequence[JudgeProfile]]
    units: Mapping[str, Sequence[JudgeProfile]]
    domains: Mapping[str, Sequence[JudgeProfile]]
    keys: Mapping[str, Sequence[JudgeProfile]]
    colleagues: Mapping[str, Sequence[JudgeProfile]] = field(default_factory=dict)

    @classmethod
    def of(cls, judges: Sequence[JudgeProfile]) -> _Index:
        return cls(
            names=_by(judges, lambda judge: [normalise_name(judge.name)]),
            units=_by(judges, lambda judge: [unit_key(judge.unit)]),
            domains=_by(judges, lambda judge: [mail_domain(judge.email)]),
            keys=_by(judges, lambda judge: judge.keys),
            colleagues=_by(judges, lambda judge: judge.colleagues),
        )

    def hits(self, entry: EntryProfile) -> Iterator[Hit]:
        by_name, by_key = self.names, self.keys
        yield from _named(ConflictKind.OWN, _found(by_key, entry.author_keys))
        yield from _named(ConflictKind.SAME_NAME, _found(by_name, map(normalise_name, entry.authors)))
        for kind, names, keys in (
            (ConflictKind.MENTOR, entry.mentors, entry.mentor_keys),
            (ConflictKind.GUARDIAN, entry.guardians, entry.guardian_keys),
        ):
            yield from _named(kind, _found(by_name, map(normalise_name, names)))
            yield from _named(kind, _found(by_key, keys))
        yield from _named(ConflictKind.COAUTHOR, _found(self.colleagues, entry.author_keys))
        for judge in _found(self.units, map(unit_key, entry.units)):
            yield ConflictKind.SAME_UNIT, judge, judge.unit
        for judge in _found(by_key, entry.contact_keys):
            yield ConflictKind.SAME_UNIT, judge, judge.unit or judge.name
        for judge in _found(self.domains, map(mail_domain, entry.emails)):
            yield ConflictKind.MAIL_DOMAIN, judge, mail_domain(judge.email)


def _named(kind: ConflictKind, judges: Iterable[JudgeProfile]) -> Iterator[Hit]:
    return ((kind, judge, judge.name) for judge in judges)


def _by(
    judges: Sequence[JudgeProfile], keys_of: Callable[[JudgeProfile], Iterable[str]]
) -> Mapping[str, Sequence[JudgeProfile]]:
    index: dict[str, list[JudgeProfile]] = {}
    for judge in judges:
        for key in keys_of(judge):
            if key:
                index.setdefault(key, []).append(judge)
    return index


def _found(index: Mapping[str, Sequence[JudgeProfile]], keys: Iterable[str]) -> list[JudgeProfile]:
    # Sorted: sets have no order, and what is found must not depend on it.
    return [judge for key in sorted(set(keys)) if key for judge in index.get(key, ())]
