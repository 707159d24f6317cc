"""Checking a receipt that somebody holds against the logs of a contest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import LogLeaf
from judging.domain.ledger.leaves import Leaf, read_leaf
from judging.domain.ledger.merkle import leaf_hash
from judging.domain.ledger.receipts import CODE_LENGTH, Receipt, short_code, verify_receipt
from judging.services.score_log.keeper import keeper_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.domain.ledger.checkpoints import Checkpoint
    from judging.services.score_log.appending import Log
    from judging.services.score_log.published_state import PublishedState


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedReceipt:
    """A receipt that is valid: what it promises, and whether the log keeps the promise (`held`)."""

    receipt: Receipt
    checkpoint: Checkpoint
    leaf: Leaf
    held: bool


def check_receipt(session: Session, logs: Sequence[Log], data: bytes) -> CheckedReceipt:
    """Check a receipt against the logs of one contest. Raises LedgerError for one that proves nothing."""
    receipt = Receipt.parse(data)
    notary = keeper_of(session).notary
    by_origin: Mapping[str, Log] = {log.origin: log for log in logs}
    checkpoint = verify_receipt(receipt, [notary.verifier(log.origin) for log in logs])
    log = by_origin[checkpoint.origin]
    kept = session.scalar(select(LogLeaf.hash).where(LogLeaf.log_id == log.id, LogLeaf.idx == receipt.index))
    held = kept is not None and bytes(kept) == leaf_hash(receipt.leaf)
    return CheckedReceipt(receipt=receipt, checkpoint=checkpoint, leaf=read_leaf(receipt.leaf), held=held)


def find_by_code(session: Session, state: PublishedState, code: str) -> int | None:
    """The index of the published leaf with this short code, or None. Blanks and small letters do not matter."""
    wanted = "".join(code.split()).upper()
    if len(wanted) != CODE_LENGTH:
        return None
    hashes = session.execute(
        select(LogLeaf.idx, LogLeaf.hash).where(LogLeaf.log_id == state.log.id, LogLeaf.idx < state.size)
    )
    return next((index for index, hashed in hashes if short_code(bytes(hashed)) == wanted), None)
