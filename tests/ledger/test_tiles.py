"""Tiles: their paths, their bytes, and Go making its proofs from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.ledger.canonical import to_base64
from judging.domain.ledger.checkpoints import Checkpoint, sign_checkpoint
from judging.domain.ledger.faults import HashError
from judging.domain.ledger.merkle import MemoryTree, inclusion_proof, leaf_hash
from judging.domain.ledger.tiles import (
    Tile,
    entry_bundle,
    entry_tiles,
    has_tile,
    hash_tile,
    hash_tiles,
    read_bundle,
    read_hashes,
)
from tests.ledger.log_maker import signing_key

if TYPE_CHECKING:
    from tests.ledger.conftest import Oracle

KEY = signing_key("contest.example/spring-2026/log/1")


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1, 44), "tile/0/001.p/44"),
        (Tile(2, 1234), "tile/2/x001/234"),
        (Tile(0, 1_234_067, 5), "tile/0/x001/x234/067.p/5"),
        (Tile(None, 999), "tile/entries/999"),
        (Tile(None, 1000, 1), "tile/entries/x001/000.p/1"),
    ],
)
def test_path_of_a_tile(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert Tile.parse(path) == tile


@given(level=st.none() | st.integers(0, 63), index=st.integers(0, 10**12), width=st.integers(1, 256))
def test_path_of_any_tile_is_read_back(level: int | None, index: int, width: int) -> None:
    assert Tile.parse(Tile(level, index, width).path) == Tile(level, index, width)


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0/0", "tile/00/000", "tile/64/000", "tile/0/1000", "tile/0/x000/001", "tile/0/000.p/256",
        "tile/0/000.p/0", "tile/0/000.p/01", "tile/0/000.p/300", "tile/0/001/000", "tile/0/../000", "tile/-1/000",
        "tile/0/000.p/44/", "tile/entries/000.p/x", "tile/8/0/000",
    ],
)  # fmt: skip
def test_other_spellings_are_refused(path: str) -> None:
    with pytest.raises(HashError):
        Tile.parse(path)


@pytest.mark.parametrize(
    ("size", "paths"),
    [
        (0, []),
        (1, ["tile/0/000.p/1"]),
        (256, ["tile/0/000", "tile/1/000.p/1"]),
        (600, ["tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"]),
    ],
)
def test_tiles_of_a_log(size: int, paths: list[str]) -> None:
    assert [tile.path for tile in hash_tiles(size)] == paths


def test_tiles_of_a_large_log_reach_its_third_level() -> None:
    assert [tile.path for tile in hash_tiles(70_000)][272:] == [
        "tile/0/272",
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]


def test_log_has_the_partial_tiles_it_has_grown_past() -> None:
    assert has_tile(300, Tile(0, 1, 44))
    assert has_tile(300, Tile(0, 1, 3))
    assert not has_tile(300, Tile(0, 1, 45))
    assert not has_tile(300, Tile(0, 1))
    assert has_tile(300, Tile(1, 0, 1))
    assert not has_tile(300, Tile(1, 0, 2))
    assert has_tile(300, Tile(None, 1, 44))


@given(leaves=st.lists(st.binary(max_size=300), max_size=20))
def test_entry_bundle_is_read_back(leaves: list[bytes]) -> None:
    assert read_bundle(entry_bundle(leaves)) == leaves


def test_erased_leaf_is_empty_in_its_bundle() -> None:
    assert entry_bundle([b"a", None, b"b"]) == b"\x00\x01a\x00\x00\x00\x01b"


@pytest.mark.parametrize("data", [b"\x00", b"\x00\x02a", b"\x00\x01a\x00"])
def test_entry_bundle_cut_short_is_refused(data: bytes) -> None:
    with pytest.raises(HashError):
        read_bundle(data)


def test_leaf_too_long_for_a_bundle_is_refused() -> None:
    with pytest.raises(HashError):
        entry_bundle([b"x" * 65_536])


def test_hashes_of_a_tile_are_read_back() -> None:
    tree = MemoryTree([leaf_hash(bytes([number])) for number in range(9)])
    assert read_hashes(hash_tile(Tile(0, 0, 9), tree.read)) == tree.levels[0]


@pytest.mark.parametrize("data", [b"", b"x" * 31, b"x" * 33, b"x" * 32 * 257])
def test_hash_tile_of_another_length_is_refused(data: bytes) -> None:
    with pytest.raises(HashError):
        read_hashes(data)


def tree_of(size: int) -> MemoryTree:
    return MemoryTree([leaf_hash(str(number).encode()) for number in range(size)])


def write_tiles(tree: MemoryTree, folder: Path) -> None:
    for tile in hash_tiles(tree.size):
        path = folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(hash_tile(tile, tree.read))


def checkpoint_of(tree: MemoryTree) -> str:
    return sign_checkpoint(Checkpoint(origin=KEY.name, size=tree.size, root=tree.root()), KEY).decode()


@pytest.mark.parametrize("size", [1, 5, 256, 257, 300, 600, 66_000])
def test_go_makes_its_proofs_from_our_tiles(oracle: Oracle, tmp_path: Path, size: int) -> None:
    tree = tree_of(size)
    write_tiles(tree, tmp_path)
    items = sorted({0, size // 2, size - 1})

    made = oracle.ask("tiles", Key=str(KEY.verifier), Note=checkpoint_of(tree), Dir=str(tmp_path), Items=items)

    assert made["Why"] == ""
    assert made["Proofs"] == [[to_base64(one) for one in inclusion_proof(item, size, tree.read)] for item in items]


def test_go_refuses_tiles_with_any_byte_changed(oracle: Oracle, tmp_path: Path) -> None:
    tree = tree_of(300)
    write_tiles(tree, tmp_path)
    accepted = []
    for tile in hash_tiles(300):
        path = tmp_path / tile.path
        sound = path.read_bytes()
        for place in range(0, len(sound), 97):
            path.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
            asked = {"Note": checkpoint_of(tree), "Dir": str(tmp_path), "Items": list(range(300))}
            if oracle.accepts("tiles", Key=str(KEY.verifier), **asked):
                accepted.append((tile.path, place))
        path.write_bytes(sound)
    assert accepted == []


def test_entry_tiles_hold_all_leaves() -> None:
    assert [tile.width for tile in entry_tiles(600)] == [256, 256, 88]
    assert [node for tile in entry_tiles(600) for node in tile.nodes] == [(0, number) for number in range(600)]
