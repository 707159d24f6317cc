"""Receipts: the leaf of a submitted sheet with its proof, which says the same whenever it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select

from judging.db.models import LogHead, LogLeaf
from judging.domain.ledger.checkpoints import Checkpoint
from judging.domain.ledger.merkle import node_hash, peaks
from judging.domain.ledger.receipts import Receipt, short_code
from judging.errors import N_, NotFound
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.tree import read_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.domain.ledger.merkle import NodeId
    from judging.notary import Notary
    from judging.services.score_log.appending import Appended

_SUBMITTED = "judging_sheets_recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLeaf:
    """Where a submitted version stands in its contest's newest log. `code` is what people compare."""

    log_id: str
    origin: str
    index: int
    hash: bytes
    entry: bytes | None = field(repr=False)

    @property
    def code(self) -> str:
        """The first ten letters of the leaf's hash in base 32."""
        return short_code(self.hash)


def note_submitted(session: Session, version_id: str, appended: Appended) -> None:
    """Keep a sheet that this unit of work records, for its receipt once that is committed."""
    session.info.setdefault(_SUBMITTED, {})[version_id] = appended


def just_submitted(session: Session, version_id: str) -> Appended | None:
    """The leaf of a version that this unit of work records, or None."""
    found: dict[str, Appended] = session.info.get(_SUBMITTED, {})
    return found.get(version_id)


def find_sheet_leaves(session: Session, version_ids: Sequence[str]) -> Mapping[str, SheetLeaf]:
    """The leaves of submitted versions by the versions' ids, in one query; those of an earlier epoch give way."""
    found = _find(session, LogLeaf.subject_id.in_(version_ids))
    return {subject: leaf for subject, leaf in found if subject is not None}


def find_sheet_leaf(session: Session, version_id: str) -> SheetLeaf | None:
    """The leaf of one submitted version, or None for one of a contest that has no log yet."""
    return find_sheet_leaves(session, [version_id]).get(version_id)


def find_leaf_at(session: Session, *, origin: str, index: int) -> SheetLeaf | None:
    """The leaf at a place of a log, or None."""
    return next((leaf for _, leaf in _find(session, LogHead.origin == origin, LogLeaf.idx == index)), None)


def make_receipt(session: Session, leaf: SheetLeaf) -> Receipt:
    """The receipt of a sheet, over the log as it was when it ended with that sheet: the same bytes at every call.

    Raises NotFound when the leaf was erased, and LogLost when the log does not continue what was signed.
    """
    if leaf.entry is None:
        raise NotFound(N_("There is nothing here."))
    # Beside the last leaf of a tree stand just the complete subtrees before it: its path is these, the nearest first.
    path = tuple(reversed(read_nodes(session, leaf.log_id)(peaks(leaf.index)))) if leaf.index else ()
    root = leaf.hash
    for one in path:
        root = node_hash(one, root)
    state = Checkpoint(origin=leaf.origin, size=leaf.index + 1, root=root)
    note = keeper_of(session).notary.sign(state, read=read_nodes(session, leaf.log_id))
    return Receipt(leaf=leaf.entry, index=leaf.index, path=path, checkpoint=note)


def receipt_of(appended: Appended, *, notary: Notary, database: Database) -> Receipt:
    """The receipt of a leaf whose unit of work is committed: the same bytes as `make_receipt`, without reading them."""

    def read(nodes: Sequence[NodeId]) -> Sequence[bytes]:
        with database.reading() as session:
            return read_nodes(session, appended.log_id)(nodes)

    state = Checkpoint(origin=appended.origin, size=appended.index + 1, root=appended.root)
    note = notary.sign(state, read=read)
    return Receipt(leaf=appended.leaf, index=appended.index, path=appended.path, checkpoint=note)


def _find(session: Session, *conditions: ColumnElement[bool]) -> list[tuple[str | None, SheetLeaf]]:
    query = (
        select(LogLeaf.subject_id, LogHead.id, LogHead.origin, LogLeaf.idx, LogLeaf.hash, LogLeaf.entry)
        .join(LogHead, LogHead.id == LogLeaf.log_id)
        .where(*conditions)
        .order_by(LogHead.epoch, LogLeaf.idx)
    )
    return [
        (
            subject,
            SheetLeaf(
                log_id=log_id, origin=origin, index=index, hash=bytes(hashed),
                entry=None if entry is None else bytes(entry),
            ),
        )
        for subject, log_id, origin, index, hashed, entry in session.execute(query)
    ]  # fmt: skip
