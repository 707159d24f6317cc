"""Receipts (C2SP tlog-proof): the leaf that was recorded, its path to the root, and the signed checkpoint."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from judging.domain.ledger.canonical import from_base64, to_base64
from judging.domain.ledger.checkpoints import Checkpoint, open_checkpoint, read_checkpoint
from judging.domain.ledger.faults import LedgerError, ReceiptError
from judging.domain.ledger.merkle import HASH_BYTES, leaf_hash, verify_inclusion
from judging.domain.ledger.notes import VerifierKey
from judging.errors import N_

HEADER = "c2sp.org/tlog-proof@v1"
MEDIA_TYPE = "text/plain; charset=utf-8"
_HEAD = re.compile(r"extra (?P<extra>[A-Za-z0-9+/]+={0,2})\nindex (?P<index>0|[1-9][0-9]{0,15})")
_MOST_HASHES = 63
MOST_BYTES = 100_000
CODE_LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a receipt says: the exact leaf bytes, where they stand in the log, and the proof."""

    leaf: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes

    @property
    def file_name(self) -> str:
        """The name under which a receipt is handed out."""
        return f"receipt-{self.index}.tlog-proof"

    @property
    def code(self) -> str:
        """The short code that is shown beside it."""
        return short_code(leaf_hash(self.leaf))

    def __bytes__(self) -> bytes:
        lines = [HEADER, f"extra {to_base64(self.leaf)}", f"index {self.index}", *map(to_base64, self.path), "", ""]
        return "\n".join(lines).encode() + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> Receipt:
        """Read a receipt in its one spelling; nothing of it is verified yet. Raises ReceiptError."""
        head, blank, checkpoint = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
            found = _HEAD.fullmatch("\n".join(lines[1:3]))
            if len(data) > MOST_BYTES or lines[0] != HEADER or not blank or found is None:
                raise ValueError(head)
            path = tuple(map(from_base64, lines[3:]))
            if len(path) > _MOST_HASHES or any(len(one) != HASH_BYTES for one in path):
                raise ValueError(head)
            return cls(leaf=from_base64(found["extra"]), index=int(found["index"]), path=path, checkpoint=checkpoint)
        except ValueError as error:
            raise ReceiptError(N_("This is no receipt.")) from error


def verify_receipt(receipt: Receipt, keys: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint under which the log promised to hold the leaf. `keys` has one for each log that may have.

    Raises ReceiptError when the receipt is of none of these logs, or its signature or its proof is not valid.
    """
    try:
        origin = read_checkpoint(receipt.checkpoint).origin
        key = next((one for one in keys if one.name == origin), None)
        if key is None:
            raise ReceiptError(N_("The receipt is of another log: “%(origin)s”."), origin=origin)
        checkpoint = open_checkpoint(receipt.checkpoint, key)
        verify_inclusion(
            leaf_hash(receipt.leaf),
            index=receipt.index,
            size=checkpoint.size,
            root=checkpoint.root,
            path=receipt.path,
        )
    except ReceiptError:
        raise
    except LedgerError as error:
        raise ReceiptError(N_("The receipt is not valid: %(reason)s"), reason=error) from error
    return checkpoint


def short_code(hashed: bytes) -> str:
    """The first ten letters of a SHA-256 in base 32: of a leaf's hash, or of that of what was submitted."""
    return base64.b32encode(hashed).decode("ascii")[:CODE_LENGTH]
