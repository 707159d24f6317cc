"""What an erasure does once it is committed: its tombstone, the bytes of files, prepared bundles, traces in pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from judging.db.stored_bytes import is_key_wanted
from judging.db.traces import overwrite_traces
from judging.errors import JudgingError
from judging.services.privacy.erasure.tombstones import FILE, Tombstone, add_tombstone
from judging.services.score_log.publishing import forget_bundles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.storage import FileStore

_ERASED = "judging_erased"
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Done:
    """The erasures of a unit of work, and the keys of the files that they took."""

    stones: list[Tombstone] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def tombstone_file(score_log: Path) -> Path:
    """Where the tombstones of an installation lie, in the folder of its score logs."""
    return score_log / FILE


def note_erased(session: Session, stone: Tombstone, *, file_keys: Sequence[str]) -> None:
    """Say that this unit of work erases an entry: the rest is done after the commit."""
    done: _Done = session.info.setdefault(_ERASED, _Done())
    done.stones.append(stone)
    done.keys.extend(file_keys)


def keep_erasures(database: Database, *, files: FileStore, score_log: Path) -> None:
    """Finish each erasure after its commit. What fails is logged: `judging check` tells of what was left over."""

    def finish(session: Session) -> None:
        done: _Done | None = session.info.pop(_ERASED, None)
        if done is None:
            return
        for stone in done.stones:
            _attempt("tombstone", stone.entry, partial(add_tombstone, tombstone_file(score_log), stone))
            _attempt("bundle", stone.contest, partial(forget_bundles, score_log, stone.contest))
        for key in done.keys:
            _attempt("file", key, partial(_forget_file, database, files, key))
        _attempt("pages", "database", partial(overwrite_traces, database))

    database.after_commit(finish)


def _forget_file(database: Database, files: FileStore, key: str) -> None:
    with database.reading() as session:
        is_wanted = is_key_wanted(session, key)
    if not is_wanted:
        files.delete(key)


def _attempt(what: str, which: str, act: Callable[[], object]) -> None:
    try:
        act()
    except (JudgingError, OSError, SQLAlchemyError):
        _log.exception("erasure_not_finished", what=what, which=which)
