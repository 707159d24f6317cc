"""The dates of a contest: which must follow which, and until when each may be moved."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy.orm import Session

from judging.db.models import Contest
from judging.domain.lifecycle import MAIN_LINE, ContestPhase
from judging.domain.permissions import Actor, can_configure
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.score_log.acts import record_extensions
from judging.services.score_log.opening import ensure_log


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestDates:
    """The five dates of a contest, all aware; None is a date not yet set."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    judging_starts_at: datetime | None = None
    judging_ends_at: datetime | None = None
    publishes_at: datetime | None = None


DATE_LABELS = {
    "opens_at": N_("Opens for entries"),
    "closes_at": N_("Deadline for entries"),
    "judging_starts_at": N_("Judging begins"),
    "judging_ends_at": N_("Judging ends"),
    "publishes_at": N_("Results are published"),
}

_UNSET = "-"
_LAST_PHASE = {
    "opens_at": ContestPhase.ANNOUNCED,
    "closes_at": ContestPhase.CLOSED,
    "judging_starts_at": ContestPhase.SCREENING,
    "judging_ends_at": ContestPhase.JUDGING,
    "publishes_at": ContestPhase.DECIDED,
}


def dates_of(contest: Contest) -> ContestDates:
    """The contest's dates as one value."""
    return ContestDates(**{field.name: getattr(contest, field.name) for field in fields(ContestDates)})


def check_dates(dates: ContestDates) -> tuple[Problem, ...]:
    """A problem for each date that is not later than the one before it; dates not set are passed over."""
    problems: list[Problem] = []
    earlier = ""
    for name, label in DATE_LABELS.items():
        moment = getattr(dates, name)
        if moment is None:
            continue
        if earlier and moment <= getattr(dates, earlier):
            problems.append(
                Problem(
                    code="date-order",
                    where=name,
                    message=N_("“%(date)s” must come after “%(earlier)s”."),
                    params={"date": label, "earlier": DATE_LABELS[earlier]},
                )
            )
        earlier = name
    return tuple(problems)


def movable_dates(phase: ContestPhase) -> frozenset[str]:
    """The dates that may still be moved in that phase; what is past stays as it was."""
    if phase not in MAIN_LINE:
        return frozenset()
    here = MAIN_LINE.index(phase)
    return frozenset(name for name, last in _LAST_PHASE.items() if here <= MAIN_LINE.index(last))


def change_dates(session: Session, *, contest: Contest, actor: Actor, dates: ContestDates, now: datetime) -> None:
    """Set the dates. Raises Refused naming the date that is out of order, already past or no longer to be moved."""
    phase = ContestPhase(contest.phase)
    if not can_configure(actor, phase=phase):
        raise NotAllowed(N_("Only the organiser changes the settings of a contest, and not after its end."))
    moved = {name for name in DATE_LABELS if getattr(dates, name) != getattr(contest, name)}
    problems = [*check_dates(dates), *_fixed(moved - movable_dates(phase))]
    if phase is ContestPhase.OPEN and "closes_at" in moved and (dates.closes_at is None or dates.closes_at <= now):
        problems.append(
            Problem(
                code="date-past",
                where="closes_at",
                message=N_("The contest is open: its deadline can only be moved to a moment that is still to come."),
            )
        )
    if problems:
        raise Refused(problems)
    if not moved:
        return
    ensure_log(session, contest, now=now)
    before = {name: _text(getattr(contest, name)) for name in sorted(moved)}
    for name in moved:
        setattr(contest, name, getattr(dates, name))
    if contest.rules is not None:
        after = {name: _text(getattr(dates, name)) for name in sorted(moved)}
        record_extensions(
            session, contest=contest, by_id=actor.account_id, now=now,
            moved={name: (before[name] or _UNSET, after[name] or _UNSET) for name in sorted(moved)},
        )  # fmt: skip
    record_event(
        session, action="dates-changed", subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now,
        details={"from": before, "to": {name: _text(getattr(dates, name)) for name in sorted(moved)}},
    )  # fmt: skip


def _fixed(names: frozenset[str] | set[str]) -> list[Problem]:
    return [
        Problem(
            code="date-fixed",
            where=name,
            message=N_("“%(date)s” can no longer be moved."),
            params={"date": DATE_LABELS[name]},
        )
        for name in sorted(names)
    ]


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
