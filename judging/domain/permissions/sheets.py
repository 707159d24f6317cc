"""Rights over readings and sheets: planning, scoring, stepping back, ending, seeing."""

from __future__ import annotations

from judging.domain.lifecycle import ContestPhase, SheetState
from judging.domain.permissions.actors import DESK, JUDGES, READERS, Actor, Relation, judges_it
from judging.domain.roles import Role

_ASSIGNING_PHASES = frozenset({ContestPhase.CLOSED, ContestPhase.SCREENING, ContestPhase.JUDGING})
_SCORABLE = frozenset({SheetState.ASSIGNED, SheetState.DRAFT, SheetState.REOPENED})


def can_assign(actor: Actor, *, phase: ContestPhase) -> bool:
    """Plan and change who judges what: the desk, from the closing of entries to the end of judging."""
    return actor.has(*DESK) and phase in _ASSIGNING_PHASES


def can_score(
    actor: Actor, relation: Relation, *, state: SheetState, phase: ContestPhase, round_open: bool = True
) -> bool:
    """Write on one's own sheet: its judge, while the round is open and the sheet is not submitted."""
    return (
        actor.has(*JUDGES) and relation.scores and not (relation.author or relation.coauthor)
        and phase is ContestPhase.JUDGING and round_open and state in _SCORABLE
    )  # fmt: skip


def can_type_paper(actor: Actor, *, phase: ContestPhase) -> bool:
    """Type sheets off paper: the desk, during judging, and nobody who judges in the contest."""
    return phase == ContestPhase.JUDGING and actor.has(*DESK) and not actor.has(*JUDGES)


def can_recuse(actor: Actor, relation: Relation) -> bool:
    """Step back from an entry: its judge, at any time."""
    return actor.has(*JUDGES) and relation.scores


def can_reopen_sheet(actor: Actor, relation: Relation, *, phase: ContestPhase) -> bool:
    """Give a submitted sheet back to its judge, with a reason: the desk and the panel's chair, during judging.

    Never one's own (`relation.assigned`), whatever the office: whoever could would read the others' totals first.
    """
    allowed = actor.has(*DESK) or (actor.has(Role.CHAIR) and relation.chairs)
    return allowed and not relation.assigned and not relation.recused and phase is ContestPhase.JUDGING


def can_write_off(actor: Actor, relation: Relation, *, phase: ContestPhase) -> bool:
    """End a missing sheet by a named decision: the organiser and the panel's chair, during judging."""
    allowed = actor.has(Role.ORGANISER) or (actor.has(Role.CHAIR) and relation.chairs)
    return allowed and not relation.recused and phase is ContestPhase.JUDGING


def can_see_sheets(actor: Actor, relation: Relation, *, own: bool, locked: bool) -> bool:
    """The individual marks: a judge one's own; another's only once the entry is locked, and so the office too.

    Before that the office sees counts and gaps (`can_see_progress`). The auditor reads them at any time. Whoever judges
    in the contest has what a judge has, whatever their office. An author never sees sheets here: what authors are told
    is a publication.
    """
    if relation.recused or relation.author or relation.coauthor:
        return False
    if own:
        return actor.has(*JUDGES) and relation.scores
    if actor.has(*JUDGES):
        return locked and judges_it(actor, relation)
    return actor.has(Role.AUDITOR) or (locked and actor.has(*READERS))


def can_see_progress(actor: Actor) -> bool:
    """Counts of sheets and gaps between judges, without marks: the office and the auditor, unless they judge."""
    return actor.has(*READERS) and not actor.has(*JUDGES)
