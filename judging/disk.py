"""A local disk: how much room is left on it, and names that outlive a crash."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from judging.domain.disk_room import Room


def room_in(folder: Path) -> Room | None:
    """Ask the file system that holds `folder`, which costs one system call; None when it does not say.

    `free` is what is left for the program: what only root may use is not counted.
    """
    try:
        found = shutil.disk_usage(folder)
    except OSError:
        # Whoever reads or writes there will say better what is wrong.
        return None
    return Room(size=found.total, free=found.free)


def sync_folder(folder: Path) -> None:
    """Make a new name, a rename or a removal in `folder` last. Windows cannot and need not."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
