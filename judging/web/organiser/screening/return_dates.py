"""A later date for a dossier that is with its authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.errors import NotAllowed
from judging.services.screening.return_terms import extend_return
from judging.web.context import actor, contest, entry, now, rules
from judging.web.formats import error_sentence
from judging.web.organiser.acts import DESK, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.last_days import end_of_day
from judging.web.organiser.screening.desk import desk_page
from judging.web.organiser.screening.queue_filter import queue_arguments
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/entries/<entry_id>/return-date")
@policy(*DESK)
def extend_return_date(entry_id: str) -> ResponseReturnValue:
    """Give a returned dossier a later date. Its owner is told by letter."""

    def act() -> None:
        extend_return(
            db(), contest=contest(), rules=rules(), entry=entry(), until=end_of_day(request.form.get("later", "")),
            reason=request.form.get("reason-later", ""), actor=actor(), now=now(),
        )  # fmt: skip

    try:
        refused = refusals_of(act)
    except NotAllowed as not_allowed:
        refused = [error_sentence(not_allowed)]
    if refused:
        return desk_page(refused), REFUSED
    flash(_("The later date is recorded. The contestant is told by letter."), "info")
    return redirect(url_for("organiser.desk", entry_id=entry_id, **queue_arguments()))
