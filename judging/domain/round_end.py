"""The end of a round: until when its sheets are taken, and how it may be moved.

What counts is when a sheet was received, by the rule of domain.deadline. A round without an end is ended by closing it
alone; the contest's own date for the end of judging is a plan, after which sheets are still taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from judging.domain.deadline import is_in_time
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Actor, can_see_progress
from judging.domain.roles import Role
from judging.domain.values import Problem
from judging.errors import N_

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""The end of a sheet that is taken until the round is closed."""

LONGEST_REASON = 1000
FURTHEST = timedelta(days=400)
"""How far ahead an end may lie."""

_PHASES = frozenset({ContestPhase.OPEN, ContestPhase.CLOSED, ContestPhase.SCREENING, ContestPhase.JUDGING})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundEnd:
    """The end of a round as it holds for one sheet.

    `at` is the round's, `own` a later one that its judge or the sheet itself was given, `grace` what the contest has
    written down for everybody. Nobody's own end cuts the round's short.
    """

    at: datetime | None = None
    grace: timedelta = timedelta()
    own: datetime | None = None

    @property
    def last(self) -> datetime | None:
        """The end that is told, without the grace; None when closing the round alone ends it."""
        if self.at is None or self.own is None:
            return self.at
        return None if self.own >= NEVER else max(self.at, self.own)

    def takes(self, received: datetime) -> bool:
        """Whether a sheet received then is in time."""
        return is_in_time(received, self.last, self.grace)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndChange:
    """An end as it is to become: `until`, for everybody or for one judge, whose `present` end is the later of two.

    `is_open` says that judges write now, `is_over` that the round is closed.
    """

    until: datetime
    present: datetime | None
    for_one: bool
    is_open: bool
    is_over: bool
    reason: str


def end_problems(change: EndChange, *, now: datetime) -> tuple[Problem, ...]:
    """Everything against it. In a round that has not begun the end moves freely; in an open one only to later."""
    if change.is_over:
        message = N_("The round is closed. Open it again first: then you say until when.")
        return (Problem(code="closed", where="until", message=message),)
    problems = []
    if change.until <= now:
        message = N_("The end must still be to come.")
        problems.append(Problem(code="date-past", where="until", message=message))
    if change.until > now + FURTHEST:
        message = N_("The end must come within %(most)s days from now.")
        problems.append(Problem(code="far", where="until", message=message, params={"most": FURTHEST.days}))
    if change.for_one and change.present is None:
        message = N_("The round has no end, so that there is none that could be later for one judge.")
        problems.append(Problem(code="no-end", where="judge", message=message))
    cuts = change.present is not None and change.until <= change.present
    if cuts and (change.is_open or change.for_one):
        message = N_("The new end must come after the present one: nobody's time is cut short.")
        problems.append(Problem(code="shorter", where="until", message=message))
    if not change.reason.strip() and (change.is_open or change.present is not None):
        message = N_("Write the reason: it stays in the record, and the judges read it.")
        problems.append(Problem(code="missing", where="reason", message=message))
    if len(change.reason.strip()) > LONGEST_REASON:
        message = N_("At most %(most)s characters.")
        problems.append(Problem(code="long", where="reason", message=message, params={"most": LONGEST_REASON}))
    return tuple(problems)


def can_move_end(actor: Actor, *, phase: ContestPhase) -> bool:
    """Set and move the end of a round, and take a late sheet: the organiser, unless they judge in the contest."""
    return actor.has(Role.ORGANISER) and can_see_progress(actor) and phase in _PHASES
