"""One unit of work for each request, committed in this one place.

A safe request reads; any other writes. The session opens when it is first asked for, so that slow work (hashing a
password, receiving a file) can be done before the write begins. Whatever must wait for the commit - waking the workers,
telling plugins - is handed to `after_commit`.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

from judging.web.context import platform

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REFUSED = 400


class _Rollback(Exception):
    """Leave the unit of work without committing."""


class UnitOfRequest:
    """The unit of work of the request being answered."""

    def __init__(self, *, writes: bool) -> None:
        self._writes = writes
        self._stack = ExitStack()
        self._session: Session | None = None
        self._later: list[Callable[[], None]] = []
        self.keep = False

    @property
    def session(self) -> Session:
        """The session, opened at the first call."""
        if self._session is None:
            database = platform().database
            unit = database.writing() if self._writes else database.reading()
            self._session = self._stack.enter_context(unit)
        return self._session

    def after_commit(self, act: Callable[[], None]) -> None:
        """Do `act` once the request's work is committed; not at all when it is not."""
        self._later.append(act)

    def finish(self, *, commit: bool) -> None:
        """End the unit of work, then do what waited for the commit."""
        if not commit:
            self.abandon()
            return
        self._session = None
        self._stack.close()
        for act in self._later:
            act()
        self._later.clear()

    def abandon(self) -> None:
        """Roll back whatever was written. What was loaded stays readable, for the page that tells of the error."""
        if self._session is not None:
            self._session.expunge_all()
        self._session = None
        self._later.clear()
        signal = _Rollback()
        try:
            self._stack.__exit__(_Rollback, signal, None)
        except _Rollback:
            log.debug("request rolled back")
        self._stack = ExitStack()


def unit() -> UnitOfRequest:
    """The unit of work of this request."""
    if "unit" not in g:
        g.unit = UnitOfRequest(writes=request.method not in _SAFE)
    current: UnitOfRequest = g.unit
    return current


def db() -> Session:
    """The session of this request."""
    return unit().session


class TransactionalFlask(Flask):
    """Flask that ends the request's unit of work between the view and the answer.

    A view that answers with an error status, or raises, changes nothing - unless it set `unit().keep`, as the sign-in
    does to remember a failure.
    """

    def dispatch_request(self) -> ResponseReturnValue:
        """Call the view, and commit when it succeeded."""
        response: Response = self.make_response(super().dispatch_request())
        current = unit()
        current.finish(commit=response.status_code < _REFUSED or current.keep)
        return response


def install(app: Flask) -> None:
    """Make sure that no request leaves a unit of work open."""

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        current: UnitOfRequest | None = g.pop("unit", None)
        if current is not None:
            current.abandon()
