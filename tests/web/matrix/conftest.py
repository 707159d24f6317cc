"""One stand for all tests of the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.leaks.clock import noon
from tests.web.matrix.plugin_pages import registry_with_pages
from tests.web.matrix.stand import Stand
from tests.web.matrix.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """Every test happens at noon of the world's day, and none after it."""
    with noon():
        yield


@pytest.fixture(scope="session")
def stand(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Stand]:
    """The world with a plugin's pages, made at noon of its day."""
    with noon():
        made = Stand(tmp_path_factory.mktemp("matrix"), sqlite_template, registry_with_pages())
    yield made
    made.close()


@pytest.fixture(scope="session")
def survey(stand: Stand) -> Survey:
    """What is found while the areas are asked for."""
    return Survey(stand)
