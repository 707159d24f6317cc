"""Rights of the office over the contest: settings, people, standings, prizes, publication, record."""

from __future__ import annotations

from judging.domain.lifecycle import ENDED_PHASES, POSTING_PHASES, RESULT_PUBLIC_PHASES, ContestPhase
from judging.domain.permissions.actors import JUDGES, READERS, Actor, Relation, is_party
from judging.domain.roles import Role

_AWARDING_PHASES = frozenset({ContestPhase.JUDGING, ContestPhase.DELIBERATION, ContestPhase.RECHECK})
_PUBLISHING_PHASES = frozenset(
    {
        ContestPhase.JUDGING,
        ContestPhase.DELIBERATION,
        ContestPhase.APPROVED,
        ContestPhase.POSTED,
        ContestPhase.DECIDED,
    }
)
_CHAIR_PHASES = frozenset(
    {
        ContestPhase.DELIBERATION,
        ContestPhase.APPROVED,
        ContestPhase.POSTED,
        ContestPhase.DECIDED,
        ContestPhase.RECHECK,
    }
)


def can_configure(actor: Actor, *, phase: ContestPhase) -> bool:
    """Change the contest's settings: the organiser, until the end; after opening each change is an amendment."""
    return actor.has(Role.ORGANISER) and phase not in ENDED_PHASES


def can_manage_people(actor: Actor) -> bool:
    """Give and take roles in the contest: the organiser and the installation's administrator."""
    return actor.has(Role.ORGANISER, Role.ADMINISTRATOR)


def can_see_standings(actor: Actor, *, phase: ContestPhase) -> bool:
    """Scores and ranks of the whole contest: the office and the auditor at any time, others once public.

    Whoever judges in the contest waits like a judge, a panel's chair too.
    """
    return phase in RESULT_PUBLIC_PHASES or (actor.has(*READERS) and not actor.has(*JUDGES))


def can_see_panel_standings(actor: Actor, *, phase: ContestPhase) -> bool:
    """Scores and ranks among the entries of the panels that the actor heads: from deliberation until all are public."""
    return actor.has(Role.CHAIR) and phase in _CHAIR_PHASES


def can_see_judge_effects(actor: Actor, relation: Relation) -> bool:
    """What hangs on each judge, by name: organiser and auditor, unless they judge or have an entry in the contest.

    `relation` is to the contest as a whole; `relation.assigned` is judging, or having judged, anything in it. Not
    before a round is closed, which is the caller's matter.
    """
    return actor.has(Role.ORGANISER, Role.AUDITOR) and not is_party(actor, relation)


def can_see_posting(actor: Actor, *, phase: ContestPhase) -> bool:
    """The list of winners: everybody once it is posted, readers of the standings before."""
    return phase in POSTING_PHASES or can_see_standings(actor, phase=phase)


def can_see_results(actor: Actor, *, phase: ContestPhase) -> bool:
    """The results page as the public has it: everybody once published, before that a preview."""
    return phase in RESULT_PUBLIC_PHASES or can_see_standings(actor, phase=phase)


def can_grant_awards(actor: Actor, *, phase: ContestPhase) -> bool:
    """Settle the prizes: the organiser, when judging ends."""
    return actor.has(Role.ORGANISER) and phase in _AWARDING_PHASES


def can_publish(actor: Actor, *, phase: ContestPhase) -> bool:
    """Publish the results, passing the steps in between: the organiser, once judging has begun."""
    return actor.has(Role.ORGANISER) and phase in _PUBLISHING_PHASES


def can_see_audit_log(actor: Actor) -> bool:
    """The record of every act that matters: the organiser and the auditor."""
    return actor.has(Role.ORGANISER, Role.AUDITOR)
