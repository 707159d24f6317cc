"""Leave one judge out after another, and say on whom most hangs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from judging.domain.leaving_out.comparing import compare
from judging.domain.leaving_out.ground import Ground, Standings, is_own, settle
from judging.domain.leaving_out.ladder import Ladder, Sheets, alter, sheets_in_play
from judging.domain.leaving_out.sheets import sheet_effects
from judging.domain.leaving_out.values import JudgeEffect, Report
from judging.domain.values import Ballot

NAMED = 5
"""How many of the entries that move are named for each judge where all judges are looked at."""

SHEETS_NAMED = 10

# Tie-breaks by which a round's order depends on sheets of another.
_BY_NEIGHBOURS = frozenset({"earlier-round", "later-round"})


def leave_each_out(
    ground: Ground, rounds: Sequence[str], *, most: int | None = NAMED, sheets: int | None = SHEETS_NAMED
) -> Report:
    """The report over all judges of these rounds: what hangs on each, and the sheets that stand furthest apart.

    Exact, by the contest's own rules, whatever their ways of combining sheets. Raises NotRecountable for one that
    nobody offers.
    """
    counting = _Counting(ground, rounds)
    effects = [counting.effect(judge, most=most) for judge in sorted(counting.handed_in)]
    report = Report(
        rounds=tuple(rounds),
        prizes=ground.prizes is not None,
        judges=tuple(sorted(effects, key=lambda one: one.weight, reverse=True)),
    )
    return counting.with_sheets(report, sheets) if ground.is_local else report


def leave_out(ground: Ground, rounds: Sequence[str], judge: str) -> JudgeEffect | None:
    """What hangs on one judge, every entry that moves named; None for a judge without a sheet of their own there."""
    counting = _Counting(ground, rounds)
    return counting.effect(judge) if judge in counting.handed_in else None


class _Counting:
    """The outcome with all sheets, and what it takes to count it without some."""

    def __init__(self, ground: Ground, rounds: Sequence[str]) -> None:
        self._ground = ground
        self._rounds = rounds
        self._before = settle(ground, ground.count())
        self._sheets: Mapping[str, Sheets] = sheets_in_play(ground)
        self._ladders = {
            judged.key: Ladder(ground, judged, self._before.standings, self._sheets) for judged in ground.rules.rounds
        }
        self._local = ground.is_local
        self._linked = not _BY_NEIGHBOURS.isdisjoint(ground.rules.tie_breaks)
        self._read = self._read_by()
        self.handed_in = {judge: sum(map(len, own.values())) for judge, own in self._read.items()}

    def effect(self, judge: str, *, most: int | None = None) -> JudgeEffect:
        """What would be otherwise without the judge."""
        standings = self._reordered(judge) if self._local else self._ground.without(judge, self._rounds).count()
        after = settle(self._ground, standings)
        return compare(self._ground.rules, self._before, after, judge=judge, sheets=self.handed_in[judge], most=most)

    def with_sheets(self, report: Report, most: int | None) -> Report:
        """The report with what single sheets do."""
        found = sheet_effects(
            self._ground, self._rounds,
            standings=self._before.standings, sheets=self._sheets, ladders=self._ladders,
        )  # fmt: skip
        movers = [one for one in found if one.change.distance]
        mover = max(movers, key=lambda one: (one.change.distance, abs(one.change.shift or 0)), default=None)
        return replace(report, sheets=tuple(found[:most]), mover=mover)

    def _read_by(self) -> dict[str, dict[str, list[str]]]:
        """The entries on which each judge handed in a sheet of their own, by round."""
        read: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for key in self._rounds:
            for entry, ballots in self._sheets[key].items():
                for one in ballots:
                    if not one.consensus:
                        read[one.judge].setdefault(key, []).append(entry)
        return dict(read)

    def _reordered(self, judge: str) -> Standings:
        altered = alter(
            self._ground,
            {
                key: {entry: self._left(key, entry, judge) for entry in entries}
                for key, entries in self._read[judge].items()
            },
        )
        return {
            key: self._ladders[key].reorder(altered) if self._linked or key in altered.sheets else standings
            for key, standings in self._before.standings.items()
        }

    def _left(self, key: str, entry: str, judge: str) -> list[Ballot]:
        return [one for one in self._sheets[key][entry] if not is_own(one, judge)]
