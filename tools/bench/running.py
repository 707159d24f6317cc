"""Running a command as a process of its own: how long it takes, and how much memory it needs at most."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from statistics import median

from tools.bench.measure import Timing

_KIBIBYTE = 1024


def run_command(command: Sequence[str], *, times: int) -> tuple[Timing, int]:
    """Time the command and give its largest resident size in bytes. Raises CalledProcessError when it fails."""
    taken, peak = [], 0
    for _ in range(times):
        began = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        taken.append((time.perf_counter() - began, used.ru_utime + used.ru_stime))
        peak = max(peak, used.ru_maxrss * _KIBIBYTE)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
    walls = [wall for wall, _ in taken]
    timing = Timing(
        median=median(walls), least=min(walls), most=max(walls), cpu=median(cpu for _, cpu in taken), times=times
    )
    return timing, peak
