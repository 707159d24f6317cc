"""The Merkle tree of RFC 6962: growing it, its root, and proofs that a leaf or an earlier tree is part of it.

A node is named (level, index): it covers the leaves from index * 2**level on, 2**level of them. Only nodes of complete
subtrees are kept; they never change. Whatever else a tree of some size needs is hashed from them when asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from judging.domain.ledger.faults import HashError
from judging.errors import N_

NodeId = tuple[int, int]
"""Level and index of a complete subtree."""

ReadNodes = Callable[[Sequence[NodeId]], Sequence[bytes]]
"""Gives the hashes of complete subtrees in the order asked for, all in one call."""

EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """What appending adds: the nodes to store, and size and root of the tree afterwards."""

    nodes: tuple[tuple[NodeId, bytes], ...]
    size: int
    root: bytes


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> tuple[NodeId, ...]:
    """The complete subtrees that a tree of that size consists of, the largest first."""
    return tuple(_cover(0, size))


def append_leaves(size: int, hashes: Sequence[bytes], read: ReadNodes) -> Grown:
    """Append leaf hashes to a tree of `size`, whose peaks `read` gives in one call."""
    standing = list(zip(peaks(size), read(peaks(size)) if size else (), strict=True))
    added: list[tuple[NodeId, bytes]] = []
    for index, one in enumerate(hashes, start=size):
        node: tuple[NodeId, bytes] = ((0, index), one)
        added.append(node)
        while standing and standing[-1][0][0] == node[0][0]:
            (level, left), sibling = standing.pop()
            node = ((level + 1, left // 2), node_hash(sibling, node[1]))
            added.append(node)
        standing.append(node)
    return Grown(nodes=tuple(added), size=size + len(hashes), root=_join([one for _, one in standing]))


def tree_root(size: int, read: ReadNodes) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return _join(read(peaks(size)) if size else ())


def inclusion_proof(index: int, size: int, read: ReadNodes) -> tuple[bytes, ...]:
    """The path from leaf `index` to the root of the tree of `size` (RFC 6962, 2.1.1), the leaf's sibling first."""
    if not 0 <= index < size:
        raise HashError(N_("The log has no leaf %(index)s at size %(size)s."), index=index, size=size)
    return _read_ranges(list(_path(index, 0, size)), read)


def consistency_proof(old: int, new: int, read: ReadNodes) -> tuple[bytes, ...]:
    """The proof that the tree of `old` is a prefix of that of `new` (RFC 6962, 2.1.2); empty for 0 and for `new`."""
    if not 0 <= old <= new:
        raise HashError(N_("A log of %(new)s leaves has no earlier state of %(old)s."), old=old, new=new)
    return _read_ranges(list(_subproof(old, 0, new, whole=True)), read) if old else ()


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that the path leads to from a leaf hash (RFC 9162, 2.1.3.2). Raises HashError for one that misfits."""
    if not 0 <= index < size:
        raise HashError(N_("The log has no leaf %(index)s at size %(size)s."), index=index, size=size)
    node, last, root = index, size - 1, leaf
    for one in path:
        if last == 0:
            raise HashError(N_("A proof has too many hashes."))
        if node % 2 or node == last:
            root = node_hash(one, root)
            while not node % 2 and node:
                node, last = node // 2, last // 2
        else:
            root = node_hash(root, one)
        node, last = node // 2, last // 2
    if last:
        raise HashError(N_("A proof has too few hashes."))
    return root


def verify_inclusion(leaf: bytes, *, index: int, size: int, root: bytes, path: Sequence[bytes]) -> None:
    """Raise HashError unless the path leads from the leaf hash to `root`."""
    if root_from_inclusion(leaf, index, size, path) != root:
        raise HashError(N_("A proof does not lead to the root of the log."))


def verify_consistency(*, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise HashError unless the proof shows that the old tree is a prefix of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new or bool(proof) == (old in (0, new)):
        raise HashError(N_("A proof of consistency does not fit the sizes of the log."))
    if not proof:
        if old_root != (new_root if old else EMPTY_ROOT):
            raise HashError(N_("A proof of consistency does not lead to the root of the log."))
        return
    if _consistent_roots(old, old_root, new, proof) != (old_root, new_root):
        raise HashError(N_("A proof of consistency does not lead to the root of the log."))


def _consistent_roots(old: int, old_root: bytes, new: int, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The two roots that a proof leads to."""
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    node, last = old - 1, new - 1
    while node % 2:
        node, last = node // 2, last // 2
    before = after = path[0]
    for one in path[1:]:
        if last == 0:
            raise HashError(N_("A proof has too many hashes."))
        if node % 2 or node == last:
            before, after = node_hash(one, before), node_hash(one, after)
            while not node % 2 and node:
                node, last = node // 2, last // 2
        else:
            after = node_hash(after, one)
        node, last = node // 2, last // 2
    if last:
        raise HashError(N_("A proof has too few hashes."))
    return before, after


class MemoryTree:
    """A whole tree in memory, for checking a log and for tests: all nodes of complete subtrees, level by level."""

    def __init__(self, hashes: Sequence[bytes] = ()) -> None:
        self.levels: list[list[bytes]] = [[]]
        for one in hashes:
            self.append(one)

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self.levels[0])

    def append(self, one: bytes) -> None:
        """Add a leaf hash."""
        nodes, level = self.levels[0], 0
        nodes.append(one)
        while not len(nodes) % 2:
            joined = node_hash(nodes[-2], nodes[-1])
            level += 1
            if level == len(self.levels):
                self.levels.append([])
            nodes = self.levels[level]
            nodes.append(joined)

    def read(self, nodes: Sequence[NodeId]) -> list[bytes]:
        """The hashes of these nodes: a ReadNodes."""
        return [self.levels[level][index] for level, index in nodes]

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` leaves, or of all."""
        return tree_root(self.size if size is None else size, self.read)


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def _cover(start: int, end: int) -> Iterator[NodeId]:
    """The complete subtrees of a range that starts where a subtree of its width may start."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield (level, start >> level)
        start += 1 << level


def _join(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for one in reversed(hashes[:-1]):
        root = node_hash(one, root)
    return root


def _path(index: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    if end - start == 1:
        return
    middle = start + _split(end - start)
    if index < middle:
        yield from _path(index, start, middle)
        yield (middle, end)
    else:
        yield from _path(index, middle, end)
        yield (start, middle)


def _subproof(old: int, start: int, end: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    if old == end:
        if not whole:
            yield (start, end)
        return
    middle = start + _split(end - start)
    if old <= middle:
        yield from _subproof(old, start, middle, whole=whole)
        yield (middle, end)
    else:
        yield from _subproof(old, middle, end, whole=False)
        yield (start, middle)


def _read_ranges(ranges: Sequence[tuple[int, int]], read: ReadNodes) -> tuple[bytes, ...]:
    covers = [tuple(_cover(start, end)) for start, end in ranges]
    if not covers:
        return ()
    hashes = iter(read([node for cover in covers for node in cover]))
    return tuple(_join([next(hashes) for _ in cover]) for cover in covers)
