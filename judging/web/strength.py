"""Where the settings ask it of staff, no page of the office opens without a second factor.

The session counts, not the account: a person who has a passkey and came in by password alone is asked for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Flask, current_app, redirect, request, url_for
from flask_login import current_user

from judging.domain.policy import ATTRIBUTE, Policy
from judging.web.context import platform

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_OFFICE = frozenset({"organiser", "admin"})
_STAFF = frozenset({"organiser", "secretary", "committee", "auditor", "administrator"})


def install(app: Flask) -> None:
    """Ask for it before the view, and after the policy has decided that the person may call it at all."""

    @app.before_request
    def ask() -> ResponseReturnValue | None:
        if platform().settings.second_factor != "staff" or request.endpoint is None or not _is_office():
            return None
        if not current_user.is_authenticated or current_user.is_strong:
            return None
        return redirect(url_for("account.factors", asked=1))


def _is_office() -> bool:
    if request.blueprint in _OFFICE:
        return True
    view = current_app.view_functions[request.endpoint or ""]
    declared = cast("Policy | None", getattr(view, ATTRIBUTE, None))
    return declared is not None and declared.names <= _STAFF
