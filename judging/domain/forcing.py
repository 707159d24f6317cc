"""An assignment in spite of a conflict of interest: proposed by one person, approved by another, never to an author."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import (
    Actor,
    Relation,
    Role,
    can_assign,
    can_decide_override,
    can_propose_override,
    can_see_overrides,
)
from judging.errors import N_


class ForceState(StrEnum):
    """Only `approved` lifts a conflict, and only those conflicts that stood then."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


FORCE_LABELS: Mapping[ForceState, str] = {
    ForceState.PROPOSED: N_("Waits for a second person"),
    ForceState.APPROVED: N_("Approved by a second person"),
    ForceState.REJECTED: N_("Proposal rejected"),
    ForceState.WITHDRAWN: N_("Proposal withdrawn"),
}


def can_propose_force(actor: Actor, relation: Relation, *, phase: ContestPhase) -> bool:
    """Propose to assign in spite of a conflict: the organiser, while judges are assigned at all.

    As with decisions over sheets, not whoever judges in the contest or has made the entry.
    """
    return can_assign(actor, phase=phase) and can_propose_override(actor, relation, locked=True)


def can_decide_force(actor: Actor, relation: Relation, *, proposed_by: str) -> bool:
    """Approve or reject it: a second person of organisers and committee, with the same exceptions."""
    return can_decide_override(actor, relation, proposed_by=proposed_by)


def can_see_conflicts(actor: Actor) -> bool:
    """The conflicts of a contest, with names: office, committee and auditor, unless they judge in it."""
    return can_see_overrides(actor)


def can_settle_conflicts(actor: Actor) -> bool:
    """Set, and set aside, conflicts of others: the desk, and nobody who judges in the contest."""
    return actor.has(Role.SECRETARY, Role.ORGANISER) and not actor.has(Role.JUDGE, Role.CHAIR)
