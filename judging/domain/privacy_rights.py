"""Who may do what with the data of people: requests, erasure, terms of keeping, proofs of age."""

from __future__ import annotations

from judging.domain.contest_phases import ENDED_PHASES, ContestPhase
from judging.domain.permissions.actors import DESK, Actor
from judging.domain.roles import Role


def can_erase_entry(actor: Actor) -> bool:
    """Erase the people of an entry: the organiser and the installation's administrator."""
    return actor.has(Role.ORGANISER, Role.ADMINISTRATOR)


def can_see_requests(actor: Actor, *, of_contest: bool) -> bool:
    """The requests about people's data: the desk of the contest that one is about, and the administrator."""
    return actor.has(Role.ADMINISTRATOR) or (of_contest and actor.has(*DESK))


def can_set_retention(actor: Actor) -> bool:
    """Say how long a contest's files are kept, and hold what must stay: the organiser and the administrator."""
    return actor.has(Role.ORGANISER, Role.ADMINISTRATOR)


def can_see_births(actor: Actor) -> bool:
    """Read the birth dates of authors: the secretary, the organiser and the auditor; an age band is for all others."""
    return actor.has(*DESK, Role.AUDITOR)


def can_check_age(actor: Actor, *, phase: ContestPhase) -> bool:
    """Verify authors' ages against their proofs: the secretary and the organiser, until the end."""
    return actor.has(*DESK) and phase not in ENDED_PHASES
