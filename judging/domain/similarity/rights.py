"""Who may see that entries look alike, and who may say what came of it."""

from __future__ import annotations

from judging.domain.permissions.actors import DESK, JUDGES, READERS, Actor, Relation


def can_see_similar(actor: Actor) -> bool:
    """The office and the auditor, unless they judge in the contest: a hint must not weigh on a mark."""
    return actor.has(*READERS) and not actor.has(*JUDGES)


def can_settle_similar(actor: Actor, relation: Relation) -> bool:
    """Say that two entries are the same or not: the desk, for entries that are not their own."""
    return can_see_similar(actor) and actor.has(*DESK) and not (relation.author or relation.guardian)
