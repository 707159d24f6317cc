"""Running `judging` in this process, with nothing of this process's own settings."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from judging.cli.program import program
from tests.demo.made import copy_demo, made_once

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    for name in [name for name in os.environ if name.startswith("JUDGING_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str | Path, given: str | None = None) -> Result:
        return CliRunner().invoke(program, [str(one) for one in arguments], input=given, prog_name="judging")

    yield invoke
    structlog.reset_defaults()
    # Alembic's and our own records go to the runner's stream, which is closed by now.
    for handler in list(logging.getLogger().handlers):
        if type(handler) is logging.StreamHandler:
            logging.getLogger().removeHandler(handler)


@pytest.fixture(scope="session")
def demo_folder() -> Path:
    return made_once()[0]


@pytest.fixture
def demo_copy(tmp_path: Path) -> Path:
    return copy_demo(tmp_path / "copy")
