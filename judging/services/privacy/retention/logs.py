"""Deleting what was only written down: reads, ended sign-ins, sent letters, old acts, proofs of consent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import and_, delete, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from judging.db.jobs import DONE, FAILED
from judging.db.models import (
    AuditEvent,
    AuditHorizon,
    ConsentTrace,
    DataRead,
    Job,
    LoginFailure,
    LoginSession,
    OneTimeSecret,
    SentMessage,
)
from judging.db.types import new_id
from judging.domain.retention import Kept, over_before
from judging.services.privacy.retention.holds import what_is_held

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import CursorResult, Delete, Select, Update
    from sqlalchemy.orm import Session


def delete_access_log(session: Session, *, now: datetime) -> int:
    """Delete reads of children's data, ended sign-ins, refused ones, spent secrets, and letters that were sent.

    Of an account's last sign-in only the moment stays, for without it nobody could tell how long it has been idle.
    """
    before, held = over_before(Kept.ACCESS_LOG, now), what_is_held(session, now=now)
    old = and_(LoginSession.seen_at < before, or_(LoginSession.revoked_at.is_not(None), LoginSession.expires_at < now))
    later = aliased(LoginSession)
    is_last = ~exists().where(later.account_id == LoginSession.account_id, later.seen_at > LoginSession.seen_at)
    reads = DataRead.contest_id.not_in(held.contests) & or_(
        DataRead.entry_id.is_(None), DataRead.entry_id.not_in(held.entries)
    )
    statements: tuple[Delete, ...] = (
        delete(DataRead).where(DataRead.at < before, reads),
        delete(LoginSession).where(old, ~is_last),
        delete(LoginFailure).where(LoginFailure.at < before),
        delete(OneTimeSecret).where(OneTimeSecret.expires_at < before),
        delete(Job).where(Job.state.in_((DONE, FAILED)), Job.finished_at < before),
    )
    session.execute(update(LoginSession).where(old, is_last, LoginSession.device != "").values(device=""))
    return sum(_count(session, statement) for statement in statements)


def empty_letters(session: Session, *, now: datetime) -> int:
    """Empty the words of letters, and of what mail servers said; that they were sent, when and to whom stays."""
    before, held = over_before(Kept.LETTERS, now), what_is_held(session, now=now)
    free = SentMessage.contest_id.not_in(held.contests) & or_(
        SentMessage.entry_id.is_(None), SentMessage.entry_id.not_in(held.entries)
    )
    old = and_(SentMessage.created_at < before, SentMessage.text != "", free)
    return _count(session, update(SentMessage).where(old).values(text="", answer=""))


def delete_consent_traces(session: Session, *, now: datetime) -> int:
    """Delete proofs of consent whose data have been gone for three years."""
    before, held = over_before(Kept.CONSENT_PROOFS, now), what_is_held(session, now=now)
    free = and_(ConsentTrace.contest_id.not_in(held.contests), ConsentTrace.entry_id.not_in(held.entries))
    return _count(session, delete(ConsentTrace).where(ConsentTrace.data_gone_at < before, free))


def delete_audit_log(session: Session, *, now: datetime) -> int:
    """Delete acts older than five years, which the database lets happen while it is told up to when."""
    before, held = over_before(Kept.AUDIT_LOG, now), what_is_held(session, now=now)
    free = or_(AuditEvent.contest_id.is_(None), AuditEvent.contest_id.not_in(held.concerned))
    old: Select[Any] = select(AuditEvent.id).where(AuditEvent.at < before, free).limit(1)
    if session.scalar(old) is None:
        return 0
    session.execute(insert(AuditHorizon).values(id=new_id(), before=before))
    gone = _count(session, delete(AuditEvent).where(AuditEvent.at < before, free))
    session.execute(delete(AuditHorizon))
    return gone


def _count(session: Session, statement: Delete | Update) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount
