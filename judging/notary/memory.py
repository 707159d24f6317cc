"""The file beside the database in which every signed checkpoint of a log stays: lines are only ever added.

A database that is brought back from yesterday holds fewer leaves than this file says, and cannot hide it.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from judging.disk import sync_folder
from judging.domain.ledger.checkpoints import Checkpoint, Origin, open_checkpoint, read_checkpoint
from judging.domain.ledger.faults import SignatureError
from judging.domain.ledger.notes import VerifierKey
from judging.errors import N_

# Several processes append to one file, so the newest line may stand a few lines before the last.
_TAIL = 64 * 1024
_LINE_END = b'"'


class CheckpointFile:
    """The checkpoints of one log. A line is one note as a JSON text; it is on the disk when `keep` returns."""

    def __init__(self, folder: Path, origin: str) -> None:
        where = Origin.parse(origin)
        self.path = folder / f"{where.contest}-{where.epoch}.checkpoints"
        self.kept = 0
        """The size of the largest checkpoint that this process waited for the disk to have."""
        self._waiting: dict[int, bytes] = {}
        self._pick = threading.Lock()
        self._write = threading.Lock()
        self._seen = 0

    def keep(self, note: bytes, *, size: int) -> None:
        """Return once this checkpoint, or a larger one, is on the disk. Threads that come at once share one wait.

        Raises OSError; then the checkpoint is tried again with the next one.
        """
        line = json.dumps(note.decode(), ensure_ascii=False).encode() + b"\n"
        with self._pick:
            if self.kept >= size:
                return
            self._waiting[size] = line
        with self._write:
            with self._pick:
                # Another thread, which held the file before this one, may have written the line along with its own.
                if self.kept >= size:
                    self._waiting.pop(size, None)
                    return
                lines, self._waiting = self._waiting, {}
            try:
                self._store(list(lines.values()))
            except OSError:
                with self._pick:
                    self._waiting = {**lines, **self._waiting}
                raise
            with self._pick:
                self.kept = max(self.kept, *lines)

    def newest(self, key: VerifierKey) -> tuple[Checkpoint, bytes] | None:
        """The largest checkpoint that is kept, and its note; None where there is none.

        Raises SignatureError when what is kept was not signed with this key, or is damaged.
        """
        self._seen, notes = self._tail()
        found = [(open_checkpoint(note, key), note) for note in notes]
        return max(found, key=lambda one: one[0].size) if found else None

    def newer(self, key: VerifierKey, *, than: int) -> tuple[Checkpoint, bytes] | None:
        """The largest checkpoint above a size among the lines that were added since the last look, by any process.

        Raises SignatureError, as `newest` does.
        """
        if self._size() == self._seen:
            return None
        # A file that became smaller was cut by hand: what this process remembers counts all the same.
        self._seen, notes = self._tail(since=self._seen)
        found = [open_checkpoint(note, key) for note in notes if read_checkpoint(note).size > than]
        if not found:
            return None
        largest = max(found, key=lambda one: one.size)
        return largest, next(note for note in notes if read_checkpoint(note) == largest)

    def newest_unverified(self) -> bytes | None:
        """The largest checkpoint that is kept, whoever signed it. Raises SignatureError when the file is damaged."""
        return max(self._tail()[1], key=lambda note: read_checkpoint(note).size, default=None)

    def _size(self) -> int:
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def _tail(self, *, since: int = 0) -> tuple[int, list[bytes]]:
        """The notes of the last whole lines, those before `since` left out, and where the last of these lines ends."""
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                start = max(since, size - _TAIL, 0)
                file.seek(start)
                data = file.read()
        except FileNotFoundError:
            return 0, []
        end = start + data.rfind(b"\n") + 1 if b"\n" in data else min(start, size)
        lines = data.split(b"\n")
        # The first may be the rest of a longer one, and the last may be what a lost machine did not finish.
        whole = lines[1 if start > since else 0 : -1]
        return end, [self._read(line) for line in whole if line.endswith(_LINE_END)]

    def _read(self, line: bytes) -> bytes:
        try:
            note: str = json.loads(line)
            return note.encode()
        except (ValueError, AttributeError) as error:
            raise SignatureError(N_("%(file)s cannot be read."), file=self.path.name) from error

    def _store(self, lines: list[bytes]) -> None:
        fresh = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
        try:
            # What a full disk or a lost machine left of a line stays, and ends here: it has no closing quotation mark.
            data = (b"" if _ends_a_line(descriptor) else b"\n") + b"".join(lines)
            while data:
                data = data[os.write(descriptor, data) :]
            # All that is waited for is the content; not every system has the cheaper call.
            getattr(os, "fdatasync", os.fsync)(descriptor)
        finally:
            os.close(descriptor)
        if fresh:
            sync_folder(self.path.parent)


def _ends_a_line(descriptor: int) -> bool:
    size = os.lseek(descriptor, 0, os.SEEK_END)
    if not size:
        return True
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1) == b"\n"
