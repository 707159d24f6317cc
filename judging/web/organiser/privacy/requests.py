"""Requests about personal data that concern the contest: the queue, a request with its steps, its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.services.privacy.request_desk.working import find_request
from judging.web.context import contest, rules
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.codes import entry_of_code
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

_DESK = ("organiser", "secretary", "administrator")


@blueprint.get("/<slug>/requests")
@policy(*_DESK)
def requests(slug: str) -> str:
    """The requests about data of this contest, what is due first on top."""
    del slug
    return _queue()


@blueprint.post("/<slug>/requests")
@policy(*_DESK)
def enter_request(slug: str) -> ResponseReturnValue:
    """Enter a request that came on paper, by phone, by letter or at the counter."""
    if refused := enter_typed(contest(), find_entry=entry_of_code):
        return _queue(refused), REFUSED
    flash(_("The request is entered."), "info")
    return redirect(url_for("organiser.requests", slug=slug))


@blueprint.get("/<slug>/requests/<request_id>", endpoint="request")
@policy(*_DESK)
def one_request(slug: str, request_id: str) -> str:
    """One request: what was asked, by when, what was done, and the ways to do it."""
    del slug
    return _one(request_id)


@blueprint.post("/<slug>/requests/<request_id>")
@policy(*_DESK)
def request_step(slug: str, request_id: str) -> ResponseReturnValue:
    """Answer the request, do or refuse it, or note something."""
    if refused := step_typed(find_request(db(), contest(), request_id)):
        return _one(request_id, refused), REFUSED
    flash(_("Recorded."), "info")
    return redirect(url_for("organiser.request", slug=slug, request_id=request_id))


@blueprint.get("/<slug>/requests/<request_id>/evidence")
@policy(*_DESK)
def request_evidence(slug: str, request_id: str) -> Response:
    """The evidence of a request as a file."""
    del slug
    return evidence_answer(contest(), request_id)


def _queue(refused: Sequence[str] = ()) -> str:
    return render_template(
        "organiser/privacy/requests.html", contest=contest(), rules=rules(), **queue_values(contest(), refused=refused)
    )


def _one(request_id: str, refused: Sequence[str] = ()) -> str:
    found = find_request(db(), contest(), request_id)
    return render_template(
        "organiser/privacy/request.html", contest=contest(), rules=rules(), **request_values(found, refused=refused)
    )
