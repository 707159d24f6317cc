"""Whether the logs in the database still continue what was signed outside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from judging.db.models import Contest, LogHead
from judging.domain.ledger.faults import HashError
from judging.notary import LogLost
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.tree import read_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from judging.errors import JudgingError


def newest_heads(session: Session) -> Sequence[tuple[LogHead, str]]:
    """The newest log of each contest, with the contest's slug."""
    newest = select(LogHead.contest_id, func.max(LogHead.epoch).label("epoch")).group_by(LogHead.contest_id).subquery()
    query = (
        select(LogHead, Contest.slug)
        .join(newest, (newest.c.contest_id == LogHead.contest_id) & (newest.c.epoch == LogHead.epoch))
        .join(Contest, Contest.id == LogHead.contest_id)
        .order_by(Contest.slug)
    )
    return [(head, slug) for head, slug in session.execute(query)]


def find_lost_logs(session: Session) -> Iterator[tuple[str, JudgingError]]:
    """The contests whose newest log lost leaves or was changed since it was signed, each with what is wrong."""
    notary = keeper_of(session).notary
    for head, slug in newest_heads(session):
        try:
            notary.check(head.origin, size=head.size, root=bytes(head.root), read=read_nodes(session, head.id))
        except (LogLost, HashError) as error:
            yield slug, error


def require_logs(session: Session) -> None:
    """Raise LogLost, or HashError, for the first log that does not continue what was signed."""
    for _, error in find_lost_logs(session):
        raise error
