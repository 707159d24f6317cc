"""The date until which a returned dossier may be completed: when it is reminded of, and what a later one needs."""

from __future__ import annotations

from datetime import datetime, timedelta

from judging.domain.values import Problem
from judging.errors import N_

LEAD = timedelta(hours=48)
"""How long before the date its authors are reminded."""


def reminder_moment(*, given_at: datetime, until: datetime) -> datetime:
    """When the authors are reminded of the date, quiet hours apart.

    LEAD before it; but never before half of the time has gone by, so that a short term is not reminded of at once.
    """
    return max(until - LEAD, given_at + (until - given_at) / 2)


def is_reminder_due(*, given_at: datetime, until: datetime, now: datetime) -> bool:
    """Whether a reminder may leave now: its moment has come, and the date has not passed."""
    return reminder_moment(given_at=given_at, until=until) <= now < until


def check_later_date(*, present: datetime, until: datetime | None, reason: str, now: datetime) -> tuple[Problem, ...]:
    """What speaks against a later date; nobody's time is cut short."""
    problems = []
    if until is None:
        problems.append(Problem(code="date-missing", where="until", message=N_("Choose the new date.")))
    elif until <= present:
        message = N_("The new date must come after the present one: nobody's time is cut short.")
        problems.append(Problem(code="shorter", where="until", message=message))
    elif until <= now:
        message = N_("The date for completing the dossier must still be to come.")
        problems.append(Problem(code="date-past", where="until", message=message))
    if not reason.strip():
        message = N_("Write the reason: the contestant reads it.")
        problems.append(Problem(code="missing", where="reason", message=message))
    return tuple(problems)
