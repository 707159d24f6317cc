"""What leaving a judge or a sheet out would change."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


class RankChange(NamedTuple):
    """An entry that would stand elsewhere in a round. `shift` is what its score would gain; negative when it loses.

    Without any sheet it would have no place at all: `after` and `shift` are None.
    """

    round: str
    entry: str
    before: int
    after: int | None
    shift: Fraction | None

    @property
    def distance(self) -> int:
        """By how many ranks; 0 where there would be no rank."""
        return 0 if self.after is None else abs(self.after - self.before)


class Onward(NamedTuple):
    """An entry that would go on from a round and does not (`would`), or goes on and would not."""

    round: str
    entry: str
    would: bool


class GatePassed(NamedTuple):
    """An entry that would clear a gate and does not (`would`), or clears it and would not."""

    gate: str
    entry: str
    would: bool


class PrizePlace(NamedTuple):
    """A level and the board on which it is given."""

    level: str
    board: str


class PrizeChange(NamedTuple):
    """An entry whose prize by the rules would be another, or none.

    With `waits` the side that has no prize is not decided: a tie there has to be voted on first.
    """

    entry: str
    before: PrizePlace | None
    after: PrizePlace | None
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeEffect:
    """All that would be otherwise without one judge's sheets.

    `ranks` begins with those who would move furthest and may be cut short; `moved` counts them all, entries that would
    be left without a sheet not among them. `largest` is the change by which a score would shift most.
    """

    judge: str
    sheets: int
    ranks: tuple[RankChange, ...] = ()
    moved: int = 0
    distance: int = 0
    largest: RankChange | None = None
    without_sheet: tuple[RankChange, ...] = ()
    onward: tuple[Onward, ...] = ()
    gates: tuple[GatePassed, ...] = ()
    prizes: tuple[PrizeChange, ...] = ()

    @property
    def weight(self) -> tuple[int, int, int, int, Fraction]:
        """How much hangs on the judge: prizes first, then places and gates, entries left alone, ranks, the score."""
        shift = self.largest.shift if self.largest else None
        return (
            len(self.prizes),
            len(self.onward) + len(self.gates),
            len(self.without_sheet),
            self.distance,
            abs(shift or Fraction(0)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetEffect:
    """What one sheet alone does to its entry, and how far it stands from what its judge usually does.

    `apart` is in points of the sheet's total: how much higher the judge went here, against the others who read the
    entry, than on the judge's other entries. None where there is nothing to hold it against.
    """

    judge: str
    change: RankChange
    apart: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Judges, the one on whom most hangs first, and sheets, the one that stands furthest apart first.

    `rounds` are those whose sheets were left out. `prizes` is whether prizes could be compared: not before every round
    is closed. `sheets` is None where the way of combining sheets looks across judges, so that no sheet acts alone.
    """

    rounds: tuple[str, ...]
    prizes: bool
    judges: tuple[JudgeEffect, ...]
    sheets: tuple[SheetEffect, ...] | None = None
    mover: SheetEffect | None = None
