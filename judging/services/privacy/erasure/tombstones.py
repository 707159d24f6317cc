"""What was erased, kept beside the database, so that a backup from before an erasure does not bring people back.

One line of JSON for each erasure in `erased.jsonl`: the id of the entry, its contest's address, the time, and whether
its sheets went too. Nothing of people. Lines are only ever added.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from judging.errors import N_, StoreUnavailable

FILE = "erased.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """An erasure that took place."""

    entry: str
    contest: str
    at: datetime
    with_sheets: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstones:
    """Of each erased entry the erasure that took most, and how many lines could not be read."""

    stones: tuple[Tombstone, ...]
    unreadable: int


def read_tombstones(path: Path) -> Tombstones:
    """Read a file of tombstones; none where there is no file. Raises StoreUnavailable."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        lines = []
    except OSError as error:
        raise StoreUnavailable(
            N_("%(file)s cannot be read: %(reason)s."), file=path, reason=error.strerror or error
        ) from error
    found: dict[str, Tombstone] = {}
    unreadable = 0
    for line in filter(None, lines):
        stone = _read(line)
        if stone is None:
            unreadable += 1
        elif stone.entry not in found or stone.with_sheets:
            found[stone.entry] = stone
    return Tombstones(stones=tuple(found.values()), unreadable=unreadable)


def add_tombstone(path: Path, stone: Tombstone) -> None:
    """Add an erasure so that it lasts, unless it is there. Raises OSError and StoreUnavailable."""
    known = {one.entry: one for one in read_tombstones(path).stones}.get(stone.entry)
    if known is not None and known.with_sheets >= stone.with_sheets:
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not path.exists()
    # A line that a crash cut short is ended first, so that it spoils no other.
    begun = not is_new and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, (b"\n" if begun else b"") + _line(stone))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new and os.name != "nt":
        _sync(path.parent)


def _line(stone: Tombstone) -> bytes:
    document = {
        "entry": stone.entry, "contest": stone.contest, "at": stone.at.isoformat(), "with_sheets": stone.with_sheets,
    }  # fmt: skip
    return json.dumps(document).encode("ascii") + b"\n"


def _read(line: bytes) -> Tombstone | None:
    try:
        found = json.loads(line)
        return Tombstone(
            entry=str(found["entry"]), contest=str(found["contest"]), at=datetime.fromisoformat(found["at"]),
            with_sheets=bool(found["with_sheets"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
