"""The stored tree: reading nodes of complete subtrees, and leaves."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from itertools import groupby

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from judging.db.models import LogLeaf, LogNode
from judging.domain.ledger.faults import HashError
from judging.domain.ledger.merkle import NodeId, ReadNodes
from judging.errors import N_

_AT_A_TIME = 1000
_LEAVES_AT_A_TIME = 500


def read_nodes(session: Session, log_id: str) -> ReadNodes:
    """A reader of the log's nodes. It raises HashError when one is missing, which only tampering brings about."""

    def read(nodes: Sequence[NodeId]) -> list[bytes]:
        found: dict[NodeId, bytes] = {}
        for start in range(0, len(nodes), _AT_A_TIME):
            batch = sorted(nodes[start : start + _AT_A_TIME])
            found.update(_leaves(session, log_id, [index for level, index in batch if level == 0]))
            found.update(_nodes(session, log_id, [node for node in batch if node[0]]))
        try:
            return [found[node] for node in nodes]
        except KeyError as error:
            raise HashError(N_("A node of the score log is missing in the database.")) from error

    return read


def stored_leaves(
    session: Session, log_id: str, *, start: int = 0, end: int | None = None
) -> Generator[tuple[bytes, bytes | None], None, None]:
    """Hash and bytes of each leaf from `start` to before `end`, in order; None for bytes that were erased."""
    query = select(LogLeaf.hash, LogLeaf.entry).where(LogLeaf.log_id == log_id, LogLeaf.idx >= start)
    if end is not None:
        query = query.where(LogLeaf.idx < end)
    # Closed with the generator, since whoever finds a wrong leaf reads no further.
    with session.execute(query.order_by(LogLeaf.idx).execution_options(yield_per=_LEAVES_AT_A_TIME)) as rows:
        for hashed, entry in rows:
            yield bytes(hashed), None if entry is None else bytes(entry)


def _leaves(session: Session, log_id: str, indexes: Sequence[int]) -> Iterator[tuple[NodeId, bytes]]:
    if indexes:
        query = select(LogLeaf.idx, LogLeaf.hash).where(LogLeaf.log_id == log_id, LogLeaf.idx.in_(indexes))
        for index, hashed in session.execute(query):
            yield (0, index), bytes(hashed)


def _nodes(session: Session, log_id: str, nodes: Sequence[NodeId]) -> Iterator[tuple[NodeId, bytes]]:
    if nodes:
        levels = [
            and_(LogNode.level == level, LogNode.idx.in_([index for _, index in group]))
            for level, group in groupby(nodes, key=lambda node: node[0])
        ]
        query = select(LogNode.level, LogNode.idx, LogNode.hash).where(LogNode.log_id == log_id, or_(*levels))
        for level, index, hashed in session.execute(query):
            yield (level, index), bytes(hashed)
