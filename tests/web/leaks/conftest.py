"""One world for all leak tests of a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import time_machine

from tests.web.leaks.site import Site, open_site
from tests.web.leaks.visits import silent_log
from tests.web.leaks.world import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from judging.plugins import Registry


@pytest.fixture(scope="package")
def _noon() -> Iterator[None]:
    """Stop the clock: two answers to the same question differ in nothing but what was changed."""
    with time_machine.travel(TODAY, tick=False), silent_log():
        yield


@pytest.fixture(scope="package")
def site(
    _noon: None, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, registry: Registry
) -> Iterator[Site]:
    """The world as it is."""
    made = open_site(tmp_path_factory.mktemp("leaks"), sqlite_template, registry)
    yield made
    made.close()
