"""How much the files of a contest take and may take."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.db.models import Contest, Entry, EntryFile, Upload, UploadLimit
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Actor, can_configure
from judging.domain.upload_limits import UploadLimits, Usage, outside_limits, what_exceeds
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.files.uploads.states import OPEN


def limits_of(session: Session, *, contest_id: str) -> UploadLimits:
    """The limits in force: those that the organiser has set, or the defaults."""
    row = session.get(UploadLimit, contest_id)
    if row is None:
        return UploadLimits()
    return UploadLimits(
        entry_megabytes=row.entry_megabytes, contest_megabytes=row.contest_megabytes, most_open=row.most_open
    )


def usage_of(session: Session, *, contest_id: str, entry_id: str = "", account_id: str = "") -> Usage:
    """What is stored or under way, in one query."""
    size = func.coalesce(func.sum(EntryFile.size), 0)
    files = select(size).select_from(EntryFile).join(Entry, Entry.id == EntryFile.entry_id)
    length = select(func.coalesce(func.sum(Upload.length), 0)).where(Upload.state == OPEN)
    found = session.execute(
        select(
            select(size).where(EntryFile.entry_id == entry_id).scalar_subquery(),
            length.where(Upload.entry_id == entry_id).scalar_subquery(),
            files.where(Entry.contest_id == contest_id).scalar_subquery(),
            length.where(Upload.contest_id == contest_id).scalar_subquery(),
            select(func.count())
            .where(Upload.state == OPEN, Upload.contest_id == contest_id, Upload.account_id == account_id)
            .scalar_subquery(),
        )
    ).one()
    in_entry, under_way, in_contest, all_under_way, mine = (int(value) for value in found)
    return Usage(entry=in_entry + under_way, contest=in_contest + all_under_way, open=mine)


def require_room(session: Session, *, entry: Entry, size: int, account_id: str = "", begins: bool = False) -> None:
    """Raise Refused when `size` more bytes are more than the entry, the contest or the person may have."""
    usage = usage_of(session, contest_id=entry.contest_id, entry_id=entry.id, account_id=account_id)
    problems = what_exceeds(limits_of(session, contest_id=entry.contest_id), usage, size=size, begins=begins)
    if problems:
        raise Refused(problems)


def set_limits(session: Session, *, contest: Contest, actor: Actor, limits: UploadLimits, now: datetime) -> None:
    """Set how much the contest takes; what is stored already stays. Raises NotAllowed, and Refused for odd figures."""
    if not can_configure(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Only the organiser changes the settings of a contest, and not after its end."))
    if problems := outside_limits(limits):
        raise Refused(problems)
    before = limits_of(session, contest_id=contest.id)
    if limits == before:
        return
    session.merge(
        UploadLimit(
            contest_id=contest.id, entry_megabytes=limits.entry_megabytes, contest_megabytes=limits.contest_megabytes,
            most_open=limits.most_open, changed_at=now,
        )
    )  # fmt: skip
    record_event(
        session, action="file-limits-changed", subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now, details={"from": _plain(before), "to": _plain(limits)},
    )  # fmt: skip


def _plain(limits: UploadLimits) -> str:
    return f"{limits.entry_megabytes} MB / {limits.contest_megabytes} MB / {limits.most_open}"
