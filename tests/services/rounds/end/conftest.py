"""A judge's whole sheet, saved in a round that ends within the hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.services.rounds.end.desk import Desk

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry


@pytest.fixture
def desk(session: Session, registry: Registry) -> Desk:
    made = Desk(session, registry)
    made.save()
    return made
