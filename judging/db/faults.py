"""What a failing database means to the person who waits for it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError

from judging.errors import N_, JudgingError, StaleVersion, StoreUnavailable

# Primary result codes of SQLite (sqlite.org/rescode.html).
_SQLITE_FULL = 13
_SQLITE_UNAVAILABLE = frozenset({5, 6, 10, 14, 15})  # BUSY, LOCKED, IOERR, CANTOPEN, PROTOCOL
# SQLSTATE classes and codes of PostgreSQL (its manual, appendix A).
_POSTGRES_FULL = "53100"
_POSTGRES_UNAVAILABLE_CLASSES = frozenset({"08", "53", "57", "58"})
_POSTGRES_UNAVAILABLE = frozenset({"25P03", "25P04", "55P03"})
_POSTGRES_CONFLICTS = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Raise StoreUnavailable or StaleVersion in place of the driver's errors that mean just that; let others pass."""
    try:
        yield
    except SQLAlchemyError as error:
        if (meaning := _meaning(error)) is not None:
            raise meaning from error
        raise


def is_conflict(error: BaseException) -> bool:
    """Tell whether the whole unit of work may be tried again: PostgreSQL undid it because of another one."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _POSTGRES_CONFLICTS


def unavailable() -> StoreUnavailable:
    """Return the error that asks to try again later."""
    return StoreUnavailable(N_("The database cannot take this now. Nothing was stored; please try again in a moment."))


def _meaning(error: SQLAlchemyError) -> JudgingError | None:
    if isinstance(error, StaleDataError):
        return StaleVersion(
            N_("Somebody changed this while you were working on it. Nothing was stored; load it again and repeat.")
        )
    if isinstance(error, PoolTimeoutError):
        return unavailable()
    if not isinstance(error, DBAPIError):
        return None
    if _is_full(error):
        return StoreUnavailable(
            N_("The disk of the database is full. Nothing was stored; please tell the administrator.")
        )
    return unavailable() if _is_unavailable(error) or is_conflict(error) else None


def _sqlite_code(error: DBAPIError) -> int | None:
    """Return SQLite's primary result code; the higher bits of the extended code only say more about the cause."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF


def _is_full(error: DBAPIError) -> bool:
    return _sqlite_code(error) == _SQLITE_FULL or getattr(error.orig, "sqlstate", None) == _POSTGRES_FULL


def _is_unavailable(error: DBAPIError) -> bool:
    if error.connection_invalidated or _sqlite_code(error) in _SQLITE_UNAVAILABLE:
        return True
    # psycopg gives no state when it could not reach the server at all, or lost it.
    state = getattr(error.orig, "sqlstate", "")
    if state is None:
        return type(error.orig).__name__ == "OperationalError"
    return state[:2] in _POSTGRES_UNAVAILABLE_CLASSES or state in _POSTGRES_UNAVAILABLE
