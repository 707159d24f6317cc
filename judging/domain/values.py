"""What a plugin and a strategy see of a running contest: values, never rows or requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal
    from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reason why something is refused.

    `message` is an msgid with named placeholders that `params` fills. `where` is the key of the field, dossier item or
    criterion it concerns; empty when it concerns the whole. `setting` is the key of the setting behind it, where there
    is one. With `ask` it is no refusal: the office decides, and the entry may be handed in meanwhile.
    """

    code: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    where: str = ""
    setting: str = ""
    ask: bool = False

    def __str__(self) -> str:
        return self.message % dict(self.params) if self.params else self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of an entry. `share` is the contribution in per cent; `other_*` count their entries besides."""

    name: str
    born: date | None = None
    share: Decimal | None = None
    is_lead: bool = False
    unit: str = ""
    other_entries: int = 0
    other_leads: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as a plugin sees it. `items` counts the attached files by dossier item.

    `checked` are the items whose files the office has checked and deleted: none is asked for any more.
    """

    id: str
    alias: str
    title: str
    category: str
    division: str | None = None
    answers: Mapping[str, object] = field(default_factory=dict)
    members: tuple[Member, ...] = ()
    items: Mapping[str, int] = field(default_factory=dict)
    submitted_at: datetime | None = None
    checked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One judge's submitted marks for one entry in one round.

    `judge` and `entry` are aliases. `marks` goes by mark key (`criterion` or `criterion.part`). `consensus` marks the
    one sheet that a panel agreed on together.
    """

    judge: str
    entry: str
    marks: Mapping[str, Decimal]
    consensus: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """An entry's combined score: exact, with how many sheets were used and left out, and an msgid that explains it."""

    value: Fraction
    used: int
    unused: int = 0
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TieDecision:
    """What parted two entries of equal score: this entry's figure against its neighbour's."""

    key: str
    label: str
    own: Fraction
    other: Fraction
    other_entry: str

    @property
    def ahead(self) -> bool:
        """Whether the entry stands before its neighbour."""
        return self.own > self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An entry's place in a round.

    Entries that nothing parts share a rank and the next rank is skipped (1, 2, 2, 4). `criteria` holds the mean mark by
    criterion, after the coefficient. `tie` says what decided when another entry has the same score.
    """

    entry: str
    rank: int
    score: Score
    category: str = ""
    division: str | None = None
    criteria: Mapping[str, Fraction] = field(default_factory=dict)
    lowest: Mapping[str, Decimal] = field(default_factory=dict)
    tie: tuple[TieDecision, ...] = ()
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A prize given to an entry: `level` is the award's key; `board` the category or division it was given in."""

    entry: str
    level: str
    board: str = ""
    reason: str = ""
