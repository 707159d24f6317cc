"""A contest in which people of all ages take part."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from judging.db.models import Contest
from judging.plugins import Registry
from tests.factories import make_contest


@pytest.fixture
def contest(session: Session, registry: Registry) -> Contest:
    return make_contest(session, registry)
