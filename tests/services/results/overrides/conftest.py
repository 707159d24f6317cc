"""A contest whose preliminary round is read and still open."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from judging.plugins import Registry
from tests.services.office import Office, hold_contest


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    """Three entries that three judges have read in the open preliminary round."""
    return hold_contest(session, registry, shares=("0.9", "0.8", "0.7"))
