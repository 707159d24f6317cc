"""The file beside the database in which every signed checkpoint of a log stays: lines are only ever added.

A database that is brought back from yesterday holds fewer leaves than this file says, and cannot hide it.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from judging.domain.ledger.checkpoints import Checkpoint, Origin, open_checkpoint, read_checkpoint
from judging.domain.ledger.faults import SignatureError
from judging.domain.ledger.notes import VerifierKey
from judging.errors import N_

# Several processes append to one file, so the newest line may stand a few lines before the last.
_TAIL = 64 * 1024


class CheckpointFile:
    """The checkpoints of one log. A line is one note as a JSON text; it is on the disk when `append` returns."""

    def __init__(self, folder: Path, origin: str) -> None:
        where = Origin.parse(origin)
        self.path = folder / f"{where.contest}-{where.epoch}.checkpoints"
        self._waiting: list[bytes] = []
        self._pick = threading.Lock()
        self._write = threading.Lock()

    def append(self, note: bytes) -> None:
        """Add a signed checkpoint. Threads that come at once share one wait for the disk."""
        line = json.dumps(note.decode(), ensure_ascii=False).encode() + b"\n"
        with self._pick:
            self._waiting.append(line)
        with self._write:
            with self._pick:
                # Another thread, which held the file before this one, may have written the line along with its own.
                lines, self._waiting = self._waiting, []
            if lines:
                self._store(lines)

    def newest(self, key: VerifierKey) -> tuple[Checkpoint, bytes] | None:
        """The largest checkpoint that is kept, and its note; None where there is no file.

        Raises SignatureError when what is kept was not signed with this key, or is damaged.
        """
        found = [(open_checkpoint(note, key), note) for note in self._tail()]
        return max(found, key=lambda one: one[0].size) if found else None

    def newest_unverified(self) -> bytes | None:
        """The largest checkpoint that is kept, whoever signed it. Raises SignatureError when the file is damaged."""
        return max(self._tail(), key=lambda note: read_checkpoint(note).size, default=None)

    def _tail(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - _TAIL))
                data = file.read()
        except FileNotFoundError:
            return
        lines = data.split(b"\n")
        # The first may be the rest of a longer one, and the last may be what a lost machine did not finish.
        for line in lines[1 if size > _TAIL else 0 : -1]:
            try:
                yield json.loads(line).encode()
            except (ValueError, AttributeError) as error:
                raise SignatureError(N_("%(file)s cannot be read."), file=self.path.name) from error

    def _store(self, lines: list[bytes]) -> None:
        fresh = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            os.write(descriptor, b"".join(lines))
            # All that is waited for is the content; not every system has the cheaper call.
            getattr(os, "fdatasync", os.fsync)(descriptor)
        finally:
            os.close(descriptor)
        if fresh:
            _sync_folder(self.path.parent)


def _sync_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
