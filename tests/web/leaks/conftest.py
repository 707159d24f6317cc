"""One world for all leak tests of a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.leaks.clock import noon
from tests.web.leaks.site import Site, open_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from judging.plugins import Registry


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """Stop the clock for one test: two answers to the same question differ in nothing but what was changed."""
    with noon():
        yield


# The folder is no package, so that a fixture of that scope would live, with its clock, until the last test of all.
@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, registry: Registry) -> Iterator[Site]:
    """The world as it is."""
    with noon():
        made = open_site(tmp_path_factory.mktemp("leaks"), sqlite_template, registry)
    yield made
    made.close()
