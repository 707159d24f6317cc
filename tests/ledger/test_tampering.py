"""What somebody with every right on the database and the files, but without the key, can do: nothing unseen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.ledger.faults import Exit
from judging.domain.ledger.leaf_types import Override, Recuse, Sheet
from judging.domain.ledger.leaves import leaf_bytes, read_leaf
from judging.domain.structure import digest
from tests.ledger.bundles import change_file, change_leaves, check, exits, failing, seal
from tests.ledger.conftest import kind_rules
from tests.ledger.log_maker import HASH, LogMaker
from tests.ledger.played import play


@cache
def log() -> LogMaker:
    return play(kind_rules("technical-innovation"), 4, entries=20)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return log().write(tmp_path_factory.mktemp("original") / "bundle")


@pytest.fixture
def bundle(tmp_path: Path, original: Path) -> Path:
    return shutil.copytree(original, tmp_path / "bundle")


def a_sheet() -> int:
    return next(iter(log().sheets.values()))


def other_mark(leaves: list[bytes]) -> list[bytes]:
    leaf = json.loads(leaves[a_sheet()])
    key = min(leaf["scores"])
    leaf["scores"][key] = "0" if leaf["scores"][key] != "0" else "1"
    return [*leaves[: a_sheet()], rfc8785.dumps(leaf), *leaves[a_sheet() + 1 :]]


def one_more(leaves: list[bytes]) -> list[bytes]:
    found = read_leaf(leaves[a_sheet()])
    judged = log().rules.rounds[0]
    body = Sheet(
        round=judged.key, rubric=digest(judged.rubric), judge="j-0007", entry=found["entry"], ver=1,
        scores=found["scores"], comment_sha256=HASH,
    )  # fmt: skip
    return [*leaves[:9], leaf_bytes(body, contest=found["contest"], t=found["t"]), *leaves[9:]]


CHANGES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "a mark": other_mark,
    "a salt": lambda leaves: [*leaves[:5], leaves[5].replace(b'"salt":"AAAA', b'"salt":"BAAA'), *leaves[6:]],
    "two leaves swapped": lambda leaves: [*leaves[:5], leaves[6], leaves[5], *leaves[7:]],
    "the last leaf deleted": lambda leaves: leaves[:-1],
    "a leaf in the middle deleted": lambda leaves: [*leaves[:7], *leaves[8:]],
    "a leaf inserted": one_more,
    "a leaf doubled": lambda leaves: [*leaves[:7], leaves[6], *leaves[7:]],
}


@pytest.mark.parametrize("what", CHANGES)
def test_changed_leaves_end_with_3(bundle: Path, what: str) -> None:
    """The tiles and the manifest were made to fit; the signed root was not."""
    change_leaves(bundle, CHANGES[what])
    outcome = check(bundle, log())
    assert (outcome.code, failing(outcome)) == (Exit.HASH, ["tree"])


def test_changed_leaves_without_a_fitting_manifest_end_with_3(bundle: Path) -> None:
    change_file(bundle, "entries.jsonl", lambda data: data.replace(b'"i":9,', b'"i":10,'))
    outcome = check(bundle, log())
    assert (outcome.code, failing(outcome)) == (Exit.HASH, ["files"])


@pytest.mark.parametrize("name", ["tile/0/000", "tile/1/000.p/1"])
def test_changed_node_ends_with_3(bundle: Path, name: str) -> None:
    if not (bundle / name).exists():
        name = next(path.relative_to(bundle).as_posix() for path in bundle.glob("tile/0/000.p/*"))
    change_file(bundle, name, lambda data: bytes([data[0] ^ 1]) + data[1:])
    seal(bundle)
    outcome = check(bundle, log())
    assert (outcome.code, failing(outcome)) == (Exit.HASH, ["tree"])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("rules.json", lambda data: data.replace(b'"trimmed-mean"', b'"mean"').replace(b'"mean"', b'"median"')),
        ("rubric.json", lambda data: data.replace(b'"weight":"1"', b'"weight":"2"', 1)),
        ("roster.json", lambda data: data.replace(b"j-0001", b"j-9001")),
        ("assign.json", lambda data: data.replace(b"j-0001", b"j-9001")),
        ("assign.json", lambda data: data.replace(b'"division":null', b'"division":"x"')),
        ("plugins.json", lambda data: data.replace(b"0.1.0", b"0.1.1")),
    ],
)
def test_changed_document_ends_with_3(bundle: Path, name: str, change: Any) -> None:
    change_file(bundle, name, change)
    seal(bundle)
    outcome = check(bundle, log())
    assert (outcome.code, failing(outcome)[0]) == (Exit.HASH, "documents")


def test_changed_ranking_ends_with_6(bundle: Path) -> None:
    change_file(bundle, "ranking.json", lambda data: data.replace(b'"rank":1,', b'"rank":2,', 1))
    seal(bundle)
    outcome = check(bundle, log())
    assert (outcome.code, failing(outcome)) == (Exit.RANKING, ["ranking"])


def test_changed_checkpoint_ends_with_2(bundle: Path) -> None:
    change_file(bundle, "checkpoint", lambda data: data.replace(b"\n\n", b"\n\n", 1)[:-2] + b"A\n")
    seal(bundle)
    outcome = check(bundle, log())
    assert (outcome.code, failing(outcome)) == (Exit.SIGNATURE, ["signature"])


def test_older_state_of_the_log_is_found_by_receipts_and_checkpoints(tmp_path: Path) -> None:
    """Somebody with the key as well signs a log of which the end was rolled back, and another end was written."""
    full = log()
    cut = len(full.leaves) // 2
    forged = LogMaker(rules=full.rules, boards=full.boards)
    for leaf in full.leaves[:cut]:
        forged.fold.add(read_leaf(leaf))
        forged.leaves.append(leaf)
    forged.tree = type(full.tree)(full.tree.levels[0][:cut])
    forged.judges, forged.plan = full.judges, full.plan
    forged.assign(full.rules.rounds[0].key, [])
    forged.close()
    bundle = forged.write(tmp_path / "bundle")
    assert check(bundle, full).code is Exit.OK

    assert exits(check(bundle, full, receipts=[full.receipt(cut + 1)]))["receipt"] is Exit.RECEIPT
    assert check(bundle, full, receipts=[full.receipt(cut - 1, cut)]).code is Exit.OK
    assert check(bundle, full, since=full.checkpoint(cut + 3)).code is Exit.NOT_APPEND_ONLY
    assert check(bundle, full, since=full.checkpoint(cut)).code is Exit.OK


def test_override_in_daylight_is_listed(tmp_path: Path) -> None:
    full = play(kind_rules("youth-creativity"), 8, entries=40, events=("overrides", "recusals"))
    outcome = check(full.write(tmp_path / "bundle"), full)
    kinds = {leaf["type"] for _, leaf in outcome.acts}

    assert (outcome.code, kinds >= {Override.kind, Recuse.kind}) == (Exit.OK, True)


@given(place=st.integers(0, 10**9), bit=st.integers(0, 7), pick=st.integers(0, 10**9))
def test_any_bit_of_any_file_changed_is_found(original: Path, place: int, bit: int, pick: int) -> None:
    files = sorted(path for path in original.rglob("*") if path.is_file())
    path = files[pick % len(files)]
    sound = path.read_bytes()
    place %= len(sound)
    path.write_bytes(sound[:place] + bytes([sound[place] ^ (1 << bit)]) + sound[place + 1 :])
    try:
        assert check(original, log()).code in (Exit.HASH, Exit.SIGNATURE)
    finally:
        path.write_bytes(sound)


@given(place=st.integers(0, 10**9), bit=st.integers(0, 7), pick=st.integers(0, 10**9))
def test_any_bit_changed_is_found_where_the_manifest_was_made_to_fit(
    original: Path, place: int, bit: int, pick: int
) -> None:
    """But for the copies of keys in the bundle: nothing is ever proved by those."""
    files = [path for path in sorted(original.rglob("*")) if path.is_file() and path.name not in _UNPROVEN]
    path, manifest = files[pick % len(files)], original / "manifest.json"
    sound, listed = path.read_bytes(), manifest.read_bytes()
    place %= len(sound)
    path.write_bytes(sound[:place] + bytes([sound[place] ^ (1 << bit)]) + sound[place + 1 :])
    seal(original)
    try:
        assert check(original, log()).code in (Exit.HASH, Exit.SIGNATURE, Exit.RANKING)
    finally:
        path.write_bytes(sound)
        manifest.write_bytes(listed)


_UNPROVEN = {"log.vkey", "manifest.json"}
