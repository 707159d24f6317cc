"""The lifecycles of contests, entries and score sheets, in one place for those who use them.

The tables stand in `contest_phases`, `entry_states` and `sheet_states`; what a move is stands in `moves`.
"""

from __future__ import annotations

from judging.domain.contest_phases import (
    CONTEST_LABELS,
    CONTEST_MOVES,
    ENDED_PHASES,
    MAIN_LINE,
    PASSABLE_PHASES,
    POSTING_PHASES,
    RESULT_PUBLIC_PHASES,
    ContestPhase,
)
from judging.domain.entry_states import ENTRY_LABELS, ENTRY_MOVES, EntryState
from judging.domain.moves import (
    GUARD_LABELS,
    Guard,
    Move,
    find_move,
    may_move,
    moves_from,
    path,
)
from judging.domain.override_states import OVERRIDE_LABELS, OverrideState
from judging.domain.sheet_states import SETTLED_SHEETS, SHEET_LABELS, SHEET_MOVES, SheetState, is_locked

__all__ = [
    "CONTEST_LABELS",
    "CONTEST_MOVES",
    "ENDED_PHASES",
    "ENTRY_LABELS",
    "ENTRY_MOVES",
    "GUARD_LABELS",
    "MAIN_LINE",
    "OVERRIDE_LABELS",
    "PASSABLE_PHASES",
    "POSTING_PHASES",
    "RESULT_PUBLIC_PHASES",
    "SETTLED_SHEETS",
    "SHEET_LABELS",
    "SHEET_MOVES",
    "ContestPhase",
    "EntryState",
    "Guard",
    "Move",
    "OverrideState",
    "SheetState",
    "find_move",
    "is_locked",
    "may_move",
    "moves_from",
    "path",
]
