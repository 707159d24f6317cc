"""A new epoch: what a restored database still holds of a log is recorded anew, and quotes what was promised before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from judging.db.models import LogDocument, LogHead, LogLeaf
from judging.domain.ledger.checkpoints import Origin
from judging.domain.ledger.epochs import LEFT_BEHIND, carry_over
from judging.domain.ledger.leaves import read_leaf, time_text
from judging.domain.values import Problem
from judging.errors import N_, NotFound, Refused
from judging.services.audit import record_event
from judging.services.score_log.appending import Log, MadeLeaf, append_bytes, make_log
from judging.services.score_log.bodies import commit
from judging.services.score_log.keeper import keeper_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest


def recover_log(session: Session, *, contest: Contest, reason: str, now: datetime) -> Log:
    """Begin the next epoch of a contest's log. Leaves that the database has lost stay lost, and receipts for them fail.

    Raises NotFound for a contest without a log, Refused without a reason, and LeafError when a leaf that others follow
    was erased.
    """
    if not reason.strip():
        raise Refused([Problem(code="missing", where="reason", message=N_("Write the reason."))])
    newest = select(LogHead).where(LogHead.contest_id == contest.id).order_by(LogHead.epoch.desc()).limit(1)
    old = session.scalar(newest.with_for_update())
    if old is None:
        raise NotFound(N_("The contest has no score log."))
    notary = keeper_of(session).notary
    promised = notary.last_promise(old.origin)
    rows = session.execute(
        select(LogLeaf.entry, LogLeaf.subject_id, LogLeaf.text_salt)
        .where(LogLeaf.log_id == old.id)
        .order_by(LogLeaf.idx)
    ).all()
    hashed, reason_salt = commit(reason)
    t = max(time_text(now), old.last_t)
    leaves = [b"" if entry is None else bytes(entry) for entry, _, _ in rows]
    texts = [(subject_id, salt) for _, subject_id, salt in rows]
    made = carry_over(leaves, t=t, reason_sha256=hashed, prev_checkpoint=promised.decode())
    origin = Origin(notary.host, contest.slug, old.epoch + 1)
    log = make_log(session, contest, epoch=origin.epoch, origin=str(origin), now=now)
    _copy_documents(session, old.id, log.id)
    # Before the head is stored with it: the next leaf may not be earlier, whatever the clock says then.
    log.last_t = t
    append_bytes(session, log, list(_with_rows(made, leaves, texts, t=t, restored_salt=reason_salt)))
    record_event(
        session, action="score-log-recovered", subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=None, now=now, details={"epoch": log.epoch, "leaves": log.size, "reason": reason.strip()},
    )  # fmt: skip
    return log


def _with_rows(
    made: Iterator[bytes],
    leaves: Sequence[bytes],
    rows: Sequence[tuple[str | None, bytes | None]],
    *,
    t: str,
    restored_salt: bytes,
) -> Iterator[MadeLeaf]:
    """Each new leaf with the row that it records and the salt of its text: those of the leaf that it was made of."""
    yield next(made), t, None, None
    yield next(made), t, None, restored_salt
    later = zip(leaves[1:], rows[1:], strict=True)
    kept = (row for data, row in later if data and read_leaf(data)["type"] not in LEFT_BEHIND)
    for entry, (subject_id, text_salt) in zip(made, kept, strict=True):
        yield entry, t, subject_id, None if text_salt is None else bytes(text_salt)


def _copy_documents(session: Session, old_id: str, new_id: str) -> None:
    found = session.execute(
        select(LogDocument.name, LogDocument.sha256, LogDocument.content).where(LogDocument.log_id == old_id)
    )
    rows = [
        {"log_id": new_id, "name": name, "sha256": digest, "content": bytes(content)} for name, digest, content in found
    ]
    if rows:
        session.execute(insert(LogDocument), rows)
