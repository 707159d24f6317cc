"""Those of a round who clear gates, board by board in their order: from them places and prizes are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from judging.domain.boards import board_of
from judging.domain.gates import passes
from judging.domain.leaving_out.changes import Change
from judging.domain.leaving_out.cuts import Cut, Cuts
from judging.domain.leaving_out.ladder import Ladder, Rung, Share
from judging.domain.leaving_out.orders import Order
from judging.domain.rules import Board, ContestRules, Gate
from judging.domain.values import Standing

_EMPTY = Ladder(())


class Gates:
    """Which entries clear which gates, with all sheets and without some."""

    def __init__(self, rules: ContestRules, orders: Mapping[str, Order]) -> None:
        self._rubrics = {judged.key: judged.rubric for judged in rules.rounds}
        self._clear = {
            gate.key: {entry for entry, one in orders[gate.round].standings.items() if self._passes(gate, one)}
            for gate in rules.gates
        }

    def clears(self, gate: Gate, entry: str, cuts: Cuts) -> bool:
        """Whether the entry clears the gate with the sheets that are left; without any it does not."""
        changed = cuts.get(gate.round, {})
        if entry not in changed:
            return entry in self._clear[gate.key]
        cut = changed[entry]
        return cut is not None and self._passes(gate, cut)

    def _passes(self, gate: Gate, held: Standing | Cut) -> bool:
        return passes(gate, held, self._rubrics[gate.round])


class Lanes:
    """The entries of a round that clear all of some gates, on each board of a sort."""

    def __init__(self, rules: ContestRules, order: Order, cleared: Gates, gates: Sequence[Gate], board: Board) -> None:
        self._cleared = cleared
        self._gates = gates
        self._boards = {entry: board_of(rules, board, one) for entry, one in order.standings.items()}
        inside: dict[str | None, set[str]] = {}
        for entry, key in self._boards.items():
            if self._is_fit(entry, {}):
                inside.setdefault(key, set()).add(entry)
        self._ladders = {key: order.ladder.only(entries) for key, entries in inside.items()}

    def shares(self, board: str, change: Change) -> Iterator[Share]:
        """Those on the board in the order after the change; those that nothing parts come together."""
        come = [rung for rung in self.fit(change) if self._boards[rung.entry] == board]
        return self._ladders.get(board, _EMPTY).exchange(change.gone, come).shares()

    def fit(self, change: Change) -> Iterator[Rung]:
        """Those of the changed entries who clear the gates after the change."""
        return (rung for rung in change.come if self._is_fit(rung.entry, change.cuts))

    def _is_fit(self, entry: str, cuts: Cuts) -> bool:
        return all(self._cleared.clears(gate, entry, cuts) for gate in self._gates)
