"""All requests about personal data of the installation, and those that concern no contest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.services.privacy.request_desk.working import find_request
from judging.web.admin.blueprint import blueprint
from judging.web.request_desk import (
    REFUSED,
    enter_typed,
    evidence_answer,
    queue_values,
    request_values,
    step_typed,
)
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue


@blueprint.get("/requests")
@policy("administrator")
def requests() -> str:
    """All requests, what is due first on top."""
    return _queue()


@blueprint.post("/requests")
@policy("administrator")
def enter_request() -> ResponseReturnValue:
    """Enter a request that concerns no contest."""
    if refused := enter_typed(None, find_entry=lambda _code: None):
        return _queue(refused), REFUSED
    flash(_("The request is entered."), "info")
    return redirect(url_for("admin.requests"))


@blueprint.get("/requests/<request_id>", endpoint="request")
@policy("administrator")
def one_request(request_id: str) -> str:
    """One request: what was asked, by when, and what was done."""
    return _one(request_id)


@blueprint.post("/requests/<request_id>")
@policy("administrator")
def request_step(request_id: str) -> ResponseReturnValue:
    """Answer the request, do or refuse it, or note something."""
    if refused := step_typed(find_request(db(), None, request_id)):
        return _one(request_id, refused), REFUSED
    flash(_("Recorded."), "info")
    return redirect(url_for("admin.request", request_id=request_id))


@blueprint.get("/requests/<request_id>/evidence")
@policy("administrator")
def request_evidence(request_id: str) -> Response:
    """The evidence of a request as a file."""
    return evidence_answer(None, request_id)


def _queue(refused: Sequence[str] = ()) -> str:
    return render_template("admin/requests.html", **queue_values(None, refused=refused))


def _one(request_id: str, refused: Sequence[str] = ()) -> str:
    return render_template(
        "admin/request.html", **request_values(find_request(db(), None, request_id), refused=refused)
    )
