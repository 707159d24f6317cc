"""How a contest takes and screens entries: grace, two-person check, days for completing, checklist, reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from judging.db.models import Contest, IntakeSettings
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Actor, can_configure
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.contests.deadlines import intake_settings

MOST_GRACE_MINUTES = 24 * 60
MOST_RETURN_DAYS = 90
MOST_LINES = 30
_BEFORE_OPENING = frozenset({ContestPhase.DRAFT, ContestPhase.ANNOUNCED})


def change_intake(
    session: Session,
    *,
    contest: Contest,
    actor: Actor,
    grace_minutes: int,
    two_persons: bool,
    return_days: int,
    checklist: Sequence[str],
    reasons: Sequence[str],
    now: datetime,
) -> IntakeSettings:
    """Set them. Once the contest has opened the grace, which was promised, can only grow. Raises Refused."""
    if not can_configure(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Only the organiser changes the settings of a contest, and not after its end."))
    before = intake_settings(session, contest)
    opened = ContestPhase(contest.phase) not in _BEFORE_OPENING
    problems = _problems(grace_minutes, return_days, least_grace=before.grace_minutes if opened else 0)
    if problems:
        raise Refused(problems)
    values = {
        "grace_minutes": grace_minutes, "two_persons": two_persons, "return_days": return_days,
        "checklist": _lines(checklist), "reasons": _lines(reasons),
    }  # fmt: skip
    changed = {name: value for name, value in values.items() if getattr(before, name) != value}
    held = session.get(IntakeSettings, contest.id)
    if held is None:
        held = IntakeSettings(contest_id=contest.id, **values)
        session.add(held)
    else:
        for name, value in changed.items():
            setattr(held, name, value)
    session.flush()
    if changed:
        record_event(
            session, action="intake-changed", subject="contest", subject_id=contest.id, contest_id=contest.id,
            actor_id=actor.account_id, now=now, details={"changed": sorted(changed), "grace": grace_minutes},
        )  # fmt: skip
    return held


def _problems(grace: int, days: int, *, least_grace: int) -> list[Problem]:
    problems = []
    if not 0 <= grace <= MOST_GRACE_MINUTES:
        message = N_("The grace is 0 to %(most)s minutes.")
        problems.append(
            Problem(code="range", where="grace_minutes", message=message, params={"most": MOST_GRACE_MINUTES})
        )
    elif grace < least_grace:
        message = N_("The contest has opened with a grace of %(least)s minutes: it can only become longer.")
        problems.append(Problem(code="shorter", where="grace_minutes", message=message, params={"least": least_grace}))
    if not 1 <= days <= MOST_RETURN_DAYS:
        message = N_("Give 1 to %(most)s days for completing a dossier.")
        problems.append(Problem(code="range", where="return_days", message=message, params={"most": MOST_RETURN_DAYS}))
    return problems


def _lines(texts: Sequence[str]) -> list[str]:
    cleaned = [" ".join(text.split())[:500] for text in texts]
    return list(dict.fromkeys(text for text in cleaned if text))[:MOST_LINES]
