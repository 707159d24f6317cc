"""What is a bundle at all: its manifest, its files, and their sizes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from judging.domain.ledger.bundle import Manifest
from judging.domain.ledger.faults import Exit
from judging.domain.ledger.merkle import MemoryTree
from tests.ledger.bundles import check, failing, seal
from tests.ledger.cases import rules
from tests.ledger.examples import played
from tests.ledger.log_maker import HASH, LogMaker


def test_manifest_survives_being_written() -> None:
    manifest = Manifest(origin=played().origin, size=3, files={"tile/0/x001/000.p/4": HASH})
    assert Manifest.parse(bytes(manifest)) == manifest


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../b", "a//b", "A", "", "a/", ".hidden"])
def test_manifest_with_a_path_outside_is_refused(tmp_path: Path, path: str) -> None:
    bundle = played().write(tmp_path / "bundle")
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    manifest["files"][path] = HASH
    (bundle / "manifest.json").write_bytes(json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode())
    assert check(bundle, played()).code is Exit.HASH


@pytest.mark.parametrize(
    "name", ["checkpoint", "log.vkey", "entries.jsonl", "rules.json", "ranking.json", "tile/0/000"]
)
def test_file_that_is_missing_ends_with_3(tmp_path: Path, name: str) -> None:
    bundle = played().write(tmp_path / "bundle")
    name = name if (bundle / name).exists() else f"{name}.p/{len(played().leaves)}"
    (bundle / name).unlink()
    assert check(bundle, played()).code is Exit.HASH
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    del manifest["files"][name]
    (bundle / "manifest.json").write_bytes(json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode())
    assert check(bundle, played()).code is Exit.HASH


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_bundle_ends_with_3(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bundle.zip").write_bytes(content)
    assert check(tmp_path / "bundle.zip", played()).code is Exit.HASH
    (tmp_path / "folder").mkdir()
    assert check(tmp_path / "folder", played()).code is Exit.HASH


def test_bundle_of_another_size_than_its_checkpoint_ends_with_3(tmp_path: Path) -> None:
    bundle = played().write(tmp_path / "bundle")
    shutil.copy(bundle / "checkpoint", tmp_path / "checkpoint")
    (bundle / "checkpoint").write_bytes(played().checkpoint(50))
    seal(bundle)
    outcome = check(bundle, played())
    assert (outcome.code, failing(outcome)) == (Exit.HASH, ["signature"])


def test_empty_log_ends_with_3(tmp_path: Path) -> None:
    log = LogMaker(rules=rules(), boards={})
    log.tree = MemoryTree()
    outcome = check(log.write(tmp_path / "bundle"), log)
    assert (outcome.code, failing(outcome)) == (Exit.HASH, ["tree"])
