"""One sheet left out at a time, and how far each stands from what its judge usually does.

A strict judge is strict with everybody, which moves many ranks and is no reason to ask. What asks for a look is a sheet
that departs from its judge's own habit: the difference from the others who read the entry, each of their totals cleared
of how they usually differ, less what the judge's other entries show on average: the residual of an additive model of
entries and judges after one step. Exact fractions throughout.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from judging.domain.leaving_out.cuts import Sheets
from judging.domain.leaving_out.ladder import height_of
from judging.domain.leaving_out.values import RankChange, SheetEffect
from judging.domain.rules import ContestRules, Round
from judging.domain.totals import exact, exact_mean, exact_sum, over_one, sheet_total

_NOTHING = Fraction(0)

Totals = Mapping[str, Mapping[str, Fraction]]
"""The totals of an entry's sheets by judge."""


class SingleSheets:
    """How far each sheet stands apart, beside what it does to its entry."""

    def __init__(self, rules: ContestRules, rounds: Sequence[str], sheets: Mapping[str, Sheets]) -> None:
        held = [judged for judged in rules.rounds if judged.key in rounds]
        self._highest = {judged.key: exact(judged.rubric.maximum) or Fraction(1) for judged in held}
        self._apart = {judged.key: how_far_apart(_totals(judged, sheets[judged.key])) for judged in held}

    def of(self, judge: str, changes: Iterable[RankChange]) -> list[SheetEffect]:
        """The judge's sheets, each with what becomes of its entry without it; the furthest apart first."""
        found = [
            SheetEffect(judge=judge, change=one, apart=self._apart[one.round].get((judge, one.entry)))
            for one in changes
        ]
        return sorted(found, key=self.order)

    def order(self, effect: SheetEffect) -> tuple[object, ...]:
        """Sorts by how far sheets stand apart, the furthest first: in shares of the highest total of their rounds."""
        change = effect.change
        apart = abs(effect.apart or _NOTHING) / self._highest[change.round]
        return (*height_of(-apart), change.before, effect.judge, change.entry)


def how_far_apart(totals: Totals) -> dict[tuple[str, str], Fraction]:
    """By judge and entry, how much higher the sheet is than the judge's habit lets expect.

    Left out are entries that one judge read alone, and judges with no other entry to compare with.
    """
    shared = {entry: own for entry, own in totals.items() if len(own) > 1}
    plain = _departures(shared, {})
    habits = {judge: exact_mean(list(own.values())) for judge, own in plain.items()}
    cleared = _departures(shared, habits)
    apart: dict[tuple[str, str], Fraction] = {}
    for judge, own in cleared.items():
        if len(own) > 1:
            whole = exact_sum(own.values())
            apart |= {(judge, entry): one - (whole - one) / (len(own) - 1) for entry, one in own.items()}
    return apart


def _departures(totals: Totals, habits: Mapping[str, Fraction]) -> dict[str, dict[str, Fraction]]:
    """By judge and entry, the total less the mean of the others' totals, these cleared of their judges' habits."""
    found: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for entry, own in totals.items():
        # Over one denominator all but the last step is in whole numbers.
        whole, denominator = over_one([*own.values(), *(habits.get(judge, _NOTHING) for judge in own)])
        given, usual = whole[: len(own)], whole[len(own) :]
        cleared = [total - habit for total, habit in zip(given, usual, strict=True)]
        others = len(own) - 1
        for judge, total, own_cleared in zip(own, given, cleared, strict=True):
            departure = others * total - (sum(cleared) - own_cleared)
            found[judge][entry] = Fraction(departure, others * denominator)
    return found


def _totals(judged: Round, sheets: Sheets) -> dict[str, dict[str, Fraction]]:
    return {
        entry: {one.judge: sheet_total(judged.rubric, one.marks) for one in ballots if not one.consensus}
        for entry, ballots in sheets.items()
    }
