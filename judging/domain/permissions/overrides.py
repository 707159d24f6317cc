"""Rights over decisions of two people about a submitted sheet."""

from __future__ import annotations

from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions.actors import JUDGES, READERS, SECOND_PERSONS, Actor, Relation, is_party
from judging.domain.roles import Role

_OVERRIDING_PHASES = frozenset({ContestPhase.JUDGING, ContestPhase.DELIBERATION, ContestPhase.RECHECK})


def is_override_time(phase: ContestPhase, *, withdrawn: bool) -> bool:
    """Whether sheets may be decided over: from judging to deliberation, and while a publication is `withdrawn`."""
    return phase in _OVERRIDING_PHASES or (phase is ContestPhase.PUBLISHED and withdrawn)


def can_propose_override(actor: Actor, relation: Relation, *, locked: bool) -> bool:
    """Propose other marks for a sheet, or its exclusion: the organiser, once the entry is locked.

    Not whoever judges in the contest or has made the entry; `relation.assigned` is judging anything in the contest.
    """
    return actor.has(Role.ORGANISER) and locked and not is_party(actor, relation)


def can_decide_override(actor: Actor, relation: Relation, *, proposed_by: str) -> bool:
    """Approve or reject what another proposed: a second person of organisers and committee.

    Not whoever judges in the contest or has made the entry, as with the proposal.
    """
    second = actor.account_id is not None and actor.account_id != proposed_by
    return second and actor.has(*SECOND_PERSONS) and not is_party(actor, relation)


def can_withdraw_override(actor: Actor, *, proposed_by: str) -> bool:
    """Take a proposal back: whoever made it, as long as they are an organiser."""
    return actor.has(Role.ORGANISER) and actor.account_id is not None and actor.account_id == proposed_by


def can_see_overrides(actor: Actor) -> bool:
    """The decisions over sheets with their reasons: office, auditor and second persons, unless they judge."""
    return actor.has(*READERS, *SECOND_PERSONS) and not actor.has(*JUDGES)
