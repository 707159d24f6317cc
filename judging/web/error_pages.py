"""Error pages and answers: what happened, and what to do next, in the reader's language."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Flask, g, jsonify, render_template
from flask_babel import gettext
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from judging.db.faults import translated
from judging.errors import JudgingError, StoreUnavailable
from judging.web.formats import error_sentence
from judging.web.problems import RETRY_AFTER, answer, told_of, told_status
from judging.web.programs import for_programs, wants_json
from judging.web.request_log import actor_id, request_id, route
from judging.web.transaction import unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

log = logging.getLogger(__name__)

_OWN_PAGES = frozenset({400, 401, 403, 404, 405, 409, 412, 413, 422, 429, 500, 503, 507})
_NOT_FOUND = 404
_SERVER_ERROR = 500
_LOGIN_USER = "_login_user"  # where Flask-Login keeps the person of a request


def install(app: Flask) -> None:
    """Answer every error with a page, or with JSON where JSON was asked for."""
    app.register_error_handler(JudgingError, _judging_error)
    app.register_error_handler(SQLAlchemyError, _database_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _judging_error(error: JudgingError) -> ResponseReturnValue:
    _undo()
    if isinstance(error, StoreUnavailable):
        log.warning("not available: %s (%s)", error, error.__cause__)
    elif error.status >= _SERVER_ERROR:
        log.error("refused with %s: %s", type(error).__name__, error, exc_info=error)
    if for_programs():
        return answer(told_of(error))
    # "Not yours" and "does not exist" are told alike, to the byte.
    explanation = error_sentence(error) if error.status != 404 else None
    return _answer(error.status, explanation)


def _database_error(error: SQLAlchemyError) -> ResponseReturnValue:
    try:
        with translated():
            raise error
    except JudgingError as meaning:
        return _judging_error(meaning)
    except SQLAlchemyError:
        return _unexpected(error)


def _csrf_error(_error: CSRFError) -> ResponseReturnValue:
    _undo()
    g.forged = True
    return _answer(400, gettext("The form was open for too long. Go back, reload the page and send it again."))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    _undo()
    # Which methods an address takes, or when to come back, stands in a header of the library's own answer.
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return _answer(error.code or _SERVER_ERROR, None, kept)


def _unexpected(error: Exception) -> ResponseReturnValue:
    _undo()
    log.error("unexpected error at %s", route(), exc_info=error)
    return _answer(_SERVER_ERROR, None)


def _answer(status: int, explanation: str | None, kept: Mapping[str, str] | None = None) -> ResponseReturnValue:
    headers = {**({"Retry-After": RETRY_AFTER} if status == StoreUnavailable.status else {}), **(kept or {})}
    if for_programs():
        return answer(told_status(status, headers=headers))
    if wants_json():
        return jsonify({"status": status, "detail": explanation or ""}), status, headers
    if status == _NOT_FOUND:
        # A page in the contest's colour would tell that the thing exists.
        g.pop("contest", None)
    # The page must not lean on the database: its session is gone.
    g.desks = frozenset()
    if status >= _SERVER_ERROR and g.get("account") is None:
        setattr(g, _LOGIN_USER, AnonymousUserMixin())
    # Only a failure is something to report; a refusal must not differ from another by a number.
    reference = request_id() if status >= _SERVER_ERROR else None
    template = f"errors/{status}.html" if status in _OWN_PAGES else "errors/error.html"
    return render_template(template, code=status, explanation=explanation, reference=reference), status, headers


def _undo() -> None:
    """Undo what the request wrote, and let go of rows that a failed write took with it: nobody can read them now."""
    unit().abandon()
    for name in ("account", "contest", "entry", "assignment"):
        found = g.get(name)
        if found is not None and inspect(found).expired:
            if name == "account":
                g.lost_account_id = actor_id()
            g.pop(name)
