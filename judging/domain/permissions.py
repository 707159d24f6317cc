"""Who may do and see what in one contest: predicates over plain values.

Whether a refusal is told as "not yours" or "does not exist" is the web layer's matter. The auditor reads everything and
changes nothing. Where somebody judges and also holds an office, the judge's blindness wins.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from judging.domain.lifecycle import POSTING_PHASES, RESULT_PUBLIC_PHASES, ContestPhase, EntryState, SheetState
from judging.domain.roles import ROLE_LABELS, Role

__all__ = [
    "ROLE_LABELS", "Actor", "Relation", "Role", "can_assign", "can_configure", "can_decide_late", "can_decide_override",
    "can_edit_entry", "can_grant_awards", "can_manage_people", "can_propose_override", "can_publish", "can_receive",
    "can_recuse", "can_remove_entry", "can_reopen_sheet", "can_score", "can_screen", "can_see_audit_log",
    "can_see_author_names", "can_see_entry", "can_see_entry_list", "can_see_file", "can_see_judge_effects",
    "can_see_overrides", "can_see_panel_standings", "can_see_posting", "can_see_progress", "can_see_results",
    "can_see_sheets", "can_see_standings", "can_type_paper", "can_withdraw_override", "can_write_off",
    "is_override_time", "roles_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody and their roles in the contest at hand; a guest has no account and no role."""

    account_id: str | None = None
    roles: frozenset[Role] = frozenset()
    judge_alias: str | None = None

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What ties an actor to one entry. `recused` undoes `assigned`; `chairs` is heading the panel that scores it.

    `author` is the account that made it and may change it; a `coauthor` or `guardian` reads it.
    """

    author: bool = False
    coauthor: bool = False
    guardian: bool = False
    assigned: bool = False
    recused: bool = False
    chairs: bool = False

    @property
    def scores(self) -> bool:
        """Whether the actor is a judge of this entry now."""
        return self.assigned and not self.recused


_DESK = (Role.SECRETARY, Role.ORGANISER)
_SECOND_PERSONS = (Role.ORGANISER, Role.COMMITTEE)
_READERS = (Role.SECRETARY, Role.ORGANISER, Role.COMMITTEE, Role.AUDITOR)
_JUDGES = (Role.JUDGE, Role.CHAIR)

_SCREENING_PHASES = frozenset({ContestPhase.OPEN, ContestPhase.CLOSED, ContestPhase.SCREENING})
_ASSIGNING_PHASES = frozenset({ContestPhase.CLOSED, ContestPhase.SCREENING, ContestPhase.JUDGING})
_OVERRIDING_PHASES = frozenset({ContestPhase.JUDGING, ContestPhase.DELIBERATION, ContestPhase.RECHECK})
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
_ENDED_PHASES = frozenset({ContestPhase.ARCHIVED, ContestPhase.CANCELLED})
_CHAIR_PHASES = frozenset(
    {
        ContestPhase.DELIBERATION,
        ContestPhase.APPROVED,
        ContestPhase.POSTED,
        ContestPhase.DECIDED,
        ContestPhase.RECHECK,
    }
)

_EDITABLE: dict[EntryState, frozenset[ContestPhase]] = {
    EntryState.DRAFT: frozenset({ContestPhase.OPEN}),
    EntryState.RETURNED: _SCREENING_PHASES,
}

_SCORABLE = frozenset({SheetState.ASSIGNED, SheetState.DRAFT, SheetState.REOPENED})


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
    return people or _judges_it(actor, relation) or actor.has(*_READERS)


def can_see_entry_list(actor: Actor) -> bool:
    """The list of all entries with their states: the office and the auditor."""
    return actor.has(*_READERS)


def can_see_file(actor: Actor, relation: Relation, *, office_only: bool) -> bool:
    """As the entry itself; office-only papers (proof of age) go to who made it, guardians, the desk and auditor."""
    if not can_see_entry(actor, relation):
        return False
    if not office_only:
        return True
    return relation.author or relation.guardian or actor.has(*_DESK, Role.AUDITOR)


def can_see_author_names(actor: Actor, relation: Relation, *, blind: bool) -> bool:
    """Whether this actor, on seeing the entry, sees who made it; names on public pages depend on consents instead."""
    if not can_see_entry(actor, relation):
        return False
    if relation.author or relation.coauthor or relation.guardian:
        return True
    return not blind if _judges_it(actor, relation) else actor.has(*_READERS)


def can_screen(actor: Actor, *, phase: ContestPhase) -> bool:
    """The secretary and the organiser, until judging begins."""
    return actor.has(*_DESK) and phase in _SCREENING_PHASES


def can_receive(actor: Actor) -> bool:
    """Receive physical items of a dossier, at whatever time they come: the secretary and the organiser."""
    return actor.has(*_DESK)


def can_decide_late(actor: Actor) -> bool:
    """Admit an entry handed in after the deadline: the organiser, by name and with a reason."""
    return actor.has(Role.ORGANISER)


def can_remove_entry(actor: Actor, *, phase: ContestPhase) -> bool:
    """Take an entry out: the desk at its author's request, organiser and committee by a decision, until the end.

    Which of the two each may do is in the table of the entry's moves.
    """
    return actor.has(*_DESK, Role.COMMITTEE) and phase not in _ENDED_PHASES


def can_configure(actor: Actor, *, phase: ContestPhase) -> bool:
    """Change the contest's settings: the organiser, until the end; after opening each change is an amendment."""
    return actor.has(Role.ORGANISER) and phase not in _ENDED_PHASES


def can_manage_people(actor: Actor) -> bool:
    """Give and take roles in the contest: the organiser and the installation's administrator."""
    return actor.has(Role.ORGANISER, Role.ADMINISTRATOR)


def can_assign(actor: Actor, *, phase: ContestPhase) -> bool:
    """Plan and change who judges what: the desk, from the closing of entries to the end of judging."""
    return actor.has(*_DESK) and phase in _ASSIGNING_PHASES


def can_score(
    actor: Actor, relation: Relation, *, state: SheetState, phase: ContestPhase, round_open: bool = True
) -> bool:
    """Write on one's own sheet: its judge, while the round is open and the sheet is not submitted."""
    return (
        actor.has(*_JUDGES) and relation.scores and not (relation.author or relation.coauthor)
        and phase is ContestPhase.JUDGING and round_open and state in _SCORABLE
    )  # fmt: skip


def can_type_paper(actor: Actor, *, phase: ContestPhase) -> bool:
    """Type sheets off paper: the desk, during judging, and nobody who judges in the contest."""
    return phase == ContestPhase.JUDGING and actor.has(*_DESK) and not actor.has(*_JUDGES)


def can_recuse(actor: Actor, relation: Relation) -> bool:
    """Step back from an entry: its judge, at any time."""
    return actor.has(*_JUDGES) and relation.scores


def can_reopen_sheet(actor: Actor, relation: Relation, *, phase: ContestPhase) -> bool:
    """Give a submitted sheet back to its judge, with a reason: the desk and the panel's chair, during judging.

    Never one's own (`relation.assigned`), whatever the office: whoever could would read the others' totals first.
    """
    allowed = actor.has(*_DESK) or (actor.has(Role.CHAIR) and relation.chairs)
    return allowed and not relation.assigned and not relation.recused and phase is ContestPhase.JUDGING


def can_write_off(actor: Actor, relation: Relation, *, phase: ContestPhase) -> bool:
    """End a missing sheet by a named decision: the organiser and the panel's chair, during judging."""
    allowed = actor.has(Role.ORGANISER) or (actor.has(Role.CHAIR) and relation.chairs)
    return allowed and not relation.recused and phase is ContestPhase.JUDGING


def is_override_time(phase: ContestPhase, *, withdrawn: bool) -> bool:
    """Whether sheets may be decided over: from judging to deliberation, and while a publication is `withdrawn`."""
    return phase in _OVERRIDING_PHASES or (phase is ContestPhase.PUBLISHED and withdrawn)


def can_propose_override(actor: Actor, relation: Relation, *, locked: bool) -> bool:
    """Propose other marks for a sheet, or its exclusion: the organiser, once the entry is locked.

    Not whoever judges in the contest or has made the entry; `relation.assigned` is judging anything in the contest.
    """
    return actor.has(Role.ORGANISER) and locked and not _is_party(actor, relation)


def can_decide_override(actor: Actor, relation: Relation, *, proposed_by: str) -> bool:
    """Approve or reject what another proposed: a second person of organisers and committee.

    Not whoever judges in the contest or has made the entry, as with the proposal.
    """
    second = actor.account_id is not None and actor.account_id != proposed_by
    return second and actor.has(*_SECOND_PERSONS) and not _is_party(actor, relation)


def can_withdraw_override(actor: Actor, *, proposed_by: str) -> bool:
    """Take a proposal back: whoever made it, as long as they are an organiser."""
    return actor.has(Role.ORGANISER) and actor.account_id is not None and actor.account_id == proposed_by


def can_see_overrides(actor: Actor) -> bool:
    """The decisions over sheets with their reasons: office, auditor and second persons, unless they judge."""
    return actor.has(*_READERS, *_SECOND_PERSONS) and not actor.has(*_JUDGES)


def can_see_sheets(actor: Actor, relation: Relation, *, own: bool, locked: bool) -> bool:
    """The individual marks: a judge one's own; another's only once the entry is locked, and so the office too.

    Before that the office sees counts and gaps (`can_see_progress`). The auditor reads them at any time. Whoever judges
    in the contest has what a judge has, whatever their office. An author never sees sheets here: what authors are told
    is a publication.
    """
    if relation.recused or relation.author or relation.coauthor:
        return False
    if own:
        return actor.has(*_JUDGES) and relation.scores
    if actor.has(*_JUDGES):
        return locked and _judges_it(actor, relation)
    return actor.has(Role.AUDITOR) or (locked and actor.has(*_READERS))


def can_see_progress(actor: Actor) -> bool:
    """Counts of sheets and gaps between judges, without marks: the office and the auditor, unless they judge."""
    return actor.has(*_READERS) and not actor.has(*_JUDGES)


def can_see_standings(actor: Actor, *, phase: ContestPhase) -> bool:
    """Scores and ranks of the whole contest: the office and the auditor at any time, others once public.

    Whoever judges in the contest waits like a judge, a panel's chair too.
    """
    return phase in RESULT_PUBLIC_PHASES or (actor.has(*_READERS) and not actor.has(*_JUDGES))


def can_see_panel_standings(actor: Actor, *, phase: ContestPhase) -> bool:
    """Scores and ranks among the entries of the panels that the actor heads: from deliberation until all are public."""
    return actor.has(Role.CHAIR) and phase in _CHAIR_PHASES


def can_see_judge_effects(actor: Actor, relation: Relation) -> bool:
    """What hangs on each judge, by name: organiser and auditor, unless they judge or have an entry in the contest.

    `relation` is to the contest as a whole; `relation.assigned` is judging, or having judged, anything in it. Not
    before a round is closed, which is the caller's matter.
    """
    return actor.has(Role.ORGANISER, Role.AUDITOR) and not _is_party(actor, relation)


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


def _is_party(actor: Actor, relation: Relation) -> bool:
    """Whether the actor has marks of the contest, or the entry, at heart."""
    people = relation.author or relation.coauthor or relation.guardian
    return people or relation.assigned or relation.chairs or actor.has(*_JUDGES)


def _judges_it(actor: Actor, relation: Relation) -> bool:
    judge = actor.has(*_JUDGES) and relation.scores
    return judge or (actor.has(Role.CHAIR) and relation.chairs)


def roles_of(names: Collection[str]) -> frozenset[Role]:
    """Roles by their stored names. Raises ValueError for a name that is no role."""
    return frozenset(Role(name) for name in names)
