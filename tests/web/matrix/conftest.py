"""One stand for all tests of the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import time_machine

from tests.web.leaks.visits import silent_log
from tests.web.leaks.world import TODAY
from tests.web.matrix.plugin_pages import registry_with_pages
from tests.web.matrix.stand import Stand
from tests.web.matrix.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="package")
def stand(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Stand]:
    """The world with a plugin's pages, at noon of its day for good."""
    with time_machine.travel(TODAY, tick=False), silent_log():
        made = Stand(tmp_path_factory.mktemp("matrix"), sqlite_template, registry_with_pages())
        yield made
        made.close()


@pytest.fixture(scope="package")
def survey(stand: Stand) -> Survey:
    """What is found while the areas are asked for."""
    return Survey(stand)
