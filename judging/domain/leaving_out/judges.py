"""Leave one judge out after another, and say on whom most hangs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from judging.domain.leaving_out.comparing import compare
from judging.domain.leaving_out.cuts import sheets_in_play
from judging.domain.leaving_out.few import FewChanges
from judging.domain.leaving_out.ground import Ground, settle
from judging.domain.leaving_out.sheets import SingleSheets
from judging.domain.leaving_out.values import JudgeEffect, Report, SheetEffect

NAMED = 5
"""How many of the entries that move are named for each judge where all judges are looked at."""

SHEETS_NAMED = 10


def leave_each_out(
    ground: Ground, rounds: Sequence[str], *, most: int | None = NAMED, sheets: int | None = SHEETS_NAMED
) -> Report:
    """The report over all judges of these rounds: what hangs on each, and the sheets that stand furthest apart.

    Exact, by the contest's own rules, whatever their ways of combining sheets. Raises NotRecountable for one that
    nobody offers.
    """
    counting = _Counting(ground, rounds)
    report = counting.report(most, sheets) if ground.is_local else counting.report_anew(most)
    return replace(report, judges=tuple(sorted(report.judges, key=lambda one: one.weight, reverse=True)))


def leave_out(ground: Ground, rounds: Sequence[str], judge: str) -> JudgeEffect | None:
    """What hangs on one judge, every entry that moves named; None for a judge without a sheet of their own there."""
    counting = _Counting(ground, rounds)
    if judge not in counting.read:
        return None
    return counting.effect(judge) if ground.is_local else counting.effect_anew(judge)


class _Counting:
    """The outcome with all sheets, and what it takes to count it without some: for few entries, or altogether anew."""

    def __init__(self, ground: Ground, rounds: Sequence[str]) -> None:
        self._ground = ground
        self._rounds = rounds
        self._before = settle(ground, ground.count())
        self._sheets = sheets_in_play(ground)
        self.read = self._read_by()

    def report(self, most: int | None, sheets: int | None) -> Report:
        """Over all judges, of whose sheets each acts alone as well."""
        few, single = self._few(), SingleSheets(self._ground.rules, self._rounds, self._sheets)
        effects: list[JudgeEffect] = []
        apart: list[SheetEffect] = []
        movers: list[SheetEffect] = []
        for judge, read in self.read.items():
            # What is left without the judge serves both, and is let go at once: it is a lot for a whole contest.
            cuts = few.cuts(judge, read)
            effects.append(few.effect(judge, cuts, most=most))
            own = single.of(judge, few.alone(cuts))
            apart += own[:sheets]
            movers.append(max(own, key=_how_far))
        apart.sort(key=single.order)
        mover = max(sorted(movers, key=single.order), key=_how_far, default=None)
        return Report(
            rounds=tuple(self._rounds),
            prizes=self._ground.prizes is not None,
            judges=tuple(effects),
            sheets=tuple(apart[:sheets]),
            mover=mover if mover is not None and mover.change.distance else None,
        )

    def report_anew(self, most: int | None) -> Report:
        """Over all judges, where no sheet acts alone."""
        return Report(
            rounds=tuple(self._rounds),
            prizes=self._ground.prizes is not None,
            judges=tuple(self.effect_anew(judge, most=most) for judge in self.read),
        )

    def effect(self, judge: str) -> JudgeEffect:
        """What would be otherwise without the judge."""
        few = self._few()
        return few.effect(judge, few.cuts(judge, self.read[judge]))

    def effect_anew(self, judge: str, *, most: int | None = None) -> JudgeEffect:
        """The same by counting everything again."""
        after = settle(self._ground, self._ground.without(judge, self._rounds).count())
        handed_in = sum(map(len, self.read[judge].values()))
        return compare(self._ground.rules, self._before, after, judge=judge, sheets=handed_in, most=most)

    def _few(self) -> FewChanges:
        return FewChanges(self._ground, self._before, self._sheets)

    def _read_by(self) -> dict[str, dict[str, list[str]]]:
        """The entries on which each judge handed in a sheet of their own, by round; judges by alias."""
        read: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for key in self._rounds:
            for entry, ballots in self._sheets[key].items():
                for one in ballots:
                    if not one.consensus:
                        read[one.judge].setdefault(key, []).append(entry)
        return dict(sorted(read.items()))


def _how_far(effect: SheetEffect) -> tuple[int, Fraction]:
    return effect.change.distance, abs(effect.change.shift or Fraction(0))
