"""The distribution of the documentation's page, built and installed once for all tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugin_authors.stranger import registry_with, stranger_distribution

if TYPE_CHECKING:
    from pathlib import Path

    from judging.plugins import Registry


@pytest.fixture(scope="session")
def stranger_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the distribution is installed; its source lies beside it."""
    return stranger_distribution(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="session")
def stranger(stranger_path: Path) -> Registry:
    """Everything that is installed, and the stranger's plugin."""
    return registry_with(stranger_path)
