"""The unit of work: the only place that begins, commits and rolls back."""

from __future__ import annotations

import contextlib
import os
import random
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from judging.db import sqlite
from judging.db.engine import sqlite_file
from judging.db.faults import is_conflict, translated, unavailable
from judging.db.lock import WriteLock
from judging.disk import room_in
from judging.domain.disk_room import Room

T = TypeVar("T")

TRIES = 5
_SHORTEST_PAUSE = 0.01
_LONGEST_PAUSE = 0.2


class Database:
    """Hands out sessions, each of which is one unit of work.

    What was loaded stays readable after the commit. Services get the session and never commit. Slow work (hashing a
    password or a file, drawing a picture) belongs before `writing`: on SQLite all writers wait for one another.
    """

    def __init__(
        self, engine: Engine, *, patience: float = 10.0, ask_room: Callable[[Path], Room | None] = room_in
    ) -> None:
        """`patience` is how many seconds a writer waits for the others before StoreUnavailable.

        `ask_room` says how much room there is where a folder lies.
        """
        self.engine = engine
        self._ask_room = ask_room
        path = self._file = sqlite_file(engine)
        self._lock = None if path is None else WriteLock(path.with_name(path.name + ".lock"), patience=patience)
        # PostgreSQL refuses writes in a transaction that says it only reads; SQLite gets the same by a pragma.
        readers = engine.execution_options(**{sqlite.ACCESS: sqlite.READ, "postgresql_readonly": True})
        writers = engine.execution_options(**{sqlite.ACCESS: sqlite.WRITE})
        self._shared: dict[str, Any] = {}
        self._readers = sessionmaker(readers, expire_on_commit=False, info=self._shared)
        self._writers = sessionmaker(writers, expire_on_commit=False, info=self._shared)
        self._listeners: list[Callable[[Session], None]] = []
        if self._lock is not None:
            _reset_after_fork(self._lock)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees one state of the database and cannot change it.

        Raises StoreUnavailable when the database cannot be reached.
        """
        with translated():
            session = self._readers()
            try:
                yield session
            finally:
                session.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session, commit at the end, or roll back when the block raises.

        Raises StoreUnavailable when the database is busy, full or out of reach, and StaleVersion when a row changed
        under the session. When the connection breaks during the commit itself, nobody knows whether it was stored: look
        the idempotency key up before trying again.
        """
        with translated():
            with self.write_lock(), self._unit() as session:
                yield session
            self._tell(session)

    def run(self, work: Callable[[Session], T]) -> T:
        """Call `work` in a unit of work and return its answer.

        When PostgreSQL undid the unit because of another one (a deadlock, a serialization failure), the whole of it is
        tried again with a new session: `work` must have no other effect than on the session. After five tries
        StoreUnavailable is raised.
        """
        for attempt in range(1, TRIES + 1):
            try:
                with self.write_lock(), self._unit() as session:
                    found = work(session)
            except SQLAlchemyError as error:
                if not is_conflict(error):
                    with translated():
                        raise
                if attempt == TRIES:
                    raise unavailable() from error
            else:
                self._tell(session)
                return found
            # Two that collided must not come back at the same moment.
            time.sleep(random.uniform(_SHORTEST_PAUSE, _LONGEST_PAUSE))  # noqa: S311 - a pause is no secret
        raise AssertionError("the last try returns or raises")

    @contextlib.contextmanager
    def write_lock(self) -> Iterator[None]:
        """Keep every other writer of a SQLite file out, for work that does not go through a session.

        Nothing happens on PostgreSQL, whose row locks do this. Raises StoreUnavailable when others write for too long.
        """
        with contextlib.nullcontext() if self._lock is None else self._lock.held():
            yield

    def share(self, key: str, value: object) -> None:
        """Let every session that is opened from now on have `value` under `key` in its `info`."""
        self._shared[key] = value

    def after_commit(self, listener: Callable[[Session], None]) -> None:
        """Call `listener` with the session of each unit of work that was stored. It may not use the session's rows.

        What it raises reaches the caller of `writing`, although everything is stored: let it raise nothing.
        """
        # Not among SQLAlchemy's own, which keep a listener, and all that it knows, for as long as the process lives.
        self._listeners.append(listener)

    def room(self) -> Room | None:
        """Return the room on the disk of a SQLite file; of a server's disk nothing is known. Never raises."""
        return None if self._file is None else self._ask_room(self._file.parent)

    def close(self) -> None:
        """Close all connections that are not in use."""
        self.engine.dispose()

    def _tell(self, session: Session) -> None:
        """Tell the listeners of a commit, when other writers may go on already: some of them wait for the disk."""
        for listener in self._listeners:
            listener(session)

    @contextlib.contextmanager
    def _unit(self) -> Iterator[Session]:
        session = self._writers()
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()


def _reset_after_fork(lock: WriteLock) -> None:
    if not hasattr(os, "register_at_fork"):
        return
    reference = weakref.ref(lock)

    def reset() -> None:
        if (alive := reference()) is not None:
            alive.reset_after_fork()

    os.register_at_fork(after_in_child=reset)
