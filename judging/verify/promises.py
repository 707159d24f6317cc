"""What the log promised outside the bundle: receipts, older checkpoints, and checkpoints that its own leaves quote."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from judging.domain.ledger.checkpoints import Checkpoint, Origin, open_checkpoint, read_checkpoint
from judging.domain.ledger.faults import AppendOnlyError, LeafError, LedgerError, ReceiptError, SignatureError
from judging.domain.ledger.leaves import Leaf, read_leaf
from judging.domain.ledger.merkle import MemoryTree, leaf_hash
from judging.domain.ledger.notes import VerifierKey
from judging.domain.ledger.reading import LogRead
from judging.domain.ledger.receipts import Receipt, verify_receipt
from judging.errors import N_
from judging.verify.outcome import Told

_VARIES = ("salt", "supersedes", "t")


@dataclass(slots=True, kw_only=True)
class Receipts:
    """The receipts that were handed in, by file name. `seen` gathers where in a later epoch their sheets stand."""

    given: Mapping[str, Receipt | ReceiptError]
    keys: Sequence[VerifierKey]
    origin: str
    seen: dict[str, int] = field(default_factory=dict)
    _wanted: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, files: Mapping[str, bytes], *, keys: Sequence[VerifierKey], origin: str) -> Receipts:
        """Read receipts; what is none is told later, in its turn."""
        given: dict[str, Receipt | ReceiptError] = {}
        for name, data in files.items():
            try:
                given[name] = Receipt.parse(data)
            except ReceiptError as error:
                given[name] = error
        made = cls(given=given, keys=keys, origin=origin)
        made._wanted = {content for one in given.values() if (content := made._older_content(one))}
        return made

    def note_sheet(self, index: int, leaf: Leaf) -> None:
        """Look out for sheets of which there is a receipt of an earlier epoch."""
        if self._wanted and (content := _content(leaf)) in self._wanted:
            self.seen[content] = index

    def check(self, name: str, read: LogRead) -> tuple[Told, tuple[Told, ...]]:
        """What the log says to one receipt, and remarks. Raises ReceiptError when it is not honoured."""
        receipt = self.given[name]
        if isinstance(receipt, ReceiptError):
            raise receipt
        checkpoint = verify_receipt(receipt, self.keys)
        leaf = _read_promised(receipt)
        if checkpoint.origin == self.origin:
            place, notes = _find(receipt, checkpoint, read.tree)
        else:
            place, notes = self._find_carried(receipt, checkpoint, leaf), ()
        told = {"code": receipt.code, "index": place}
        if leaf["type"] != "sheet":
            return Told(message=N_("%(code)s: recorded as leaf %(index)s."), params=told), notes
        self._check_latest(receipt, leaf, place, read)
        told |= {"judge": leaf["judge"], "entry": leaf["entry"], "round": leaf["round"]}
        message = (
            N_("%(code)s: the sheet of %(judge)s on %(entry)s (%(round)s) is leaf %(index)s, and it counts.")
            if read.fold.book.counts(leaf)
            else N_("%(code)s: the sheet of %(judge)s on %(entry)s (%(round)s) is leaf %(index)s; it was set aside.")
        )
        return Told(message=message, params=told), notes

    def _check_latest(self, receipt: Receipt, leaf: Leaf, place: int, read: LogRead) -> None:
        latest = read.fold.book.latest(leaf)
        if latest is None or latest == place or read.fault is not None:
            return
        known = {leaf_hash(one.leaf) for one in self.given.values() if isinstance(one, Receipt)}
        if read.tree.levels[0][latest] not in known:
            raise ReceiptError(
                N_("%(code)s: leaf %(index)s is a later version of this sheet, and no receipt of that was given."),
                code=receipt.code,
                index=latest,
            )

    def _find_carried(self, receipt: Receipt, checkpoint: Checkpoint, leaf: Leaf) -> int:
        """The place of a sheet of an earlier epoch in this one, where it was recorded anew."""
        here, there = Origin.parse(self.origin), Origin.parse(checkpoint.origin)
        if (here.host, here.contest) != (there.host, there.contest) or there.epoch > here.epoch:
            raise ReceiptError(N_("The receipt is of another log: “%(origin)s”."), origin=checkpoint.origin)
        place = self.seen.get(_content(leaf))
        if place is None:
            raise ReceiptError(
                N_("%(code)s: leaf %(index)s of an earlier epoch is missing from this log."),
                code=receipt.code,
                index=receipt.index,
            )
        return place

    def _older_content(self, receipt: Receipt | ReceiptError) -> str:
        try:
            if isinstance(receipt, Receipt) and read_checkpoint(receipt.checkpoint).origin != self.origin:
                return _content(read_leaf(receipt.leaf))
        except LedgerError:
            # It is told in its turn what is wrong with it.
            return ""
        return ""


def check_since(data: bytes, keys: Sequence[VerifierKey], *, origin: str, tree: MemoryTree) -> Told:
    """Hold an older checkpoint against the log. Raises SignatureError, and AppendOnlyError when it is no prefix."""
    found = read_checkpoint(data)
    old = open_checkpoint(data, key_of(keys, found.origin))
    if old.origin != origin:
        raise AppendOnlyError(N_("The older checkpoint is of another log: “%(origin)s”."), origin=old.origin)
    _check_prefix(old, tree)
    return Told(
        message=N_("The first %(size)s leaves are those of the older checkpoint; nothing of them was changed."),
        params={"size": old.size},
    )


def check_quoted(read: LogRead, keys: Sequence[VerifierKey], *, origin: str) -> tuple[Told, ...]:
    """Hold the checkpoints that leaves quote against the log; remarks on those of other epochs.

    Raises SignatureError and AppendOnlyError.
    """
    notes = []
    for index, text in read.fold.quoted:
        found = read_checkpoint(text.encode())
        key = next((one for one in keys if one.name == found.origin), None)
        if key is not None:
            open_checkpoint(text.encode(), key)
        elif found.origin == origin:
            raise SignatureError(N_("The note is not signed by “%(name)s”."), name=origin)
        if found.origin == origin:
            _check_prefix(found, read.tree)
        else:
            told = {"index": index, "origin": found.origin, "size": found.size}
            message = N_("Leaf %(index)s continues the log “%(origin)s”, which had %(size)s leaves.")
            notes.append(Told(message=message, params=told))
    return tuple(notes)


def key_of(keys: Sequence[VerifierKey], name: str) -> VerifierKey:
    """The key of that name. Raises SignatureError when none was given."""
    found = next((one for one in keys if one.name == name), None)
    if found is None:
        raise SignatureError(N_("No key of “%(name)s” was given."), name=name)
    return found


def _check_prefix(old: Checkpoint, tree: MemoryTree) -> None:
    if old.size > tree.size:
        raise AppendOnlyError(
            N_("The older checkpoint counts %(old)s leaves, the log only %(new)s."), old=old.size, new=tree.size
        )
    if tree.root(old.size) != old.root:
        raise AppendOnlyError(N_("Among the first %(size)s leaves something was changed since."), size=old.size)


def _find(receipt: Receipt, checkpoint: Checkpoint, tree: MemoryTree) -> tuple[int, tuple[Told, ...]]:
    """Where the leaf of the receipt stands in the log. Raises ReceiptError."""
    told = {"code": receipt.code, "index": receipt.index}
    if receipt.index >= tree.size:
        raise ReceiptError(N_("%(code)s: the log ends before leaf %(index)s."), **told)
    if tree.levels[0][receipt.index] != leaf_hash(receipt.leaf):
        raise ReceiptError(N_("%(code)s: leaf %(index)s of the log is another one."), **told)
    if checkpoint.size > tree.size:
        message = N_("%(code)s: the receipt is newer than the bundle; only its leaf was compared.")
        return receipt.index, (Told(message=message, params=told),)
    if tree.root(checkpoint.size) != checkpoint.root:
        raise ReceiptError(N_("%(code)s: the log that gave this receipt had other leaves than this one."), **told)
    return receipt.index, ()


def _read_promised(receipt: Receipt) -> Leaf:
    try:
        return read_leaf(receipt.leaf)
    except LeafError as error:
        raise ReceiptError(N_("The receipt is not valid: %(reason)s"), reason=error) from error


def _content(leaf: Leaf) -> str:
    """What a sheet says, whenever and under whatever number it was recorded."""
    return json.dumps({key: value for key, value in leaf.items() if key not in _VARIES}, sort_keys=True)
