"""What hangs on a judge where few entries change: counted from the places that these leave and come to.

The same as `compare` finds in whole standings, for a ground that `is_local`; the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from judging.domain.awards import AwardPlan, fill_levels, prize_gates
from judging.domain.boards import boards_of
from judging.domain.leaving_out.changes import Change, change_of
from judging.domain.leaving_out.comparing import furthest, most_shifted, prize_changes
from judging.domain.leaving_out.cuts import Cut, Cuts, Sheets, cut
from judging.domain.leaving_out.ground import Ground, Outcome, Standings
from judging.domain.leaving_out.lanes import Gates, Lanes
from judging.domain.leaving_out.orders import Order
from judging.domain.leaving_out.values import GatePassed, JudgeEffect, Onward, PrizeChange, RankChange
from judging.domain.rules import Award, Board, Gate, GateScope, Round

Changes = Mapping[str, Change]
"""By round."""


class FewChanges:
    """The outcome with all sheets, and what would be otherwise without one judge's."""

    def __init__(self, ground: Ground, before: Outcome, sheets: Mapping[str, Sheets]) -> None:
        self._ground = ground
        self._rules = ground.rules
        self._before = before
        self._sheets = sheets
        self._orders = {
            judged.key: Order(ground, judged, before.standings, sheets[judged.key]) for judged in ground.rules.rounds
        }
        self._gates = Gates(ground.rules, self._orders)
        self._lanes: dict[tuple[str, tuple[str, ...], Board], Lanes] = {}

    def cuts(self, judge: str, read: Mapping[str, Sequence[str]]) -> Cuts:
        """What is left without the judge of the entries that the judge has `read`, by round."""
        return {
            key: {entry: cut(self._ground, key, self._sheets[key][entry], judge) for entry in own}
            for key, own in read.items()
        }

    def alone(self, cuts: Cuts) -> Iterator[RankChange]:
        """Where each of the entries would stand in its round if no other changed."""
        for key, own in cuts.items():
            for entry, left in own.items():
                yield self._alone(key, entry, left)

    def effect(self, judge: str, cuts: Cuts, *, most: int | None = None) -> JudgeEffect:
        """What would be otherwise without the judge, when the `cuts` are what is left."""
        gone = frozenset(entry for own in cuts.values() for entry in own)
        changes = {key: change_of(order, cuts, gone) for key, order in self._orders.items()}
        own = [one for change in changes.values() for one in change.of_read()]
        moved = [one for one in own if one.distance]
        others = [one for change in changes.values() for one in change.of_others(most)]
        extents = [change.exchange.extent() for change in changes.values()]
        return JudgeEffect(
            judge=judge,
            sheets=sum(map(len, cuts.values())),
            ranks=tuple(sorted([*moved, *others], key=furthest)[:most]),
            moved=len(moved) + sum(count for count, _ in extents),
            distance=sum(one.distance for one in moved) + sum(distance for _, distance in extents),
            largest=min((one for one in own if one.shift), key=most_shifted, default=None),
            without_sheet=tuple(sorted(one for one in own if one.after is None)),
            onward=tuple(self._onward(changes)),
            gates=tuple(self._passed(cuts)),
            prizes=self._prizes(changes),
        )

    def _alone(self, key: str, entry: str, left: Cut | None) -> RankChange:
        order = self._orders[key]
        before = order.standings[entry]
        if left is None:
            return RankChange(key, entry, before.rank, None, None)
        after = change_of(order, {key: {entry: left}}, (entry,)).exchange.ranks()[entry]
        return RankChange(key, entry, before.rank, after, left.score.value - before.score.value)

    def _onward(self, changes: Changes) -> Iterator[Onward]:
        for judged in self._rules.rounds[:-1]:
            old = self._before.onward[judged.key]
            new = self._who_goes_on(judged, old, changes[judged.key])
            yield from (Onward(judged.key, entry, would=entry not in old) for entry in sorted(old ^ new))

    def _who_goes_on(self, judged: Round, old: frozenset[str], change: Change) -> frozenset[str]:
        """The same as `advancing` finds: those who clear the gates, as many of each board as the quota says."""
        gates = [one for one in self._rules.gates if one.scope is GateScope.ADVANCE and one.round == judged.key]
        if judged.quota is None:
            lanes = self._lanes_of(judged.key, gates, Board.CONTEST)
            return old.difference(change.gone).union(rung.entry for rung in lanes.fit(change))
        lanes = self._lanes_of(judged.key, gates, judged.quota.board)
        inside: set[str] = set()
        for board in boards_of(self._rules, judged.quota.board):
            left = judged.quota.places
            for share in lanes.shares(board, change):
                inside.update(rung.entry for rung in share)
                left -= len(share)
                if left <= 0:
                    break
        return frozenset(inside)

    def _passed(self, cuts: Cuts) -> Iterator[GatePassed]:
        """Gates that another side of an entry is on; one left without a sheet has nothing to hold against a gate."""
        for gate in self._rules.gates:
            places = self._orders[gate.round].ladder.places
            changed = cuts.get(gate.round, {})
            for entry in sorted(changed, key=places.__getitem__):
                would = self._gates.clears(gate, entry, cuts)
                if changed[entry] is not None and would != self._gates.clears(gate, entry, {}):
                    yield GatePassed(gate.key, entry, would)

    def _prizes(self, changes: Changes) -> tuple[PrizeChange, ...]:
        prizes, before = self._ground.prizes, self._before.plan
        if prizes is None or before is None:
            return ()
        # Who is no rule of ours may look at all of the standings.
        after = self._by_rules(changes) if self._ground.by_rules else prizes(self._whole(changes))
        return prize_changes(self._rules, before, after)

    def _by_rules(self, changes: Changes) -> AwardPlan:
        """The same as `grant_awards` finds."""
        last = self._rules.rounds[-1].key

        def candidates(award: Award, board: str) -> Iterator[Sequence[str]]:
            lanes = self._lanes_of(last, prize_gates(self._rules, award), award.board)
            return ([rung.entry for rung in share] for share in lanes.shares(board, changes[last]))

        return fill_levels(self._rules, candidates)

    def _whole(self, changes: Changes) -> Standings:
        return {key: change.order.standings_after(change.exchange, change.cuts) for key, change in changes.items()}

    def _lanes_of(self, key: str, gates: Sequence[Gate], board: Board) -> Lanes:
        asked = (key, tuple(gate.key for gate in gates), board)
        if asked not in self._lanes:
            self._lanes[asked] = Lanes(self._rules, self._orders[key], self._gates, gates, board)
        return self._lanes[asked]
