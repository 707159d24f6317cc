"""Conflicts of interest: their kinds, and those that names and units give away.

A conflict found here is a lead: people share names. It keeps the judge from the entry until a person has looked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from judging.errors import N_


class ConflictKind(StrEnum):
    """Why a judge may not score an entry."""

    SPOUSE = "spouse"
    CHILD = "child"
    SIBLING = "sibling"
    RELATIVE = "relative"
    IN_LAW = "in-law"
    MENTOR = "mentor"
    TEACHER = "teacher"
    SAME_UNIT = "same-unit"
    OWN = "own"
    OTHER = "other"


CONFLICT_LABELS: Mapping[ConflictKind, str] = {
    ConflictKind.SPOUSE: N_("Spouse"),
    ConflictKind.CHILD: N_("Parent or child"),
    ConflictKind.SIBLING: N_("Brother or sister"),
    ConflictKind.RELATIVE: N_("Nephew, niece or other relative"),
    ConflictKind.IN_LAW: N_("In-law"),
    ConflictKind.MENTOR: N_("Mentor of the entry"),
    ConflictKind.TEACHER: N_("Current teacher of an author"),
    ConflictKind.SAME_UNIT: N_("Same unit"),
    ConflictKind.OWN: N_("Own entry"),
    ConflictKind.OTHER: N_("Other reason"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeProfile:
    """What of a judge can give a conflict away."""

    alias: str
    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryProfile:
    """What of an entry can give a conflict away: names of authors and mentors, names of their units or schools."""

    alias: str
    authors: tuple[str, ...] = ()
    mentors: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


class FoundConflict(NamedTuple):
    """A judge and an entry that do not go together; `evidence` is the name or unit they share, as the judge has it."""

    judge: str
    entry: str
    kind: ConflictKind
    evidence: str


_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_TITLES = re.compile(r"^(?:(?:gs|pgs|ts|ths|ks|cn|bs|ông|bà|thầy|cô|mr|mrs|ms|dr|prof)(?:\.\s*|\s+))+")


def normalise_name(name: str) -> str:
    """A person's name as it is compared: as `normalise_unit`, and titles dropped."""
    return _words(_TITLES.sub("", _plain(name)))


def normalise_unit(unit: str) -> str:
    """The name of a unit or school as it is compared: lower case, single spaces, tone marks at each word's end.

    Vietnamese writes the same word as “Hoà” and “Hòa”, composed and decomposed; all become one.
    """
    return _words(_plain(unit))


def derived_conflicts(
    judges: Sequence[JudgeProfile], entries: Iterable[EntryProfile], *, same_unit: bool
) -> tuple[FoundConflict, ...]:
    """Conflicts that the data give away, in the order of entries and then judges.

    A judge named like an author is one (`own`), like a mentor a `mentor`, and of the same unit `same-unit` if the
    contest counts that.
    """
    by_name = _index((normalise_name(judge.name), judge) for judge in judges)
    by_unit = _index((normalise_unit(judge.unit), judge) for judge in judges)
    found: dict[tuple[str, str, ConflictKind], FoundConflict] = {}
    for entry in entries:
        hits = [(ConflictKind.OWN, judge, judge.name) for judge in _hits(by_name, map(normalise_name, entry.authors))]
        hits += [
            (ConflictKind.MENTOR, judge, judge.name) for judge in _hits(by_name, map(normalise_name, entry.mentors))
        ]
        if same_unit:
            hits += [
                (ConflictKind.SAME_UNIT, judge, judge.unit)
                for judge in _hits(by_unit, map(normalise_unit, entry.units))
            ]
        for kind, judge, evidence in hits:
            found.setdefault((judge.alias, entry.alias, kind), FoundConflict(judge.alias, entry.alias, kind, evidence))
    return tuple(found.values())


def conflicts_between(judge: JudgeProfile, entry: EntryProfile, *, same_unit: bool) -> tuple[FoundConflict, ...]:
    """The conflicts of one judge with one entry that the data give away."""
    return derived_conflicts([judge], [entry], same_unit=same_unit)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()).casefold())


def _words(text: str) -> str:
    return " ".join(_tone_last(word) for word in text.split())


def _tone_last(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(sign for sign in parts if sign in _TONES)
    return "".join(sign for sign in parts if sign not in _TONES) + tones


def _index(pairs: Iterable[tuple[str, JudgeProfile]]) -> dict[str, list[JudgeProfile]]:
    index: dict[str, list[JudgeProfile]] = {}
    for key, judge in pairs:
        if key:
            index.setdefault(key, []).append(judge)
    return index


def _hits(index: Mapping[str, Sequence[JudgeProfile]], keys: Iterable[str]) -> list[JudgeProfile]:
    return [judge for key in keys if key for judge in index.get(key, ())]
