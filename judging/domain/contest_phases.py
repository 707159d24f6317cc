"""The lifecycle of a contest, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise

from judging.domain.moves import Guard, Move
from judging.domain.roles import Role
from judging.errors import N_


class ContestPhase(StrEnum):
    """Where a contest stands."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    SCREENING = "screening"
    JUDGING = "judging"
    DELIBERATION = "deliberation"
    APPROVED = "approved"
    POSTED = "posted"
    DECIDED = "decided"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    RECHECK = "recheck"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


CONTEST_LABELS: Mapping[ContestPhase, str] = {
    ContestPhase.DRAFT: N_("In preparation"),
    ContestPhase.ANNOUNCED: N_("Rules published"),
    ContestPhase.OPEN: N_("Open for entries"),
    ContestPhase.CLOSED: N_("Closed for entries"),
    ContestPhase.SCREENING: N_("Screening"),
    ContestPhase.JUDGING: N_("In judging"),
    ContestPhase.DELIBERATION: N_("Deliberation"),
    ContestPhase.APPROVED: N_("Approved by the committee"),
    ContestPhase.POSTED: N_("Winners posted for objections"),
    ContestPhase.DECIDED: N_("Decision signed"),
    ContestPhase.PUBLISHED: N_("Results published"),
    ContestPhase.ARCHIVED: N_("Archived"),
    ContestPhase.RECHECK: N_("Returned for re-check"),
    ContestPhase.SUSPENDED: N_("Suspended"),
    ContestPhase.CANCELLED: N_("Cancelled"),
}

MAIN_LINE: tuple[ContestPhase, ...] = tuple(ContestPhase)[: tuple(ContestPhase).index(ContestPhase.ARCHIVED) + 1]
"""The ordinary course of a contest, first phase first."""

PASSABLE_PHASES = frozenset(
    {
        ContestPhase.ANNOUNCED,
        ContestPhase.CLOSED,
        ContestPhase.SCREENING,
        ContestPhase.DELIBERATION,
        ContestPhase.APPROVED,
        ContestPhase.POSTED,
        ContestPhase.DECIDED,
    }
)
"""Steps that an organiser may switch off: they are passed as recorded steps, never skipped silently."""

RESULT_PUBLIC_PHASES = frozenset({ContestPhase.PUBLISHED, ContestPhase.ARCHIVED})
"""Phases in which results are public."""

POSTING_PHASES = frozenset({ContestPhase.POSTED, ContestPhase.DECIDED}) | RESULT_PUBLIC_PHASES
"""Phases in which the list of winners is public; before `published` it is all that is."""

ENDED_PHASES = frozenset({ContestPhase.ARCHIVED, ContestPhase.CANCELLED})
"""Phases that nothing leads out of: nothing of the contest is changed any more."""

_OFFICE = frozenset({Role.ORGANISER})
_DESK = frozenset({Role.ORGANISER, Role.SECRETARY})
# The organiser may record the committee's approval: many offices have the committee sign on paper.
_COMMITTEE = frozenset({Role.ORGANISER, Role.COMMITTEE})

_ONWARD: Mapping[ContestPhase, tuple[frozenset[Role], Guard, str]] = {
    ContestPhase.ANNOUNCED: (_OFFICE, Guard.RULES_COMPLETE, "publish-rules"),
    ContestPhase.OPEN: (_OFFICE, Guard.DATES_SET, "freeze-rules"),
    ContestPhase.CLOSED: (_DESK, Guard.NONE, "refuse-entries"),
    ContestPhase.SCREENING: (_DESK, Guard.NONE, ""),
    ContestPhase.JUDGING: (_OFFICE, Guard.ALL_SCREENED, "open-first-round"),
    ContestPhase.DELIBERATION: (_OFFICE, Guard.ROUNDS_CLOSED, "settle-prizes"),
    ContestPhase.APPROVED: (_COMMITTEE, Guard.PRIZES_SETTLED, ""),
    ContestPhase.POSTED: (_OFFICE, Guard.NONE, "publish-posting"),
    ContestPhase.DECIDED: (_COMMITTEE, Guard.POSTING_OVER, ""),
    ContestPhase.PUBLISHED: (_OFFICE, Guard.NONE, "publish-results"),
    ContestPhase.ARCHIVED: (_OFFICE, Guard.NONE, ""),
}

_RETURNED = tuple(
    Move(source=source, target=ContestPhase.RECHECK, roles=_COMMITTEE, needs_reason=True)
    for source in (
        ContestPhase.DELIBERATION,
        ContestPhase.APPROVED,
        ContestPhase.POSTED,
        ContestPhase.DECIDED,
    )
)

_RUNNING = MAIN_LINE[MAIN_LINE.index(ContestPhase.ANNOUNCED) : MAIN_LINE.index(ContestPhase.PUBLISHED)]
_PAUSABLE = (*_RUNNING, ContestPhase.RECHECK)

CONTEST_MOVES: tuple[Move[ContestPhase], ...] = (
    *(
        Move(source=source, target=target, roles=roles, guard=guard, effect=effect, onward=True)
        for source, target in pairwise(MAIN_LINE)
        for roles, guard, effect in (_ONWARD[target],)
    ),
    Move(
        source=ContestPhase.CLOSED,
        target=ContestPhase.OPEN,
        roles=_OFFICE,
        guard=Guard.DATES_SET,
        effect="extend-deadline",
        needs_reason=True,
    ),
    *_RETURNED,
    Move(source=ContestPhase.RECHECK, target=ContestPhase.DELIBERATION, roles=_OFFICE, guard=Guard.ROUNDS_CLOSED),
    Move(source=ContestPhase.RECHECK, target=ContestPhase.JUDGING, roles=_OFFICE, needs_reason=True),
    *(Move(source=source, target=ContestPhase.SUSPENDED, roles=_COMMITTEE, needs_reason=True) for source in _PAUSABLE),
    *(
        Move(
            source=ContestPhase.SUSPENDED, target=target, roles=_COMMITTEE, guard=Guard.WHERE_IT_WAS, needs_reason=True
        )
        for target in _PAUSABLE
    ),
    *(
        Move(source=source, target=ContestPhase.CANCELLED, roles=_COMMITTEE, needs_reason=True)
        for source in (ContestPhase.DRAFT, *_PAUSABLE, ContestPhase.SUSPENDED)
    ),
)
