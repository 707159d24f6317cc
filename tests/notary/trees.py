"""A log of made-up leaves, as a database would hold it, for the tests of the notary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from judging.domain.ledger.checkpoints import Checkpoint, open_checkpoint, sign_checkpoint
from judging.domain.ledger.faults import HashError
from judging.domain.ledger.merkle import MemoryTree, leaf_hash, peaks
from judging.notary import Growth, LogKeys, Notary

ORIGIN = "contest.example/spring-2026/log/1"


@dataclass
class StoredLog:
    """`leaves` are what the database holds: cut them or change them, as a restore or an administrator would."""

    leaves: list[bytes] = field(default_factory=list)

    @property
    def tree(self) -> MemoryTree:
        return MemoryTree([leaf_hash(one) for one in self.leaves])

    @property
    def size(self) -> int:
        return len(self.leaves)

    @property
    def root(self) -> bytes:
        return self.tree.root()

    def root_at(self, size: int) -> bytes:
        if size > self.size:
            raise HashError("A node of the score log is missing in the database.")
        return self.tree.root(size)

    def peaks_at(self, size: int) -> list[bytes]:
        if size > self.size:
            raise HashError("A node of the score log is missing in the database.")
        return self.tree.read(peaks(size)) if size else []

    def grow(self, *leaves: bytes) -> Growth:
        """Commit leaves; what a unit of work tells of it."""
        before, root_before = self.size, self.root
        self.leaves += leaves
        return Growth(
            origin=ORIGIN, before=before, root_before=root_before, hashes=[leaf_hash(one) for one in leaves],
            size=self.size, root=self.root,
        )  # fmt: skip

    def state(self, size: int | None = None) -> Checkpoint:
        size = self.size if size is None else size
        return Checkpoint(origin=ORIGIN, size=size, root=self.tree.root(size))


def witness(notary: Notary, log: StoredLog, *leaves: bytes) -> bytes:
    """Add leaves and have them signed."""
    return notary.witness(log.grow(*leaves), peaks_at=log.peaks_at, root_at=log.root_at)


def check(notary: Notary, log: StoredLog) -> None:
    notary.check(ORIGIN, size=log.size, root=log.root, root_at=log.root_at)


def notary_in(folder: Path) -> Notary:
    """A notary as a new process has it."""
    return Notary(folder, host="contest.example")


def said(folder: Path, note: bytes) -> Checkpoint:
    return open_checkpoint(note, LogKeys(folder).of(ORIGIN).verifier)


def note_of(folder: Path, size: int, root: bytes | None = None) -> bytes:
    """A checkpoint signed with the installation's key."""
    state = Checkpoint(origin=ORIGIN, size=size, root=root or leaf_hash(str(size).encode()))
    return sign_checkpoint(state, LogKeys(folder).of(ORIGIN))


def sizes_kept(path: Path) -> Sequence[int]:
    """The sizes of the checkpoints in a file, in the order of its whole lines."""
    import json

    from judging.domain.ledger.checkpoints import read_checkpoint

    lines = [line for line in path.read_bytes().split(b"\n") if line.endswith(b'"')]
    return [read_checkpoint(json.loads(line).encode()).size for line in lines]
