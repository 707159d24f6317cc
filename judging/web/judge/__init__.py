"""The judge's desk: what to do, conflicts of interest, score sheets and their receipts."""

from judging.web.judge import conflicts, home, panel, recusal, review, sheet, timetable
from judging.web.judge.blueprint import blueprint

__all__ = ["blueprint", "conflicts", "home", "panel", "recusal", "review", "sheet", "timetable"]
from judging.web.judge import units

__all__ = ["blueprint", "conflicts", "home", "panel", "recusal", "review", "sheet", "units"]
from judging.web.judge import again, asides, notes, versions

__all__ = [
    "again",
    "asides", "blueprint", "conflicts", "home", "notes", "panel", "recusal", "review", "sheet", "versions",
]  # fmt: skip
