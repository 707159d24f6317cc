"""The demo year, made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from judging.demo import DemoYear
from judging.services.platform import Platform
from tests.demo.made import made_once, opened


@pytest.fixture(scope="session")
def demo_folder() -> Path:
    return made_once()[0]


@pytest.fixture(scope="session")
def demo_year(demo_folder: Path) -> DemoYear:
    return made_once()[1]


@pytest.fixture
def demo_platform(demo_folder: Path) -> Iterator[Platform]:
    with opened(demo_folder) as platform:
        yield platform


@pytest.fixture
def demo_session(demo_platform: Platform) -> Iterator[Session]:
    with demo_platform.database.reading() as session:
        yield session
