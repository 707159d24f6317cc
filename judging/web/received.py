"""When a request was received: the stamp that deadlines are held against.

A trusted proxy says it in `X-Request-Start`, which it must overwrite whatever the reader sent. Without one it is the
moment at which the request enters the application, taken before anything else, so that waiting for a lock or for the
database costs nobody their place.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import request

from judging.domain.deadline import believed_stamp, read_request_start
from judging.web.context import now

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from flask import Flask

_STAMP = "judging.received"
_HEADER = "HTTP_X_REQUEST_START"


def install(app: Flask, *, behind_proxy: bool) -> None:
    """Stamp every request as it enters. The outermost wrapper: install it last."""
    inner = app.wsgi_app

    def stamped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        told = read_request_start(str(environ.get(_HEADER, ""))) if behind_proxy else None
        environ[_STAMP] = told or datetime.now(UTC)
        return inner(environ, start_response)

    app.wsgi_app = stamped  # type: ignore[method-assign]  # Flask's documented way to wrap itself


def received() -> datetime:
    """When this request counts as received: never after now, and at most a minute before."""
    told = request.environ.get(_STAMP)
    return believed_stamp(told, now()) if isinstance(told, datetime) else now()
