"""A platform with a server process of its own beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.uploads.site import Killable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from judging.services.platform import Platform


@pytest.fixture
def server(platform: Platform, tmp_path: Path) -> Iterator[Killable]:
    """The server of `platform`, with two workers, not yet started."""
    variables = {"log": "json"}
    if platform.settings.database_url.startswith("postgres"):
        variables["database_url"] = platform.settings.database_url
    made = Killable(
        data=platform.settings.data, log_file=tmp_path / "server.log",
        variables=variables,
    )  # fmt: skip
    yield made
    made.kill()
