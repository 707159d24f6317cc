"""Blind repeats: which of a judge's entries are shown a second time, where in their order, and under which code.

A repeat measures how steady a judge's marks are; it never counts. Figures here are our own defaults, no official rule.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_assign, can_see_progress
from judging.domain.roles import Role
from judging.domain.rules import RoundMode
from judging.domain.values import Problem
from judging.errors import N_

if TYPE_CHECKING:
    from judging.domain.permissions import Actor

MOST = 3
"""Repeats that a judge may get in a round, at most."""

ENTRIES_FOR_ONE = 8
"""A judge gets one repeat for each so many entries of theirs, and none with fewer."""

CODE_PREFIX = "r-"
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_CODE_LENGTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A repeat of an entry, shown after so many of the judge's own entries."""

    entry: str
    after: int


def place_repeats(
    order: Sequence[str], *, wanted: int, seed: str, judge: str, shown: Collection[Place] = ()
) -> tuple[Place, ...]:
    """The repeats that a judge with these entries, in this order, still lacks; the same data give the same ones.

    `shown` are those that the judge has. Entries come from the first quarter of the order and return in the last one,
    the earliest first, so that at least half of the judge's entries lie between the two (`fewest_between`).
    """
    number = room_for(len(order), wanted) - len(shown)
    if number <= 0:
        return ()
    quarter, repeated, taken = len(order) // 4, {one.entry for one in shown}, {one.after for one in shown}

    def drawn(what: str) -> str:
        return hashlib.sha256(f"{seed}\n{judge}\n{what}".encode()).hexdigest()

    early = [index for index in range(quarter) if order[index] not in repeated]
    late = [after for after in range(len(order) - quarter, len(order) + 1) if after not in taken]
    entries = sorted(sorted(early, key=lambda index: drawn(f"entry {order[index]}"))[:number])
    places = sorted(sorted(late, key=lambda after: drawn(f"place {after}"))[:number])
    return tuple(
        Place(entry=order[index], after=after) for index, after in zip(entries, places, strict=False)
    )  # fmt: skip


def room_for(entries: int, wanted: int) -> int:
    """How many of the repeats that are wanted a judge with so many entries gets."""
    return min(wanted, entries // ENTRIES_FOR_ONE)


def fewest_between(entries: int) -> int:
    """How many other entries lie at least between an entry and its repeat."""
    return entries - 2 * (entries // 4)


def wanted_problems(per_judge: int) -> Iterator[Problem]:
    """What is wrong with a number of repeats."""
    if not 0 <= per_judge <= MOST:
        yield Problem(
            code="range", where="per_judge", message=N_("Type a whole number from 0 to %(most)s."),
            params={"most": MOST},
        )  # fmt: skip


def why_not_repeated(*, blind: bool, mode: RoundMode) -> str:
    """Why entries of a round cannot be shown twice, as an msgid; empty where they can."""
    if mode is not RoundMode.DOSSIER:
        return N_("In this round judges meet the teams: nobody can be met twice without noticing it.")
    if not blind:
        return N_("In this round judges see who made an entry, so a repeat would be known at once.")
    return ""


def reading_code(reading_id: str) -> str:
    """The code by which a judge knows an entry while repeats are on: made of the reading's id, alike for repeats."""
    number = int.from_bytes(hashlib.sha256(reading_id.encode()).digest()[:8])
    letters = []
    for _ in range(_CODE_LENGTH):
        number, letter = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[letter])
    return CODE_PREFIX + "".join(letters)


def file_code(reading_id: str, file_id: str) -> str:
    """The id by which a judge's program knows a file while repeats are on: another for each reading of its entry."""
    return str(UUID(bytes=hashlib.sha256(f"{reading_id}\n{file_id}".encode()).digest()[:16]))


def can_set_repeats(actor: Actor, *, phase: ContestPhase) -> bool:
    """Set how many repeats a round has: the organiser, while judges are assigned, unless they judge here themselves."""
    return actor.has(Role.ORGANISER) and can_assign(actor, phase=phase) and can_see_progress(actor)


def can_read_consistency(actor: Actor) -> bool:
    """How steady each judge's marks are: the organiser and the auditor, unless they judge here themselves."""
    return actor.has(Role.ORGANISER, Role.AUDITOR) and can_see_progress(actor)
