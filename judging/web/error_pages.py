"""Error pages and answers: what happened, and what to do next, in the reader's language."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Flask, g, jsonify, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from judging.errors import JudgingError, StoreUnavailable
from judging.web.formats import error_sentence
from judging.web.transaction import unit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

log = logging.getLogger(__name__)

_OWN_PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 429, 500, 503})
_NOT_FOUND = 404
_SERVER_ERROR = 500


def install(app: Flask) -> None:
    """Answer every error with a page, or with JSON where JSON was asked for."""
    app.register_error_handler(JudgingError, _judging_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _judging_error(error: JudgingError) -> ResponseReturnValue:
    unit().abandon()
    if error.status >= _SERVER_ERROR and not isinstance(error, StoreUnavailable):
        log.error("refused with %s: %s", type(error).__name__, error, exc_info=error)
    # "Not yours" and "does not exist" are told alike, to the byte.
    explanation = error_sentence(error) if error.status != 404 else None
    return _answer(error.status, explanation)


def _csrf_error(_error: CSRFError) -> ResponseReturnValue:
    unit().abandon()
    return _answer(400, gettext("The form was open for too long. Go back, reload the page and send it again."))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    unit().abandon()
    return _answer(error.code or _SERVER_ERROR, None)


def _unexpected(error: Exception) -> ResponseReturnValue:
    unit().abandon()
    log.error("unexpected error at %s", request.path, exc_info=error)
    return _answer(_SERVER_ERROR, None)


def _answer(status: int, explanation: str | None) -> ResponseReturnValue:
    headers = {"Retry-After": "5"} if status == StoreUnavailable.status else {}
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify({"status": status, "detail": explanation or ""}), status, headers
    if status == _NOT_FOUND:
        # A page in the contest's colour would tell that the thing exists.
        g.pop("contest", None)
    # The page must not lean on the database: its session is gone.
    g.desks = frozenset()
    template = f"errors/{status}.html" if status in _OWN_PAGES else "errors/error.html"
    return render_template(template, code=status, explanation=explanation), status, headers
