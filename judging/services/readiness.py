"""Can the program take requests: do the database, its tables and the file store answer?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from judging.errors import JudgingError
from judging.migrations import require_newest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from judging.services.platform import Platform

OK = "ok"


def check_readiness(platform: Platform) -> Mapping[str, str]:
    """Say for the database, its tables and the file store `ok`, or in words what is wrong."""
    return {
        "database": _tried(lambda: _ask(platform)),
        "migrations": _tried(lambda: require_newest(platform.database.engine)),
        "storage": _tried(platform.files.check),
    }


def _ask(platform: Platform) -> None:
    with platform.database.reading() as session:
        session.execute(text("SELECT 1"))


def _tried(act: Callable[[], None]) -> str:
    try:
        act()
    except JudgingError as error:
        return str(error)
    return OK
