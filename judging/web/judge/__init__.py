"""The judge's desk: what to do, conflicts of interest, score sheets and their receipts."""

from judging.web.judge import conflicts, device_app, device_hand_in, device_work, home, panel, recusal, review, sheet
from judging.web.judge.blueprint import blueprint

__all__ = [
    "blueprint", "conflicts", "device_app", "device_hand_in", "device_work", "home", "panel", "recusal", "review",
    "sheet",
]  # fmt: skip
