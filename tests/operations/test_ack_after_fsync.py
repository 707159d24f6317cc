"""A judge is told that a sheet is recorded only when the disk has it: seen from outside, by the calls of the server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.operations.conftest import clean_environment
from tests.operations.live import served_by
from tests.operations.sheet_rush import open_sheets, send
from tests.servers import CI

if TYPE_CHECKING:
    from pathlib import Path

    from judging.plugins import Registry
    from judging.services.platform import Platform

SHEETS = 20
CALLS = "write,pwrite64,writev,pwritev,fsync,fdatasync,sendto,sendmsg"
_LINE = re.compile(r"(?P<pid>\d+) +(?:(?P<call>\w+)\((?P<rest>.*)|<\.\.\. (?P<resumed>\w+) resumed>(?P<end>.*))")
_PATH = re.compile(r"\d+<(?P<path>[^>]*)>")
_SYNCS = ("fsync", "fdatasync")
_ANSWER = '"HTTP/1.1 '
WATCHED = ("judging.db-wal", ".checkpoints")


@dataclass
class Disk:
    """What was written and is not on the disk yet, by the end of the file's name."""

    written: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WATCHED, 0))
    synced: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WATCHED, 0))

    def dirty(self) -> list[str]:
        return [name for name in WATCHED if self.written[name] > self.synced[name]]


@pytest.fixture(scope="module")
def strace() -> str:
    found = shutil.which("strace")
    if found is not None and subprocess.run([found, "-o", os.devnull, "true"], check=False).returncode == 0:
        return found
    reason = "no strace that may look at processes: install the system package strace"
    if CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def test_every_answer_comes_after_the_disk_has_what_it_says(
    sqlite_platform: Platform, registry: Registry, tmp_path: Path, strace: str
) -> None:
    sheets = open_sheets(sqlite_platform, registry, entries=7, judges=3)[:SHEETS]
    sqlite_platform.database.close()
    calls = tmp_path / "calls"
    # The server stays our own child, and the onlooker runs beside it.
    program = [strace, "-D", "-f", "-y", "-q", "-s", "20", "-e", f"trace={CALLS}", "-o", str(calls)]
    # Background work writes at moments of its own, so that a write of it may be under way when an answer goes out.
    alone = clean_environment(worker="0")
    with served_by(program, sqlite_platform.settings.data, tmp_path / "log", env=alone) as server:
        answers = [send(server.port, sheet) for sheet in sheets]
    assert [status for status, _ in answers] == [201] * SHEETS
    assert all(b"tlog-proof" in body for _, body in answers)

    told, wrong = read_calls(calls)

    assert wrong == []
    # Each answer has a write to both files behind it, or it would say nothing here.
    assert len(told) == SHEETS
    for before, after in zip([dict.fromkeys(WATCHED, 0), *told], told, strict=False):
        assert [name for name in WATCHED if after[name] <= before[name]] == []


def read_calls(calls: Path) -> tuple[list[dict[str, int]], list[tuple[int, list[str]]]]:
    """How often each file was written before each 201, and the answers that went out before the disk had all."""
    disk, syncing = Disk(), {}
    told: list[dict[str, int]] = []
    wrong = []
    for number, line in enumerate(calls.read_text("utf-8", "replace").splitlines(), start=1):
        found = _LINE.match(line)
        if found is None:
            continue
        call, pid = found["call"] or found["resumed"], found["pid"]
        name = _watched(found["rest"] or "")
        if call in _SYNCS:
            # It covers what was written before it began, and counts from its end.
            if found["call"] and name:
                syncing[pid] = (name, disk.written[name])
            if pid in syncing and line.rstrip().endswith("= 0"):
                done, upto = syncing.pop(pid)
                disk.synced[done] = max(disk.synced[done], upto)
        elif name and found["call"]:
            disk.written[name] += 1
        elif _ANSWER + "201" in (found["rest"] or ""):
            told.append(dict(disk.written))
            if disk.dirty():
                wrong.append((number, disk.dirty()))
    return told, wrong


def _watched(rest: str) -> str:
    found = _PATH.match(rest)
    return next((name for name in WATCHED if found is not None and found["path"].endswith(name)), "")


def test_reader_of_calls_tells_an_answer_that_came_too_early(tmp_path: Path) -> None:
    early = tmp_path / "calls"
    early.write_text(
        '7 pwrite64(9</d/judging.db-wal>, "x"..., 4096, 0) = 4096\n'
        "7 fdatasync(9</d/judging.db-wal> <unfinished ...>\n"
        '8 sendto(5<socket:[1]>, "HTTP/1.1 201 CREATED"..., 900, 0, NULL, 0) = 900\n'
        "7 <... fdatasync resumed>)              = 0\n"
        '8 sendto(5<socket:[1]>, "HTTP/1.1 201 CREATED"..., 900, 0, NULL, 0) = 900\n',
        "utf-8",
    )

    told, wrong = read_calls(early)

    assert len(told) == 2
    assert wrong == [(3, ["judging.db-wal"])]
