"""A demo year that is made once for each test process, to be copied by whoever wants to change it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from judging import migrations
from judging.composition import compose
from judging.demo import DemoYear, Size, Stage, create_demo
from judging.services.platform import Platform
from judging.settings import Settings, create_data_folder

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@contextmanager
def opened(folder: Path) -> Iterator[Platform]:
    platform = compose(Settings.from_environment({}, data=folder))
    try:
        yield platform
    finally:
        platform.jobs.close()
        platform.database.close()


def make_demo(folder: Path, *, seed: int = 2021, stage: Stage | None = None) -> DemoYear:
    create_data_folder(folder)
    with opened(folder) as platform:
        migrations.upgrade(platform.database.engine)
        return create_demo(platform, size=Size.PROVINCE, seed=seed, stage=stage, now=NOW)


@cache
def made_once() -> tuple[Path, DemoYear]:
    parent = Path(tempfile.mkdtemp(prefix="judging-demo-"))
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    folder = parent / "data"
    return folder, make_demo(folder)


def copy_demo(target: Path) -> Path:
    shutil.copytree(made_once()[0], target)
    return target
