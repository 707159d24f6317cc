"""The lifecycle of a score sheet, as a table, and when an entry is locked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from judging.domain.moves import Guard, Move
from judging.domain.roles import Role
from judging.errors import N_


class SheetState(StrEnum):
    """Where one judge's sheet for one entry stands. `written-off` ends a missing sheet by a named decision."""

    ASSIGNED = "assigned"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    REOPENED = "reopened"
    RECUSED = "recused"
    REASSIGNED = "reassigned"
    WRITTEN_OFF = "written-off"


SHEET_LABELS: Mapping[SheetState, str] = {
    SheetState.ASSIGNED: N_("Not begun"),
    SheetState.DRAFT: N_("Draft"),
    SheetState.SUBMITTED: N_("Submitted"),
    SheetState.REOPENED: N_("Reopened"),
    SheetState.RECUSED: N_("Recused"),
    SheetState.REASSIGNED: N_("Given to another judge"),
    SheetState.WRITTEN_OFF: N_("Written off"),
}

SETTLED_SHEETS = frozenset(
    {
        SheetState.SUBMITTED,
        SheetState.RECUSED,
        SheetState.REASSIGNED,
        SheetState.WRITTEN_OFF,
    }
)
"""States in which nothing more is awaited from a sheet."""

_JUDGE = frozenset({Role.JUDGE, Role.CHAIR})
_DESK = frozenset({Role.SECRETARY, Role.ORGANISER})
_OFFICE = frozenset({Role.ORGANISER, Role.CHAIR})
_UNFINISHED = (SheetState.ASSIGNED, SheetState.DRAFT, SheetState.REOPENED)


def _work(source: SheetState, target: SheetState, guard: Guard, effect: str = "") -> Move[SheetState]:
    return Move(source=source, target=target, roles=_JUDGE, guard=guard, effect=effect, onward=True)


SHEET_MOVES: tuple[Move[SheetState], ...] = (
    *(_work(source, SheetState.DRAFT, Guard.ROUND_OPEN) for source in (SheetState.ASSIGNED, SheetState.REOPENED)),
    # A sheet filled in offline arrives whole: it is submitted without ever having been a draft here.
    *(
        _work(source, SheetState.SUBMITTED, Guard.MARKS_COMPLETE, "keep-version")
        for source in (SheetState.DRAFT, SheetState.ASSIGNED, SheetState.REOPENED)
    ),
    Move(
        source=SheetState.SUBMITTED,
        target=SheetState.REOPENED,
        roles=_DESK | _OFFICE,
        guard=Guard.ROUND_OPEN,
        effect="keep-version",
        needs_reason=True,
    ),
    # A conflict may come to light after the marks are in.
    *(
        Move(source=source, target=SheetState.RECUSED, roles=_JUDGE | _DESK, effect="hide-entry", needs_reason=True)
        for source in (*_UNFINISHED, SheetState.SUBMITTED)
    ),
    *(
        Move(source=source, target=SheetState.REASSIGNED, roles=_DESK, effect="assign-other", needs_reason=True)
        for source in _UNFINISHED
    ),
    *(Move(source=source, target=SheetState.WRITTEN_OFF, roles=_OFFICE, needs_reason=True) for source in _UNFINISHED),
)


def is_locked(states: Iterable[SheetState]) -> bool:
    """Whether an entry with sheets in these states is locked: nothing is awaited, and at least one sheet is submitted.

    Only then may its judges see each other's marks and the office see marks at all. An entry without sheets, or with
    recusals only, is not locked: it has no score yet.
    """
    states = tuple(states)
    return SheetState.SUBMITTED in states and all(state in SETTLED_SHEETS for state in states)
