"""Where a judge is signed in, for the day on which a phone is lost: what was submitted there, and how to end it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import Assignment, Entry, LoginSession, SheetVersion
from judging.domain.permissions import Actor, can_manage_people
from judging.errors import N_, NotAllowed
from judging.services.access.sign_in import end_sessions
from judging.services.audit import record_event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Judge

_LOOKED_BACK = timedelta(days=7)
_MOST_SHEETS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A sheet that was submitted while a device was signed in."""

    entry: int | None
    version: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A sign-in of a judge. `sheets` are the last of this contest submitted during it, the latest first.

    Two devices at once share them: a sheet does not say from which it came.
    """

    name: str
    since: datetime
    used: datetime
    ended: datetime | None
    sheets: Sequence[Submitted]


def list_devices(session: Session, *, contest: Contest, judge: Judge, now: datetime) -> list[Device]:
    """The judge's sign-ins that live or ended within a week, the latest used first."""
    rows = session.scalars(
        select(LoginSession)
        .where(LoginSession.account_id == judge.account_id, LoginSession.seen_at > now - _LOOKED_BACK)
        .order_by(LoginSession.seen_at.desc())
        .limit(20)
    ).all()
    sheets = _sheets(session, contest=contest, judge=judge, since=min((row.created_at for row in rows), default=now))
    return [_device(row, sheets, now) for row in rows]


def end_judge_sessions(session: Session, *, contest: Contest, actor: Actor, judge: Judge, now: datetime) -> int:
    """Sign a judge of this contest out everywhere; returns of how many devices. Raises NotAllowed."""
    if not can_manage_people(actor):
        raise NotAllowed(N_("Only the organiser names judges and staff."))
    ended = end_sessions(session, account_id=judge.account_id, now=now)
    record_event(
        session, action="account-signed-out", subject="judge", subject_id=judge.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now, details={"count": ended},
    )  # fmt: skip
    return ended


def _device(row: LoginSession, sheets: Sequence[Submitted], now: datetime) -> Device:
    ended = row.revoked_at or (row.expires_at if row.expires_at <= now else None)
    until = ended or now
    return Device(
        name=row.device,
        since=row.created_at,
        used=row.seen_at,
        ended=ended,
        sheets=[one for one in sheets if row.created_at <= one.at <= until][:_MOST_SHEETS],
    )


def _sheets(session: Session, *, contest: Contest, judge: Judge, since: datetime) -> list[Submitted]:
    found = session.execute(
        select(Entry, SheetVersion.number, SheetVersion.submitted_at)
        .join(Assignment, Assignment.id == SheetVersion.assignment_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Assignment.judge_id == judge.id, Entry.contest_id == contest.id, SheetVersion.submitted_at >= since)
        .order_by(SheetVersion.submitted_at.desc())
        .limit(200)
    )
    return [Submitted(entry=entry.number, version=number, at=at) for entry, number, at in found]
