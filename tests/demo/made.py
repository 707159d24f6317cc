"""Demo years that are made once for all processes of a test run, to be copied by whoever wants to change one."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from judging import migrations
from judging.composition import compose
from judging.db.lock import WriteLock
from judging.demo import DemoYear, Size, Stage, create_demo
from judging.services.platform import Platform
from judging.settings import Settings, create_data_folder
from tests.shared_folders import controller, years_folder

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_PATIENCE = 300.0


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
def made_once(*, seed: int = 2021, stage: Stage | None = None) -> tuple[Path, DemoYear]:
    """A year that all workers of a run share: the first who asks makes it, and nobody may change it."""
    parent = years_folder(controller()) / f"{seed}-{stage or 'plan'}"
    parent.mkdir(parents=True, exist_ok=True)
    folder, told = parent / "data", parent / "year.pickle"
    with WriteLock(parent / "lock", patience=_PATIENCE).held():
        if not told.exists():
            # What a worker left behind that died over it is no year.
            shutil.rmtree(folder, ignore_errors=True)
            told.write_bytes(pickle.dumps(make_demo(folder, seed=seed, stage=stage)))
    year: DemoYear = pickle.loads(told.read_bytes())  # noqa: S301 - written by another worker of ours
    return folder, year


def copy_demo(target: Path, *, seed: int = 2021, stage: Stage | None = None) -> Path:
    # What SQLite keeps beside a file while another worker reads it holds nothing, and is gone a moment later.
    passing = shutil.ignore_patterns("*-wal", "*-shm")
    shutil.copytree(made_once(seed=seed, stage=stage)[0], target, ignore=passing)
    return target
