"""Judges who save again and again and hand in together, over a real server: nothing is refused, lost or doubled.

No time is measured here: `make bench` does that, with more of them and for longer.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.web.api.served import served
from tools.bench.live_hall import READ, SAVE, SUBMIT, Shape, count_wrong, everybody, seat_judges
from tools.bench.paced import send_paced

if TYPE_CHECKING:
    from pathlib import Path

    from judging.services.platform import Platform

HALL = Shape(judges=20, seconds=2, readers=6, every=0.5, within=0.5)
SAVES = 4
"""So many times each judge saves, and each reader asks, before the end."""


@pytest.mark.skipif(sys.platform == "win32", reason="the server is gunicorn's, which needs fork")
def test_judges_who_save_and_hand_in_together_lose_nothing(platform: Platform, tmp_path: Path) -> None:
    seats = seat_judges(platform, HALL.judges)
    with served(platform.settings, tmp_path / "log") as port:
        told = send_paced(port, everybody(seats, HALL))

    assert told.faults == 0, told.statuses
    assert told.statuses[SAVE] == {"200": HALL.judges * SAVES}
    assert told.statuses[SUBMIT] == {"302": HALL.judges}
    # The first answer of each reader has a body; after that the tag says that nothing changed.
    assert told.statuses[READ]["200"] == HALL.readers
    assert set(told.statuses[READ]) == {"200", "304"}
    assert count_wrong(platform, seats) == {"lost": 0, "doubled": 0, "changed": 0, "without a proof": 0}


def test_what_went_wrong_is_counted(platform: Platform) -> None:
    seats = seat_judges(platform, 4)

    assert count_wrong(platform, seats) == {"lost": 4, "doubled": 0, "changed": 0, "without a proof": 0}
