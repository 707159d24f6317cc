"""The lifecycle of an entry, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.moves import Guard, Move
from judging.domain.roles import Role
from judging.errors import N_


class EntryState(StrEnum):
    """Where an entry stands. `late` was handed in after the deadline and waits for a named decision."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    LATE = "late"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    IN_ROUND = "in-round"
    ADVANCED = "advanced"
    ELIMINATED = "eliminated"
    AWARDED = "awarded"
    NOT_AWARDED = "not-awarded"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"


ENTRY_LABELS: Mapping[EntryState, str] = {
    EntryState.DRAFT: N_("Draft"),
    EntryState.SUBMITTED: N_("Submitted"),
    EntryState.RETURNED: N_("Returned to complete"),
    EntryState.LATE: N_("Late, waiting for a decision"),
    EntryState.ELIGIBLE: N_("Eligible"),
    EntryState.INELIGIBLE: N_("Not eligible"),
    EntryState.IN_ROUND: N_("Being judged"),
    EntryState.ADVANCED: N_("Goes on to the next round"),
    EntryState.ELIMINATED: N_("Did not go on"),
    EntryState.AWARDED: N_("Won a prize"),
    EntryState.NOT_AWARDED: N_("No prize"),
    EntryState.WITHDRAWN: N_("Withdrawn"),
    EntryState.DISQUALIFIED: N_("Disqualified"),
}

_AUTHOR = frozenset({Role.CONTESTANT})
_DESK = frozenset({Role.SECRETARY, Role.ORGANISER})
_OFFICE = frozenset({Role.ORGANISER})
_COMMITTEE = frozenset({Role.ORGANISER, Role.COMMITTEE})

S = EntryState


def _onward(
    source: EntryState, target: EntryState, roles: frozenset[Role], guard: Guard = Guard.NONE
) -> Move[EntryState]:
    return Move(source=source, target=target, roles=roles, guard=guard, onward=True)


def _decided(source: EntryState, target: EntryState, roles: frozenset[Role]) -> Move[EntryState]:
    return Move(source=source, target=target, roles=roles, needs_reason=True)


ENTRY_MOVES: tuple[Move[EntryState], ...] = (
    Move(
        source=S.DRAFT,
        target=S.SUBMITTED,
        roles=_AUTHOR,
        guard=Guard.DOSSIER_COMPLETE,
        effect="give-receipt",
        onward=True,
    ),
    Move(source=S.DRAFT, target=S.LATE, roles=_AUTHOR, guard=Guard.AFTER_DEADLINE, effect="give-receipt"),
    _decided(S.LATE, S.SUBMITTED, _OFFICE),
    _decided(S.LATE, S.INELIGIBLE, _DESK),
    _decided(S.SUBMITTED, S.RETURNED, _DESK),
    Move(
        source=S.RETURNED,
        target=S.SUBMITTED,
        roles=_AUTHOR,
        guard=Guard.DOSSIER_COMPLETE,
        effect="give-receipt",
        onward=True,
    ),
    _onward(S.SUBMITTED, S.ELIGIBLE, _DESK),
    _decided(S.SUBMITTED, S.INELIGIBLE, _DESK),
    _decided(S.RETURNED, S.INELIGIBLE, _DESK),
    _decided(S.ELIGIBLE, S.INELIGIBLE, _DESK),
    _decided(S.INELIGIBLE, S.ELIGIBLE, _DESK),
    _onward(S.ELIGIBLE, S.IN_ROUND, _DESK, Guard.ROUND_ASSIGNED),
    _onward(S.IN_ROUND, S.ADVANCED, _OFFICE),
    _onward(S.IN_ROUND, S.ELIMINATED, _OFFICE),
    _onward(S.ADVANCED, S.IN_ROUND, _DESK, Guard.ROUND_ASSIGNED),
    _decided(S.ELIMINATED, S.ADVANCED, _OFFICE),
    *(
        _onward(source, target, _OFFICE, Guard.RESULTS_OPEN)
        for source in (S.IN_ROUND, S.ADVANCED, S.ELIMINATED)
        for target in (S.AWARDED, S.NOT_AWARDED)
    ),
    # A re-check may change who wins, until the results are published.
    Move(source=S.AWARDED, target=S.NOT_AWARDED, roles=_OFFICE, guard=Guard.RESULTS_OPEN, needs_reason=True),
    Move(source=S.NOT_AWARDED, target=S.AWARDED, roles=_OFFICE, guard=Guard.RESULTS_OPEN, needs_reason=True),
    *(
        Move(source=source, target=S.WITHDRAWN, roles=_AUTHOR | _DESK)
        for source in (
            S.DRAFT,
            S.SUBMITTED,
            S.RETURNED,
            S.LATE,
            S.ELIGIBLE,
            S.IN_ROUND,
            S.ADVANCED,
        )
    ),
    *(
        _decided(source, S.DISQUALIFIED, _COMMITTEE)
        for source in (S.SUBMITTED, S.ELIGIBLE, S.IN_ROUND, S.ADVANCED, S.ELIMINATED, S.AWARDED, S.NOT_AWARDED)
    ),
)
