"""The published test vectors of the format: a log of 300 leaves under the key whose seed is the bytes 0 to 31."""

import base64
import hashlib

import pytest

from judging.domain.ledger.canonical import canonical_json
from judging.domain.ledger.checkpoints import Checkpoint, open_checkpoint, sign_checkpoint
from judging.domain.ledger.faults import LeafError, SignatureError
from judging.domain.ledger.leaves import read_leaf
from judging.domain.ledger.merkle import (
    MemoryTree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
)
from judging.domain.ledger.notes import VerifierKey, verify_cosignature
from judging.domain.ledger.receipts import Receipt, verify_receipt
from judging.domain.ledger.tiles import Tile, entry_bundle, entry_tiles, hash_tile, hash_tiles, read_bundle
from tests.ledger.conftest import VECTORS
from tests.ledger.log_maker import signing_key

ORIGIN = "contest.example/spring-2026/log/1"
ROOT_3 = "BVi+Yymy5WmMbLd/Pnuw/8Pa7LBjJtFBjh0xFlxZc7g="
ROOT_300 = "Q3Y3OUdQMaBK5l25M877Yt7+fB9YqIfB4RZfNtg6DCk="
LEAVES = [leaf for tile in entry_tiles(300) for leaf in read_bundle((VECTORS / tile.path).read_bytes())]
TREE = MemoryTree([leaf_hash(leaf) for leaf in LEAVES])
KEY = VerifierKey.parse((VECTORS / "vkey").read_text())


def read(name: str) -> bytes:
    return (VECTORS / name).read_bytes()


def test_key_is_the_published_one() -> None:
    assert str(signing_key(ORIGIN).verifier) == read("vkey").decode().strip() == str(KEY)
    assert str(KEY) == f"{ORIGIN}+2f29d4a5+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


def test_leaf_1_has_the_published_hash() -> None:
    assert leaf_hash(LEAVES[1]).hex() == "aa79688dcfb343e2d349897a9e0fd9b29e1c502228f10381358a560d93542cfe"


@pytest.mark.parametrize(("size", "root"), [(3, ROOT_3), (300, ROOT_300)])
def test_roots_are_the_published_ones(size: int, root: str) -> None:
    assert base64.b64encode(TREE.root(size)).decode() == root


@pytest.mark.parametrize(("size", "name"), [(3, "checkpoint.3"), (300, "checkpoint")])
def test_checkpoints_are_made_and_read_alike(size: int, name: str) -> None:
    said = Checkpoint(origin=ORIGIN, size=size, root=TREE.root(size))
    made = sign_checkpoint(said, signing_key(ORIGIN))

    assert open_checkpoint(read(name), KEY) == said
    assert read(name).startswith(made)


def test_witness_signed_the_large_checkpoint_and_not_the_small_one() -> None:
    witness = VerifierKey.parse(read("witness.vkey").decode())

    assert verify_cosignature(read("checkpoint"), witness) == 1772388000
    with pytest.raises(SignatureError):
        verify_cosignature(read("checkpoint.3"), witness)


def test_hash_tiles_are_the_published_files() -> None:
    tiles = {tile.path: hash_tile(tile, TREE.read) for tile in hash_tiles(300)}

    assert {path: read(path) for path in tiles} == tiles
    assert sorted(tiles) == ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"]
    assert hashlib.sha256(tiles["tile/0/000"]).hexdigest().startswith("96c8327cee883022612cec59f925a2b4")


def test_entry_bundles_are_the_published_files() -> None:
    bundle = entry_bundle(LEAVES[:256])

    assert bundle == read(Tile(None, 0).path)
    assert entry_bundle(LEAVES[256:]) == read(Tile(None, 1, 44).path)
    assert hashlib.sha256(bundle).hexdigest() == "20eadbe443be72c1a3ee40e1b9e19aedc09c08c7391e0b9b6b7722fd058d1989"


def test_consistency_proof_is_the_published_one() -> None:
    published = [base64.b64decode(line) for line in read("consistency-3-300.txt").split()]
    proof = consistency_proof(3, 300, TREE.read)

    assert list(proof) == published
    assert len(proof) == 10
    verify_consistency(old=3, old_root=TREE.root(3), new=300, new_root=TREE.root(), proof=published)


@pytest.mark.parametrize(("index", "size", "hashes"), [(1, 3, 2), (256, 300, 7)])
def test_receipts_are_made_and_read_alike(index: int, size: int, hashes: int) -> None:
    data = read(f"receipt-{index}.tlog-proof")
    receipt = Receipt.parse(data)

    assert bytes(receipt) == data
    assert (receipt.index, receipt.leaf) == (index, LEAVES[index])
    assert receipt.path == inclusion_proof(index, size, TREE.read)
    assert len(receipt.path) == hashes
    assert verify_receipt(receipt, [KEY]).size == size
    assert receipt.file_name == f"receipt-{index}.tlog-proof"


def test_sheet_leaves_are_well_formed() -> None:
    sheets = [read_leaf(leaf) for leaf in LEAVES[1:-1]]

    assert [canonical_json(sheet) for sheet in sheets] == LEAVES[1:-1]
    assert (sheets[1]["ver"], sheets[1]["supersedes"]) == (2, 1)


@pytest.mark.parametrize(("index", "field"), [(0, "assign_sha256"), (299, "inputs")])
def test_shortened_leaves_of_the_vectors_are_refused(index: int, field: str) -> None:
    """The vectors' first and last leaf were written before the format had all its fields."""
    with pytest.raises(LeafError) as refused:
        read_leaf(LEAVES[index])
    assert refused.value.params["field"] == field
