from __future__ import annotations

from datetime import timedelta

import pytest

from judging.db.jobs import JobTable
from judging.db.session import Database


@pytest.fixture
def rows(database: Database) -> JobTable:
    return JobTable(database, lease=timedelta(minutes=5))
