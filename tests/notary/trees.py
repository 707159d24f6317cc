"""A log of made-up leaves, as a database would hold it, for the tests of the notary."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from judging.domain.ledger.checkpoints import Checkpoint, open_checkpoint, read_checkpoint, sign_checkpoint
from judging.domain.ledger.faults import HashError
from judging.domain.ledger.merkle import MemoryTree, NodeId, leaf_hash, tree_root
from judging.notary import Growth, LogKeys, Notary

ORIGIN = "contest.example/spring-2026/log/1"


@dataclass
class StoredLog:
    """`leaves` are what the database holds: cut them or change them, as a restore or an administrator would.

    `forged` are nodes that somebody put in the place of those that follow from the leaves.
    """

    leaves: list[bytes] = field(default_factory=list)
    forged: dict[NodeId, bytes] = field(default_factory=dict)

    @property
    def tree(self) -> MemoryTree:
        return MemoryTree([leaf_hash(one) for one in self.leaves])

    @property
    def size(self) -> int:
        return len(self.leaves)

    @property
    def root(self) -> bytes:
        return self.tree.root()

    def read(self, nodes: Sequence[NodeId]) -> list[bytes]:
        """The hashes of complete subtrees."""
        try:
            return [self.forged.get(node) or self.tree.read([node])[0] for node in nodes]
        except IndexError as error:
            raise HashError("A node of the score log is missing in the database.") from error

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
        return Checkpoint(origin=ORIGIN, size=size, root=tree_root(size, self.read))


def witness(notary: Notary, log: StoredLog, *leaves: bytes) -> bytes:
    """Add leaves and have them signed."""
    return notary.witness(log.grow(*leaves), read=log.read)


def check(notary: Notary, log: StoredLog) -> None:
    notary.check(ORIGIN, size=log.size, root=log.root, read=log.read)


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
    lines = [line for line in path.read_bytes().split(b"\n") if line.endswith(b'"')]
    return [read_checkpoint(json.loads(line).encode()).size for line in lines]
