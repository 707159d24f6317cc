"""Finding a contest's logs without holding them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import LogHead
from judging.domain.ledger.merkle import HASH_BYTES
from judging.services.score_log.appending import Log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Contest


def newest_log(session: Session, contest: Contest) -> Log | None:
    """The contest's newest log as it is now, or None."""
    logs = list_logs(session, contest)
    return logs[-1] if logs else None


def list_logs(session: Session, contest: Contest) -> Sequence[Log]:
    """All epochs of the contest's log, the first first."""
    query = select(LogHead).where(LogHead.contest_id == contest.id).order_by(LogHead.epoch)
    return [
        Log(
            id=head.id, contest_id=contest.id, slug=contest.slug, epoch=head.epoch, origin=head.origin, size=head.size,
            root=bytes(head.root), peaks=_parted(bytes(head.peaks)), last_t=head.last_t,
        )
        for head in session.scalars(query)
    ]  # fmt: skip


def _parted(joined: bytes) -> list[bytes]:
    return [joined[start : start + HASH_BYTES] for start in range(0, len(joined), HASH_BYTES)]
