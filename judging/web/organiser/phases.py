"""Taking a contest to its next phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from judging.domain.lifecycle import CONTEST_LABELS, ContestPhase
from judging.domain.policy import policy
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotFound, Refused
from judging.services.contests.phase_steps import go_to_phase
from judging.web.context import actor, contest, now, platform
from judging.web.formats import label
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.settings.overview import settings_page
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_REFUSED = 422


@blueprint.post("/<slug>/phase")
@policy("organiser", "secretary", "committee")
def phases(slug: str) -> ResponseReturnValue:
    """Take the step that was asked for, passing what lies between; say what is missing when it cannot be taken."""
    try:
        target = ContestPhase(request.form.get("to", ""))
    except ValueError:
        raise NotFound(N_("There is nothing here.")) from None
    reason = request.form.get("reason", "")
    try:
        # Whatever the step wrote before it was refused is undone, so that the page shows the contest as it stands.
        with db().begin_nested():
            _take(target, reason)
    except Refused as refused:
        return settings_page(step_problems=refused.problems, step=target.value, reason=reason), _REFUSED
    except Conflict as refused:
        problem = Problem(code="conflict", message=refused.message, params=refused.params)
        return settings_page(step_problems=(problem,), step=target.value, reason=reason), _REFUSED
    flash(_("The contest is now in the phase “%(phase)s”.", phase=label(CONTEST_LABELS[target])), "info")
    return redirect(url_for("organiser.settings", slug=slug))


def _take(target: ContestPhase, reason: str) -> None:
    go_to_phase(
        db(), registry=platform().registry, contest=contest(), actor=actor(), to=target, reason=reason, now=now()
    )
