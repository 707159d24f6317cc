"""Who may see that entries look alike, and who may say what came of it."""

from __future__ import annotations

from judging.domain.permissions import Actor, Relation
from judging.domain.roles import Role

_DESK = (Role.SECRETARY, Role.ORGANISER)
_READERS = (*_DESK, Role.COMMITTEE, Role.AUDITOR)
_JUDGES = (Role.JUDGE, Role.CHAIR)


def can_see_similar(actor: Actor) -> bool:
    """The office and the auditor, unless they judge in the contest: a hint must not weigh on a mark."""
    return actor.has(*_READERS) and not actor.has(*_JUDGES)


def can_settle_similar(actor: Actor, relation: Relation) -> bool:
    """Say that two entries are the same or not: the desk, for entries that are not their own."""
    return can_see_similar(actor) and actor.has(*_DESK) and not (relation.author or relation.guardian)
