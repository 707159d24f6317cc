"""When a contest sends letters: its quiet hours, and the reminders before its deadline."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING

from judging.db.models import MessageRules
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_configure
from judging.domain.quiet_hours import QuietHours
from judging.domain.reminders import DEFAULT_STEPS, check_steps
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingRules:
    """`steps` are hours before the deadline, the earliest reminder first; none means that nobody is reminded."""

    quiet: QuietHours = field(default_factory=QuietHours)
    steps: tuple[int, ...] = DEFAULT_STEPS


def sending_rules(session: Session, *, contest_id: str) -> SendingRules:
    """The rules of a contest, or the defaults."""
    row = session.get(MessageRules, contest_id)
    if row is None:
        return SendingRules()
    quiet = QuietHours(start=time.fromisoformat(row.quiet_from), end=time.fromisoformat(row.quiet_until))
    return SendingRules(quiet=quiet, steps=tuple(row.reminders))


def change_sending_rules(
    session: Session, *, contest: Contest, actor: Actor, quiet_from: str, quiet_until: str, steps: str, now: datetime
) -> None:
    """Set quiet hours (`21:00`, `06:00`) and steps (`72, 24`). Raises NotAllowed, and Refused naming what is wrong."""
    if not can_configure(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Only the organiser changes the settings of a contest, and not after its end."))
    problems = [*_wrong_time("quiet_from", quiet_from), *_wrong_time("quiet_until", quiet_until)]
    hours = _hours(steps)
    problems += [_NO_NUMBERS] if hours is None else check_steps(hours)
    if problems:
        raise Refused(problems)
    row = session.get(MessageRules, contest.id)
    if row is None:
        row = MessageRules(contest_id=contest.id)
        session.add(row)
    row.quiet_from, row.quiet_until = quiet_from.strip(), quiet_until.strip()
    row.reminders = sorted(set(hours or ()), reverse=True)
    session.flush()
    record_event(
        session, action="sending-rules-changed", subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now,
        details={"from": row.quiet_from, "to": row.quiet_until, "steps": list(row.reminders)},
    )  # fmt: skip


_NO_NUMBERS = Problem(
    code="steps", where="steps", message=N_("Write hours as whole numbers with commas between them, such as 72, 24.")
)


def _hours(typed: str) -> list[int] | None:
    parts = [part for part in typed.replace(",", " ").split() if part]
    if any(not (part.isascii() and part.isdigit() and len(part) < 6) for part in parts):
        return None
    return [int(part) for part in parts]


def _wrong_time(where: str, typed: str) -> list[Problem]:
    tidy = typed.strip()
    try:
        datetime.strptime(tidy, "%H:%M")  # noqa: DTZ007 - a time of the day has no zone
    except ValueError:
        good = False
    else:
        good = len(tidy) == len("21:00")
    message = N_("Write the time with hours and minutes, such as 21:00.")
    return [] if good else [Problem(code="time", where=where, message=message)]
