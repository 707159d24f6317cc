"""What all processes of a test run share on the disk, and its controller takes away in the end."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def controller() -> int:
    """The process that started the run; a worker of pytest-xdist is its child."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def years_folder(run: int) -> Path:
    """Where the demo years lie that are made once for the run with this controller."""
    return Path(tempfile.gettempdir()) / f"judging-years-{run}"
