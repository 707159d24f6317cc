"""The figures as a table to read and as JSON to compare."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from typing import Any

from judging.db.sqlite import choose_driver
from tools.bench.measure import Figure, Skipped, Timing

_HEADS = ("BENCHMARK", "CASE", "MEDIAN", "CPU", "SPREAD", "BOUND", "OF BOUND", "TIMES PEER", "NOTES")


def table(figures: Sequence[Figure]) -> str:
    """All figures in columns that line up."""
    rows = [_HEADS, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def document(figures: Sequence[Figure], skipped: Sequence[Skipped], *, seconds: float) -> dict[str, Any]:
    """Everything that was measured, times in seconds, with the machine it was measured on."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "processors": os.cpu_count(),
            "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "sqlite": choose_driver().sqlite_version,
        },
        "seconds": round(seconds, 1),
        "figures": [_plain(figure) for figure in figures],
        "skipped": [{"benchmark": one.benchmark, "reason": one.reason} for one in skipped],
    }


def duration(seconds: float) -> str:
    """A time in the unit in which it has at least one digit before the point."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds < 1000 * size else f"{seconds / size:.0f} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def _cells(figure: Figure) -> tuple[str, ...]:
    share, ratio = figure.share_of_bound, figure.times_peer
    notes = [*map(str, figure.targets), *(f"{key} {value}" for key, value in figure.notes.items())]
    if figure.peer is not None:
        notes.insert(0, f"peer: {figure.peer.name}, {duration(figure.peer.timing.median)}")
    return (
        figure.benchmark,
        figure.case,
        duration(figure.timing.median),
        duration(figure.timing.cpu),
        f"{duration(figure.timing.least)} – {duration(figure.timing.most)}",
        "" if figure.bound is None else duration(figure.bound.seconds),
        "" if share is None else f"{share:.0%}" + (" !" if share > 1 else ""),
        "" if ratio is None else f"{ratio:.3g} ×",
        "; ".join(notes),
    )


def _plain(figure: Figure) -> dict[str, Any]:
    plain: dict[str, Any] = {"benchmark": figure.benchmark, "case": figure.case, **_timing(figure.timing)}
    if figure.bound is not None:
        plain["bound"] = {"seconds": figure.bound.seconds, "reason": figure.bound.reason}
        plain["share_of_bound"] = figure.share_of_bound
    if figure.peer is not None:
        plain["peer"] = {"name": figure.peer.name, **_timing(figure.peer.timing)}
        plain["times_peer"] = figure.times_peer
    plain["targets"] = [{**asdict(one), "kept": one.kept} for one in figure.targets]
    notes = {
        key: asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
        for key, value in figure.notes.items()
    }
    return {**plain, "notes": notes}


def _timing(timing: Timing) -> dict[str, Any]:
    return {
        "median": timing.median,
        "least": timing.least,
        "most": timing.most,
        "cpu": timing.cpu,
        "times": timing.times,
    }
