"""The judge's desk: what to do, conflicts of interest, score sheets and their receipts."""

from judging.web.judge import (
    again,
    asides,
    conflicts,
    device_app,
    device_hand_in,
    device_work,
    home,
    next_entry,
    notes,
    panel,
    recusal,
    review,
    sheet,
    timetable,
    units,
    versions,
)
from judging.web.judge.blueprint import blueprint

__all__ = [
    "again",
    "asides",
    "blueprint",
    "conflicts",
    "device_app",
    "device_hand_in",
    "device_work",
    "home",
    "next_entry",
    "notes",
    "panel",
    "recusal",
    "review",
    "sheet",
    "timetable",
    "units",
    "versions",
]
