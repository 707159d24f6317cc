"""A contest with six judges and four entries, its first round not begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.services.office import PRELIMINARY, hold_contest, set_round

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry
    from tests.services.office import Office


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    made = hold_contest(session, registry, entries=4, judges=6, state="eligible")
    set_round(session, made, PRELIMINARY, "pending")
    return made
