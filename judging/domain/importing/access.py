"""Who may bring entries in from a table, and when."""

from __future__ import annotations

from judging.domain.contest_phases import ContestPhase
from judging.domain.permissions import Actor, Role

_TAKES_TABLES = frozenset({ContestPhase.OPEN, ContestPhase.CLOSED, ContestPhase.SCREENING})


def can_import_entries(actor: Actor, *, phase: ContestPhase) -> bool:
    """The office, while the contest takes entries and until its dossiers are screened."""
    return actor.has(Role.SECRETARY, Role.ORGANISER) and phase in _TAKES_TABLES
