"""The states in which a contest, an entry or a sheet is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from judging.domain.contest_phases import ContestPhase
from judging.domain.entry_states import EntryState
from judging.domain.sheet_states import SheetState
from tests.web.leaks.world import TODAY

if TYPE_CHECKING:
    from tests.web.leaks.world import World

_P, _E, _S = ContestPhase, EntryState, SheetState
_PENDING = ("pending", "pending")
_RUNNING = ("open", "pending")
_ENDED = ("advanced", "closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The contest in a phase, its two rounds and its entries in a state that goes with it.

    `rounds` is None before the contest has opened: then no rules are pinned either. `sheet` puts the sheet that is
    asked for into a state, and `submitted` asks for one that has a version.
    """

    name: str
    phase: ContestPhase
    rounds: tuple[str, str] | None
    entries: EntryState
    sheet: SheetState | None = None
    submitted: bool = False
    closes_in_days: int = -10

    def set_up(self, connection: Any, world: World) -> None:
        """Change the database of the world, where the contest is in judging, to this scene."""
        run = connection.execute
        resume = _P.JUDGING.value if self.phase is _P.SUSPENDED else None
        run("UPDATE contest SET phase = ?, resume_phase = ? WHERE id = ?", (self.phase.value, resume, world.contest))
        closes = TODAY + timedelta(days=self.closes_in_days)
        run("UPDATE contest SET closes_at = ? WHERE id = ?", (f"{closes:%Y-%m-%d %H:%M:%S.%f}", world.contest))
        if self.rounds is None:
            run("DELETE FROM contest_round WHERE contest_id = ?", (world.contest,))
            run(
                "UPDATE contest SET rules = NULL, rules_digest = NULL, kind_digest = NULL WHERE id = ?",
                (world.contest,),
            )
        for position, state in enumerate(self.rounds or ()):
            run(
                "UPDATE contest_round SET state = ? WHERE contest_id = ? AND position = ?",
                (state, world.contest, position),
            )
        run("UPDATE entry SET state = ? WHERE id = ?", (self.entries.value, world.entries["a"]))
        if self.phase is _P.PUBLISHED:
            run("UPDATE contest SET published_at = opens_at, decision = '12/QĐ' WHERE id = ?", (world.contest,))
        else:
            run(
                "UPDATE publication SET withdrawn_at = at, withdrawn_reason = 'Mẫu' WHERE contest_id = ?",
                (world.contest,),
            )
        if self.sheet is not None:
            run("UPDATE assignment SET state = ? WHERE id = ?", (self.sheet.value, self.subject_sheet(world)))

    def subject_sheet(self, world: World) -> str:
        """The sheet that addresses name: judge 3's draft, or the one that judge 3 has submitted."""
        return world.assignments["e-judge_3" if self.submitted else "a-judge_3"]


def _phase(phase: ContestPhase, rounds: tuple[str, str] | None, entries: EntryState, **values: Any) -> Scene:
    return Scene(name=phase.value, phase=phase, rounds=rounds, entries=entries, **values)


JUDGING = _phase(_P.JUDGING, _RUNNING, _E.IN_ROUND)

PHASES: tuple[Scene, ...] = (
    _phase(_P.DRAFT, None, _E.DRAFT),
    _phase(_P.ANNOUNCED, None, _E.DRAFT),
    _phase(_P.OPEN, _PENDING, _E.DRAFT, closes_in_days=30),
    _phase(_P.SCREENING, _PENDING, _E.SUBMITTED),
    JUDGING,
    _phase(_P.DELIBERATION, _ENDED, _E.IN_ROUND),
    _phase(_P.POSTED, _ENDED, _E.AWARDED),
    _phase(_P.PUBLISHED, _ENDED, _E.AWARDED),
    _phase(_P.SUSPENDED, _RUNNING, _E.IN_ROUND),
)

_PHASE_OF_ENTRY: Mapping[EntryState, tuple[ContestPhase, tuple[str, str]]] = {
    _E.DRAFT: (_P.OPEN, _PENDING),
    **dict.fromkeys((_E.LATE, _E.SUBMITTED, _E.RETURNED, _E.ELIGIBLE, _E.INELIGIBLE), (_P.SCREENING, _PENDING)),
    **dict.fromkeys((_E.IN_ROUND, _E.ELIMINATED, _E.WITHDRAWN, _E.DISQUALIFIED), (_P.JUDGING, _RUNNING)),
    _E.ADVANCED: (_P.JUDGING, ("advanced", "pending")),
    **dict.fromkeys((_E.AWARDED, _E.NOT_AWARDED), (_P.PUBLISHED, _ENDED)),
}

ENTRY_STATES: tuple[Scene, ...] = tuple(
    Scene(
        name=state.value,
        phase=_PHASE_OF_ENTRY[state][0],
        rounds=_PHASE_OF_ENTRY[state][1],
        entries=state,
        closes_in_days=30 if state is _E.DRAFT else -10,
    )
    for state in EntryState
)

SHEET_STATES: tuple[Scene, ...] = tuple(
    Scene(
        name=state.value,
        phase=_P.JUDGING,
        rounds=_RUNNING,
        entries=_E.IN_ROUND,
        sheet=state,
        submitted=state not in (_S.ASSIGNED, _S.DRAFT),
    )
    for state in SheetState
)
