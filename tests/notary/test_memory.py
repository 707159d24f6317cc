"""The file of signed checkpoints: whole lines that are on the disk, whatever threads, processes and full disks do."""

from __future__ import annotations

import errno
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from judging.domain.ledger.faults import SignatureError
from judging.notary import LogKeys
from judging.notary.memory import CheckpointFile
from tests.notary.trees import ORIGIN, note_of, sizes_kept


def key(folder: Path) -> Any:
    return LogKeys(folder).of(ORIGIN).verifier


def newest(folder: Path) -> int | None:
    """What a new process finds."""
    found = CheckpointFile(folder, ORIGIN).newest(key(folder))
    return None if found is None else found[0].size


def test_nothing_is_kept_before_the_first(tmp_path: Path) -> None:
    assert newest(tmp_path) is None
    assert CheckpointFile(tmp_path, ORIGIN).newest_unverified() is None


def test_only_the_owner_may_read_and_write_it(tmp_path: Path) -> None:
    file = CheckpointFile(tmp_path, ORIGIN)
    file.keep(note_of(tmp_path, 1), size=1)

    assert file.path.stat().st_mode & 0o777 == 0o600


def test_threads_that_come_at_once_share_the_wait_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = []
    sync = os.fdatasync

    def slow(descriptor: int) -> None:
        waits.append(1)
        time.sleep(0.02)
        sync(descriptor)

    monkeypatch.setattr(os, "fdatasync", slow)
    file = CheckpointFile(tmp_path, ORIGIN)
    notes = {size: note_of(tmp_path, size) for size in range(1, 201)}
    gate = threading.Barrier(20)

    def keep(part: int) -> list[int]:
        missing = []
        gate.wait()
        for size in range(part + 1, 201, 20):
            file.keep(notes[size], size=size)
            if max(sizes_kept(file.path)) < size:
                missing.append(size)
        return missing

    with ThreadPoolExecutor(20) as pool:
        assert [one for part in pool.map(keep, range(20)) for one in part] == []

    assert newest(tmp_path) == 200
    assert len(waits) < 100
    assert len(set(sizes_kept(file.path))) == len(sizes_kept(file.path))


def test_what_is_on_the_disk_already_is_not_written_again(tmp_path: Path) -> None:
    file = CheckpointFile(tmp_path, ORIGIN)
    file.keep(note_of(tmp_path, 7), size=7)
    file.keep(note_of(tmp_path, 7), size=7)
    file.keep(note_of(tmp_path, 5), size=5)

    assert sizes_kept(file.path) == [7]


@pytest.mark.parametrize("torn", [b'"contest.example/spring', b'"', b"\0\0\0\0", b'"contest\0\0\0'])
def test_line_that_a_lost_machine_did_not_finish_is_passed_over(tmp_path: Path, torn: bytes) -> None:
    file = CheckpointFile(tmp_path, ORIGIN)
    file.keep(note_of(tmp_path, 1), size=1)
    with file.path.open("ab") as append:
        append.write(torn if torn != b'"' else note_of(tmp_path, 9)[:1])

    assert newest(tmp_path) == 1
    # What comes next stands on a line of its own: it would otherwise be lost with the torn one.
    CheckpointFile(tmp_path, ORIGIN).keep(note_of(tmp_path, 2), size=2)
    assert newest(tmp_path) == 2


def test_line_that_a_full_disk_cut_is_written_again_by_whoever_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, write = CheckpointFile(tmp_path, ORIGIN), os.write
    file.keep(note_of(tmp_path, 1), size=1)
    left = [100]

    def full(descriptor: int, data: bytes) -> int:
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        count = write(descriptor, data[: left[0]])
        left[0] -= count
        return count

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        file.keep(note_of(tmp_path, 2), size=2)
    assert (file.kept, newest(tmp_path)) == (1, 1)
    monkeypatch.setattr(os, "write", write)

    file.keep(note_of(tmp_path, 3), size=3)

    assert sizes_kept(file.path) == [1, 2, 3]
    assert newest(tmp_path) == 3


def test_thread_whose_line_another_could_not_write_is_told_or_writes_it_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody may believe that a line is on the disk because somebody else tried and failed."""
    file, sync = CheckpointFile(tmp_path, ORIGIN), os.fdatasync
    entered, go = threading.Event(), threading.Event()
    outcomes: dict[int, str] = {}
    calls = []

    def failing(descriptor: int) -> None:
        calls.append(1)
        entered.set()
        go.wait(10)
        if len(calls) <= 2:
            raise OSError(errno.EIO, "Input/output error")
        sync(descriptor)

    monkeypatch.setattr(os, "fdatasync", failing)

    def keep(size: int) -> None:
        try:
            file.keep(note_of(tmp_path, size), size=size)
            outcomes[size] = "kept"
        except OSError:
            outcomes[size] = "told"

    first = threading.Thread(target=keep, args=(1,))
    first.start()
    assert entered.wait(10)
    others = [threading.Thread(target=keep, args=(size,)) for size in (2, 3, 4)]
    for thread in others:
        thread.start()
    time.sleep(0.1)
    go.set()
    for thread in (first, *others):
        thread.join(10)

    assert len(outcomes) == 4
    # Two waits failed: whoever made them is told, and the third wrote what was left of all.
    assert sorted(outcomes.values()) == ["kept", "kept", "told", "told"]
    assert newest(tmp_path) == 4
    assert file.kept == 4


def test_what_another_key_signed_is_refused(tmp_path: Path) -> None:
    CheckpointFile(tmp_path, ORIGIN).keep(note_of(tmp_path / "elsewhere", 3), size=3)

    with pytest.raises(SignatureError):
        newest(tmp_path)
    assert CheckpointFile(tmp_path, ORIGIN).newest_unverified() == note_of(tmp_path / "elsewhere", 3)


@pytest.mark.parametrize("damage", [lambda line: b"x" + line[1:], lambda line: line[:40] + b"\xff" + line[41:]])
def test_damaged_line_is_refused(tmp_path: Path, damage: Any) -> None:
    file = CheckpointFile(tmp_path, ORIGIN)
    file.keep(note_of(tmp_path, 1), size=1)
    file.path.write_bytes(damage(file.path.read_bytes()))

    with pytest.raises(SignatureError):
        newest(tmp_path)


def test_lines_of_several_processes_may_stand_out_of_order(tmp_path: Path) -> None:
    """Each process waits for its own commit, so that a later state may be written down first."""
    files = [CheckpointFile(tmp_path, ORIGIN) for _ in range(3)]
    for number, size in enumerate([2, 5, 3, 9, 4, 8, 1]):
        files[number % 3].keep(note_of(tmp_path, size), size=size)

    assert newest(tmp_path) == 9


def test_newest_of_a_long_file_is_found_at_its_end(tmp_path: Path) -> None:
    line = CheckpointFile(tmp_path, ORIGIN)
    line.keep(note_of(tmp_path, 1), size=1)
    line.path.write_bytes(line.path.read_bytes() * 1000)
    line.keep(note_of(tmp_path, 2), size=2)

    assert line.path.stat().st_size > 2 * 64 * 1024
    assert newest(tmp_path) == 2


def test_process_sees_what_others_added_since_it_last_looked(tmp_path: Path) -> None:
    mine, other = CheckpointFile(tmp_path, ORIGIN), CheckpointFile(tmp_path, ORIGIN)
    assert mine.newest(key(tmp_path)) is None
    other.keep(note_of(tmp_path, 4), size=4)

    found = mine.newer(key(tmp_path), than=0)

    assert found is not None
    assert (found[0].size, found[1]) == (4, note_of(tmp_path, 4))
    assert mine.newer(key(tmp_path), than=4) is None
    other.keep(note_of(tmp_path, 6), size=6)
    assert mine.newer(key(tmp_path), than=6) is None
    other.keep(note_of(tmp_path / "elsewhere", 7), size=7)
    with pytest.raises(SignatureError):
        mine.newer(key(tmp_path), than=6)
