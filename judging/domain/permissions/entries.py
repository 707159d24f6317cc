"""Rights over entries: writing, seeing, screening, receiving, taking out."""

from __future__ import annotations

from judging.domain.lifecycle import ENDED_PHASES, ContestPhase, EntryState
from judging.domain.permissions.actors import DESK, READERS, Actor, Relation, judges_it
from judging.domain.roles import Role

_SCREENING_PHASES = frozenset({ContestPhase.OPEN, ContestPhase.CLOSED, ContestPhase.SCREENING})
_EDITABLE: dict[EntryState, frozenset[ContestPhase]] = {
    EntryState.DRAFT: frozenset({ContestPhase.OPEN}),
    EntryState.RETURNED: _SCREENING_PHASES,
}


def can_edit_entry(actor: Actor, relation: Relation, *, state: EntryState, phase: ContestPhase) -> bool:
    """Its authors: a draft while the contest is open, a returned entry until screening ends."""
    return actor.account_id is not None and relation.author and phase in _EDITABLE.get(state, ())


def can_see_entry(actor: Actor, relation: Relation) -> bool:
    """Authors, guardians, its judges until they recuse, the panel's chair, the office and the auditor.

    A recusal closes the entry to the judge at once, whatever office the judge also holds.
    """
    if relation.recused:
        return False
    people = relation.author or relation.coauthor or relation.guardian
    return people or judges_it(actor, relation) or actor.has(*READERS)


def can_see_entry_list(actor: Actor) -> bool:
    """The list of all entries with their states: the office and the auditor."""
    return actor.has(*READERS)


def can_see_file(actor: Actor, relation: Relation, *, office_only: bool) -> bool:
    """As the entry itself; office-only papers (proof of age) go to who made it, guardians, the desk and auditor."""
    if not can_see_entry(actor, relation):
        return False
    if not office_only:
        return True
    return relation.author or relation.guardian or actor.has(*DESK, Role.AUDITOR)


def can_see_author_names(actor: Actor, relation: Relation, *, blind: bool) -> bool:
    """Whether this actor, on seeing the entry, sees who made it; names on public pages depend on consents instead."""
    if not can_see_entry(actor, relation):
        return False
    if relation.author or relation.coauthor or relation.guardian:
        return True
    return not blind if judges_it(actor, relation) else actor.has(*READERS)


def can_screen(actor: Actor, *, phase: ContestPhase) -> bool:
    """The secretary and the organiser, until judging begins."""
    return actor.has(*DESK) and phase in _SCREENING_PHASES


def can_receive(actor: Actor) -> bool:
    """Receive physical items of a dossier, at whatever time they come: the secretary and the organiser."""
    return actor.has(*DESK)


def can_decide_late(actor: Actor) -> bool:
    """Admit an entry handed in after the deadline: the organiser, by name and with a reason."""
    return actor.has(Role.ORGANISER)


def can_remove_entry(actor: Actor, *, phase: ContestPhase) -> bool:
    """Take an entry out: the desk at its author's request, organiser and committee by a decision, until the end.

    Which of the two each may do is in the table of the entry's moves.
    """
    return actor.has(*DESK, Role.COMMITTEE) and phase not in ENDED_PHASES
