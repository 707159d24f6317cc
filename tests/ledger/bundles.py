"""Checking bundles in tests, and changing them as somebody would who holds the files but not the key."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from judging.domain.ledger.bundle import ENTRIES, MANIFEST, entry_line, read_entry_line
from judging.domain.ledger.canonical import canonical_json, sha256_hex
from judging.domain.ledger.faults import Exit
from judging.domain.ledger.merkle import MemoryTree, leaf_hash
from judging.domain.ledger.notes import VerifierKey
from judging.domain.ledger.tiles import hash_tile, hash_tiles
from judging.verify import Outcome, Request, verify_bundle
from tests.ledger.log_maker import LogMaker


def check(
    bundle: Path,
    log: LogMaker,
    *,
    receipts: Sequence[bytes] = (),
    since: bytes | None = None,
    keys: Sequence[VerifierKey] = (),
) -> Outcome:
    given = {str(number): receipt for number, receipt in enumerate(receipts)}
    return verify_bundle(Request(bundle=bundle, keys=keys or [log.key.verifier], receipts=given, since=since))


def failing(outcome: Outcome) -> list[str]:
    """The names of the steps that did not hold."""
    return [step.name for step in outcome.steps if step.code is not Exit.OK]


def told(outcome: Outcome) -> str:
    """What the first step that did not hold says."""
    return next(str(step.told) for step in outcome.steps if step.code is not Exit.OK)


def seal(bundle: Path) -> None:
    """Make the manifest fit the files as they are now; nobody signs it."""
    manifest = json.loads((bundle / MANIFEST).read_bytes())
    manifest["files"] = {path: sha256_hex((bundle / path).read_bytes()) for path in manifest["files"]}
    (bundle / MANIFEST).write_bytes(canonical_json(manifest))


def change_file(bundle: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    before = (bundle / name).read_bytes()
    after = change(before)
    assert after != before
    (bundle / name).write_bytes(after)


def change_leaves(bundle: Path, change: Callable[[list[bytes]], Sequence[bytes]], *, tiles: bool = True) -> None:
    """Change the leaves, and the hash tiles with them, so that only the signed root can tell."""
    lines = (bundle / ENTRIES).read_bytes().splitlines()
    leaves = [leaf for index, line in enumerate(lines) if isinstance(leaf := read_entry_line(line, index), bytes)]
    after = change(leaves)
    (bundle / ENTRIES).write_bytes(b"".join(entry_line(index, leaf) for index, leaf in enumerate(after)))
    if tiles:
        tree = MemoryTree([leaf_hash(leaf) for leaf in after])
        manifest = json.loads((bundle / MANIFEST).read_bytes())
        for path in [path for path in manifest["files"] if path.startswith("tile/")]:
            del manifest["files"][path]
        for tile in hash_tiles(tree.size):
            (bundle / tile.path).parent.mkdir(parents=True, exist_ok=True)
            (bundle / tile.path).write_bytes(hash_tile(tile, tree.read))
            manifest["files"][tile.path] = ""
        (bundle / MANIFEST).write_bytes(canonical_json(manifest))
    seal(bundle)


def exits(outcome: Outcome) -> Mapping[str, Exit]:
    return {step.name: step.code for step in outcome.steps}
