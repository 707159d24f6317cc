from __future__ import annotations

import errno
import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from judging.errors import StoreUnavailable
from judging.storage.folder import FolderStore


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


class FullDisk(io.BytesIO):
    """Stands for a disk that is full: the operating system says so while the file is written."""

    def read(self, size: int | None = -1, /) -> bytes:
        del size
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_folder_holds_nothing_but_finished_files(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    stored = store.put(b"x")

    assert files(tmp_path) == [stored.key]


def test_full_disk_asks_for_the_administrator_and_leaves_no_draft(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)

    with pytest.raises(StoreUnavailable, match="no room for more files"):
        store.put(FullDisk())

    assert files(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file sizes")
def test_file_that_the_system_cannot_take_leaves_no_draft(tmp_path: Path) -> None:
    """A real refusal by the operating system, in a process of its own since the limit holds for all of it."""
    script = (
        "import resource, signal, sys; from pathlib import Path; from judging.storage.folder import FolderStore\n"
        "store = FolderStore(Path(sys.argv[1])); signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
        "try: store.put(bytes(1_000_000))\n"
        "except OSError as error: print(error.errno)\n"
        "print(store.put(b'small').size)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)

    assert done.stdout.split() == [str(errno.EFBIG), "5"]
    assert len(files(tmp_path)) == 1


def test_store_without_its_folder_is_unavailable(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "files")
    (tmp_path / "files" / "drafts").rmdir()

    with pytest.raises(StoreUnavailable):
        store.check()


def test_blobs_are_not_executable(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    stored = store.put(b"#!/bin/sh\n")

    assert stat.S_IMODE((tmp_path / stored.key).stat().st_mode) & 0o111 == 0
