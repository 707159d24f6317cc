"""Receipts: the leaf of a submitted sheet with its proof, which says the same whenever it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import LogHead, LogLeaf
from judging.domain.ledger.checkpoints import Checkpoint
from judging.domain.ledger.merkle import peaks
from judging.domain.ledger.receipts import Receipt, short_code
from judging.errors import N_, NotFound
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.tree import read_nodes, root_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLeaf:
    """Where a submitted version stands in its contest's newest log. `code` is what people compare."""

    log_id: str
    origin: str
    index: int
    hash: bytes

    @property
    def code(self) -> str:
        """The first ten letters of the leaf's hash in base 32."""
        return short_code(self.hash)


def find_sheet_leaves(session: Session, version_ids: Sequence[str]) -> Mapping[str, SheetLeaf]:
    """The leaves of submitted versions by the versions' ids, in one query; one of an earlier epoch is passed over."""
    query = (
        select(LogLeaf.subject_id, LogHead.id, LogHead.origin, LogLeaf.idx, LogLeaf.hash)
        .join(LogHead, LogHead.id == LogLeaf.log_id)
        .where(LogLeaf.subject_id.in_(version_ids))
        .order_by(LogHead.epoch, LogLeaf.idx)
    )
    return {
        version_id: SheetLeaf(log_id=log_id, origin=origin, index=index, hash=bytes(hashed))
        for version_id, log_id, origin, index, hashed in session.execute(query)
        if version_id is not None
    }


def find_sheet_leaf(session: Session, version_id: str) -> SheetLeaf | None:
    """The leaf of one submitted version, or None for one of a contest that has no log yet."""
    return find_sheet_leaves(session, [version_id]).get(version_id)


def make_receipt(session: Session, leaf: SheetLeaf) -> Receipt:
    """The receipt of a sheet, over the log as it was when it ended with that sheet: the same bytes at every call.

    Raises NotFound when the leaf was erased, and LogLost when the log does not continue what was signed.
    """
    entry = session.scalar(select(LogLeaf.entry).where(LogLeaf.log_id == leaf.log_id, LogLeaf.idx == leaf.index))
    if entry is None:
        raise NotFound(N_("There is nothing here."))
    root = root_at(session, leaf.log_id)
    standing = read_nodes(session, leaf.log_id)(peaks(leaf.index)) if leaf.index else []
    size = leaf.index + 1
    checkpoint = Checkpoint(origin=leaf.origin, size=size, root=root(size))
    note = keeper_of(session).notary.sign(checkpoint, root_at=root)
    # Beside the last leaf of a tree stand just the complete subtrees before it, the nearest first.
    return Receipt(leaf=bytes(entry), index=leaf.index, path=tuple(reversed(standing)), checkpoint=note)


def receipt_at(session: Session, *, origin: str, index: int) -> Receipt:
    """The receipt of the leaf at a place of a log. Raises NotFound."""
    query = (
        select(LogHead.id, LogLeaf.hash)
        .join(LogLeaf, LogLeaf.log_id == LogHead.id)
        .where(LogHead.origin == origin, LogLeaf.idx == index)
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return make_receipt(session, SheetLeaf(log_id=found[0], origin=origin, index=index, hash=bytes(found[1])))
