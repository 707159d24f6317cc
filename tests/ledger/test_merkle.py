"""The tree: every proof of every size verifies, no other does, and growing it gives what a whole tree has."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.ledger.canonical import to_base64
from judging.domain.ledger.faults import HashError
from judging.domain.ledger.merkle import (
    EMPTY_ROOT,
    MemoryTree,
    NodeId,
    append_leaves,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    peaks,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

if TYPE_CHECKING:
    from tests.ledger.conftest import Oracle

MOST = 600
HASHES = [leaf_hash(str(number).encode()) for number in range(MOST)]
TREE = MemoryTree(HASHES)
SIZES = st.integers(1, MOST)


def slow_root(hashes: Sequence[bytes]) -> bytes:
    """The definition of RFC 6962, word by word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return node_hash(slow_root(hashes[:half]), slow_root(hashes[half:]))


@st.composite
def places(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(SIZES)
    return draw(st.integers(0, size - 1)), size


@given(size=st.integers(0, MOST))
def test_root_is_that_of_the_definition(size: int) -> None:
    assert TREE.root(size) == slow_root(HASHES[:size])


@given(place=places())
def test_inclusion_proof_leads_to_the_root(place: tuple[int, int]) -> None:
    index, size = place
    path = inclusion_proof(index, size, TREE.read)

    verify_inclusion(HASHES[index], index=index, size=size, root=TREE.root(size), path=path)


@given(place=places())
def test_consistency_proof_shows_a_prefix(place: tuple[int, int]) -> None:
    old, new = place
    proof = consistency_proof(old, new, TREE.read)

    verify_consistency(old=old, old_root=TREE.root(old), new=new, new_root=TREE.root(new), proof=proof)


def flipped(data: bytes, bit: int) -> bytes:
    place = bit % (len(data) * 8)
    return data[: place // 8] + bytes([data[place // 8] ^ (1 << (place % 8))]) + data[place // 8 + 1 :]


@given(place=places(), bit=st.integers(0, 10_000), data=st.data())
def test_inclusion_proof_with_one_bit_changed_is_refused(place: tuple[int, int], bit: int, data: st.DataObject) -> None:
    index, size = place
    parts = [HASHES[index], TREE.root(size), *inclusion_proof(index, size, TREE.read)]
    changed = data.draw(st.integers(0, len(parts) - 1))
    parts[changed] = flipped(parts[changed], bit)

    with pytest.raises(HashError):
        verify_inclusion(parts[0], index=index, size=size, root=parts[1], path=parts[2:])


@given(place=places(), bit=st.integers(0, 10_000), data=st.data())
def test_consistency_proof_with_one_bit_changed_is_refused(
    place: tuple[int, int], bit: int, data: st.DataObject
) -> None:
    old, new = place
    # From nothing everything follows: the root of an empty tree is fixed, and the new root is not looked at.
    parts = [TREE.root(old), TREE.root(new), *consistency_proof(old, new, TREE.read)]
    changed = data.draw(st.integers(0, len(parts) - 1) if old else st.just(0))
    parts[changed] = flipped(parts[changed], bit)

    with pytest.raises(HashError):
        verify_consistency(old=old, old_root=parts[0], new=new, new_root=parts[1], proof=parts[2:])


@given(place=places(), data=st.data())
def test_proofs_of_another_length_are_refused(place: tuple[int, int], data: st.DataObject) -> None:
    index, size = place
    path = list(inclusion_proof(index, size, TREE.read))
    changed = [*path, HASHES[0]] if not path or data.draw(st.booleans()) else path[:-1]

    with pytest.raises(HashError):
        verify_inclusion(HASHES[index], index=index, size=size, root=TREE.root(size), path=changed)


@given(place=places(), other=st.integers(0, MOST - 1))
def test_inclusion_proof_for_another_place_is_refused(place: tuple[int, int], other: int) -> None:
    index, size = place
    path = inclusion_proof(index, size, TREE.read)
    if other in (index, *range(size, MOST)):
        other = size

    with pytest.raises(HashError):
        verify_inclusion(HASHES[index], index=other, size=size, root=TREE.root(size), path=path)


@given(start=st.integers(0, 300), counts=st.lists(st.integers(1, 60), max_size=5))
def test_appending_stores_every_complete_subtree_once(start: int, counts: list[int]) -> None:
    stored: dict[NodeId, bytes] = dict(append_leaves(0, HASHES[:start], _nothing).nodes)

    def read(nodes: Sequence[NodeId]) -> list[bytes]:
        return [stored[node] for node in nodes]

    size = start
    for count in counts:
        grown = append_leaves(size, HASHES[size : size + count], read)
        assert not stored.keys() & dict(grown.nodes).keys()
        stored.update(grown.nodes)
        size = grown.size
        assert grown.root == TREE.root(size)
    whole = MemoryTree(HASHES[:size])
    assert stored == {
        (level, index): one for level, nodes in enumerate(whole.levels) for index, one in enumerate(nodes)
    }


def test_appending_asks_for_the_peaks_in_one_call() -> None:
    asked: list[tuple[NodeId, ...]] = []

    def read(nodes: Sequence[NodeId]) -> list[bytes]:
        asked.append(tuple(nodes))
        return TREE.read(nodes)

    append_leaves(300, HASHES[300:301], read)

    assert asked == [peaks(300)] == [((8, 0), (5, 8), (3, 36), (2, 74))]


def test_proofs_ask_for_their_nodes_in_one_call() -> None:
    asked: list[int] = []

    def read(nodes: Sequence[NodeId]) -> list[bytes]:
        asked.append(len(nodes))
        return TREE.read(nodes)

    inclusion_proof(256, 300, read)
    consistency_proof(3, 300, read)
    tree_root(300, read)

    assert len(asked) == 3


def test_empty_tree_has_the_root_of_nothing() -> None:
    assert TREE.root(0) == EMPTY_ROOT == tree_root(0, _nothing)
    verify_consistency(old=0, old_root=EMPTY_ROOT, new=3, new_root=TREE.root(3), proof=())


@pytest.mark.parametrize(("index", "size"), [(3, 3), (-1, 3), (0, 0)])
def test_inclusion_proof_of_a_leaf_that_is_not_there_is_refused(index: int, size: int) -> None:
    with pytest.raises(HashError):
        inclusion_proof(index, size, TREE.read)


def test_consistency_proof_with_a_larger_log_is_refused() -> None:
    with pytest.raises(HashError):
        consistency_proof(4, 3, TREE.read)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 255, 256, 257, 300, 511, 513, 600])
def test_go_makes_the_same_tree_and_the_same_proofs(oracle: Oracle, size: int) -> None:
    items = sorted({0, size // 3, size // 2, size - 1})
    made: dict[str, Any] = oracle.ask("grow", Size=size, Items=items)

    assert made["Root"] == to_base64(TREE.root(size))
    expected = [
        [to_base64(one) for one in proof]
        for item in items
        for proof in (inclusion_proof(item, size, TREE.read), consistency_proof(item + 1, size, TREE.read))
    ]
    assert made["Proofs"] == expected


def _nothing(nodes: Sequence[NodeId]) -> list[bytes]:
    assert not nodes
    return []
