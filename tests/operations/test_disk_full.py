"""A disk that fills up under a running server, for real: a small file system of its own.

Mounting one takes root, which CI is.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from judging.disk import room_in
from judging.domain.disk_room import MEGABYTE
from tests.demo.made import copy_demo, made_once
from tests.operations.installations import installation, rows_of
from tests.operations.live import Server, Visitor, Writing, numbers_in, open_desks, served, writing

SIZE = 256 * MEGABYTE
JUDGES = 3
PAUSE = 0.05
SECONDS = 30


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own of SIZE bytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("a file system of its own can be mounted by root on Linux only")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def test_room_is_that_of_the_file_system_that_holds_the_folder(small_disk: Path) -> None:
    inside = small_disk / "below"
    inside.mkdir()
    before, around = room_in(inside), room_in(small_disk.parent)
    _take(small_disk, leave=SIZE // 2)
    after = room_in(inside)

    assert before is not None
    assert after is not None
    assert around is not None
    assert (before.size, before.takes_files, before.takes_scores) == (SIZE, True, True)
    assert around.size != SIZE
    assert abs(after.free - SIZE // 2) <= MEGABYTE
    assert room_in(small_disk / "nowhere") is None


def test_disk_that_fills_up_while_judges_write_loses_nothing_and_recovers_without_restart(
    small_disk: Path, tmp_path: Path
) -> None:
    year = made_once()[1]
    with installation(copy_demo(small_disk / "live")) as platform:
        desks = open_desks(platform, besides={account.email for account in year.accounts})[: JUDGES + 1]
    open_to_read = desks.pop()

    with served(small_disk / "live", tmp_path / "log") as server:
        reader = Visitor(server.address)
        reader.sign_in(open_to_read.email, year.others_password)
        with writing(server, desks, year.others_password, each=PAUSE, patient=True) as work:
            _wait(lambda: len(work.saves) > 2 * JUDGES, work, server)
            # Early: what is left is kept, and nobody is told that something was recorded.
            filler = _take(small_disk, leave=SIZE // 20)
            _wait(lambda: len(work.refusals) > 2 * JUDGES, work, server)
            early = len(work.saves)
            assert _readyz(server)["room_for_scores"] == "low"
            # To the last byte: whoever already was at work meets a disk that takes nothing.
            full = _take(small_disk, leave=0, name="rest")
            refused = len(work.refusals)
            _wait(lambda: len(work.refusals) > refused + 2 * JUDGES, work, server)
            assert len(work.saves) == early
            for page in ("contests/youth-creativity-2021/results", "judge/", f"judge/sheets/{open_to_read.sheets[0]}"):
                assert "<h1" in reader.read(f"/{page}")
            full.unlink()
            filler.unlink()
            freed = time.monotonic()
            _wait(lambda: len(work.saves) > early + 2 * JUDGES, work, server)
            assert time.monotonic() - freed < SECONDS
        assert set(work.refusals) == {503}
        assert _readyz(server)["room_for_scores"] == "ok"

    with installation(small_disk / "live") as platform:
        held = numbers_in(rows_of(platform)["assignment"])
    acknowledged = work.last_before(time.monotonic())
    assert acknowledged
    assert {sheet: held.get(sheet) for sheet, number in acknowledged.items() if held.get(sheet, 0) < number} == {}
    assert list((small_disk / "live" / "files" / "drafts").iterdir()) == []


def _take(folder: Path, *, leave: int, name: str = "filler") -> Path:
    """Write a file that leaves so many bytes free, or as few as there are."""
    filler = folder / name
    room = room_in(folder)
    assert room is not None
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as writable:
        left = room.free - leave if leave else room.size
        while left > 0:
            left -= writable.write(bytes(min(left, MEGABYTE // 4)))
    return filler


def _wait(until: Callable[[], bool], work: Writing, server: Server) -> None:
    deadline = time.monotonic() + SECONDS
    while not until():
        assert work.errors == [], server.log
        assert time.monotonic() < deadline, server.log
        time.sleep(0.05)


def _readyz(server: Server) -> dict[str, str]:
    time.sleep(1.1)  # an answer is given again for a second
    with urlopen(f"{server.address}/readyz", timeout=10) as answer:
        told: dict[str, str] = json.load(answer)
    return told
