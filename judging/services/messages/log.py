"""The log of letters about a contest: a row for each, from its queueing until it left or was given up."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from judging.db.jobs import QUEUED as JOB_QUEUED
from judging.db.jobs import enqueue_once
from judging.db.models import Contest, Job, SentMessage
from judging.db.types import new_id
from judging.domain.message_kinds import find_kind
from judging.domain.permissions import Role
from judging.domain.quiet_hours import next_moment
from judging.errors import N_, Conflict, NotAllowed
from judging.services.audit import record_event
from judging.services.messages.rules import sending_rules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from judging.db.models import Entry
    from judging.domain.permissions import Actor
    from judging.services.messages.texts import Text

QUEUED, SENT, FAILED, DROPPED = "queued", "sent", "failed", "dropped"

STATE_LABELS = {
    FAILED: N_("Not sent"), QUEUED: N_("Waiting"), SENT: N_("Sent"), DROPPED: N_("No longer needed"),
}  # fmt: skip
"""The states, what wants attention first."""

_TABLE = SentMessage.metadata.tables[SentMessage.__tablename__]


class Subject(NamedTuple):
    """What a letter is about: a contest, an entry of it perhaps, a kind, and a key by which it is sent only once."""

    contest_id: str
    zone: str
    entry_id: str | None
    kind: str
    key: str


def subject_of(about: Contest | Entry, *, kind: str, key: str) -> Subject:
    """What a letter about `about` is logged under; without a key each one is another."""
    contest = about if isinstance(about, Contest) else about.contest
    entry_id = None if isinstance(about, Contest) else about.id
    return Subject(contest.id, contest.zone, entry_id, kind, f"{kind}:{key or new_id()}")


def queue_letter(
    session: Session,
    *,
    subject: Subject,
    job: str,
    payload: Mapping[str, Any],
    account_id: str | None,
    written: Text,
    now: datetime,
) -> str | None:
    """Log a letter and put it down to be sent, after the quiet hours unless it is urgent; its id.

    None when a letter of the same key was queued before: then nothing is done.
    """
    leaves_at = now
    if not find_kind(subject.kind).urgent:
        quiet = sending_rules(session, contest_id=subject.contest_id).quiet
        leaves_at = next_moment(quiet, zone=subject.zone, now=now)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {
        "id": new_id(), "contest_id": subject.contest_id, "entry_id": subject.entry_id, "account_id": account_id,
        "address": payload["to"], "kind": subject.kind, "key": subject.key, "locale": payload["locale"],
        "subject": written.subject, "text": written.text, "sha256": _digest(written), "state": QUEUED, "attempts": 0,
        "answer": "", "created_at": now, "leaves_at": leaves_at,
    }  # fmt: skip
    made = session.connection().execute(
        insert(_TABLE)
        .values(values)
        .on_conflict_do_nothing(index_elements=["contest_id", "key"])
        .returning(_TABLE.c.id)
    )
    found = made.scalar_one_or_none()
    if found is not None:
        enqueue_once(session, job_id=found, name=job, payload={**payload, "logged": True}, now=now, run_after=leaves_at)
    return found


def note_attempt(session: Session, *, message_id: str, state: str, attempt: int, answer: str, now: datetime) -> None:
    """Write down what became of an attempt; `answer` is what the transport said."""
    session.execute(
        update(SentMessage)
        .where(SentMessage.id == message_id, SentMessage.state != SENT)
        .values(state=state, attempts=attempt, answer=answer, sent_at=now if state == SENT else None)
    )


def send_again(session: Session, *, message: SentMessage, actor: Actor, now: datetime) -> None:
    """Put a letter that was given up down once more, under its own id.

    Raises NotAllowed, and Conflict for one that is on its way or has left.
    """
    if not actor.has(Role.ORGANISER, Role.SECRETARY):
        raise NotAllowed(N_("Letters are sent by the secretary and the organiser."))
    # In one statement: of two clicks only one finds it still failed.
    taken = session.execute(
        update(SentMessage)
        .where(SentMessage.id == message.id, SentMessage.state == FAILED)
        .values(state=QUEUED, leaves_at=now)
        .returning(SentMessage.id)
        .execution_options(synchronize_session="fetch")
    ).first()
    again = None
    if taken is not None:
        again = session.execute(
            update(Job)
            .where(Job.id == message.id)
            .values(state=JOB_QUEUED, attempts=0, run_after=now, lease_until=None, finished_at=None)
            .returning(Job.id)
        ).first()
    if again is None:
        raise Conflict(N_("Only a letter that could not be sent is sent again. This one has left or is on its way."))
    record_event(
        session, action="message-sent-again", subject="message", subject_id=message.id, contest_id=message.contest_id,
        actor_id=actor.account_id, now=now, details={"kind": message.kind},
    )  # fmt: skip


def state_of(session: Session, message_id: str) -> str | None:
    """Where a letter stands; None where it was erased."""
    return session.scalar(select(SentMessage.state).where(SentMessage.id == message_id))


def _digest(written: Text) -> str:
    return hashlib.sha256(f"{written.subject}\n\n{written.text}".encode()).hexdigest()
