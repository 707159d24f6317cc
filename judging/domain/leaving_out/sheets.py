"""One sheet left out at a time, and how far each stands from what its judge usually does.

A strict judge is strict with everybody, which moves many ranks and is no reason to ask. What asks for a look is a sheet
that departs from its judge's own habit: the difference from the others who read the entry, each of their totals cleared
of how they usually differ, less what the judge's other entries show on average: the residual of an additive model of
entries and judges after one step. Exact fractions throughout.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from judging.domain.leaving_out.ground import Ground, Standings
from judging.domain.leaving_out.ladder import Ladder, Sheets, alter
from judging.domain.leaving_out.values import RankChange, SheetEffect
from judging.domain.rules import Round
from judging.domain.totals import exact, exact_mean, exact_sum, sheet_total

Totals = Mapping[str, Mapping[str, Fraction]]
"""The totals of an entry's sheets by judge."""


def sheet_effects(
    ground: Ground,
    rounds: Sequence[str],
    *,
    standings: Standings,
    sheets: Mapping[str, Sheets],
    ladders: Mapping[str, Ladder],
) -> list[SheetEffect]:
    """What each sheet of these rounds does to its entry's place, the one that stands furthest apart first."""
    found: list[tuple[Fraction, SheetEffect]] = []
    for judged in ground.rules.rounds:
        if judged.key in rounds:
            highest = exact(judged.rubric.maximum) or Fraction(1)
            effects = _of_round(ground, judged, standings, sheets[judged.key], ladders[judged.key])
            # Rounds may be marked on different scales.
            found += [(abs(effect.apart or Fraction(0)) / highest, effect) for effect in effects]
    found.sort(key=lambda one: (-one[0], one[1].change.before, one[1].judge, one[1].change.entry))
    return [effect for _, effect in found]


def _of_round(
    ground: Ground, judged: Round, standings: Standings, sheets: Sheets, ladder: Ladder
) -> Iterator[SheetEffect]:
    apart = how_far_apart(_totals(judged, sheets))
    before = {one.entry: one for one in standings[judged.key]}
    for entry, ballots in sheets.items():
        for place, ballot in enumerate(ballots):
            if not ballot.consensus:
                altered = alter(ground, {judged.key: {entry: [*ballots[:place], *ballots[place + 1 :]]}})
                score = altered.scores[judged.key].get(entry)
                yield SheetEffect(
                    judge=ballot.judge,
                    change=RankChange(
                        judged.key,
                        entry,
                        before[entry].rank,
                        ladder.rank(entry, altered),
                        None if score is None else score.value - before[entry].score.value,
                    ),
                    apart=apart.get((ballot.judge, entry)),
                )


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
        cleared = {judge: total - habits.get(judge, 0) for judge, total in own.items()}
        whole = exact_sum(cleared.values())
        for judge, total in own.items():
            found[judge][entry] = total - (whole - cleared[judge]) / (len(own) - 1)
    return found


def _totals(judged: Round, sheets: Sheets) -> dict[str, dict[str, Fraction]]:
    return {
        entry: {one.judge: sheet_total(judged.rubric, one.marks) for one in ballots if not one.consensus}
        for entry, ballots in sheets.items()
    }
