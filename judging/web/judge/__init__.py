"""The judge's desk: what to do, conflicts of interest, score sheets and their receipts."""

from judging.web.judge import again, asides, conflicts, home, notes, panel, recusal, review, sheet, versions
from judging.web.judge.blueprint import blueprint

__all__ = [
    "again",
    "asides", "blueprint", "conflicts", "home", "notes", "panel", "recusal", "review", "sheet", "versions",
]  # fmt: skip
