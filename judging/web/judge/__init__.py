"""The judge's desk: what to do, conflicts of interest, score sheets and their receipts."""

from judging.web.judge import conflicts, home, panel, recusal, review, sheet, timetable, units
from judging.web.judge.blueprint import blueprint

__all__ = ["blueprint", "conflicts", "home", "panel", "recusal", "review", "sheet", "timetable", "units"]
