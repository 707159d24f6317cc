"""Judges and entries of one contest, and what tells who may judge what: for all tests of conflicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.permissions import Actor, Role
from judging.services.judges.conflicts.gate import barred_pairs

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Judge
    from tests.services.office import Office

WHY = "No other judge knows this field."


def itself(judge: Judge) -> Actor:
    return Actor(account_id=judge.account_id, roles=frozenset({Role.JUDGE}))


def barred(session: Session, held: Office) -> set[tuple[int, int]]:
    """The places of judges and entries that no plan may pair."""
    judges = {one.alias: place for place, one in enumerate(held.judges)}
    entries = {one.alias: place for place, one in enumerate(held.entries)}
    found = barred_pairs(session, contest=held.contest, entries=held.entries, judges=held.judges)
    return {(judges[judge], entries[entry]) for judge, entry in found}
