"""Handing an entry in, and withdrawing it."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.errors import Refused
from judging.services.contests.editions import rules_in_force
from judging.services.entries.life import submit_entry, withdraw_entry
from judging.services.entries.values import entry_value
from judging.web.context import actor, contest, entry, now, platform
from judging.web.entrant.blueprint import blueprint
from judging.web.entrant.step_list import REVIEW
from judging.web.entrant.steps import render_step
from judging.web.formats import moment
from judging.web.received import received
from judging.web.transaction import db, unit

_REFUSED = 422


@blueprint.post("/entries/<entry_id>/submit")
@policy("contestant")
def submit(**_address: str) -> ResponseReturnValue:
    """Hand the entry in and show its receipt; what is missing is told all at once."""
    registry = platform().registry
    try:
        done = submit_entry(db(), registry=registry, entry=entry(), actor=actor(), now=now(), received_at=received())
    except Refused as refused:
        return render_step(REVIEW, problems=refused.problems), _REFUSED
    in_force = rules_in_force(registry, contest())
    unit().after_commit(partial(registry.tell_entry_submitted, in_force, entry_value(in_force, entry())))
    if done.late:
        flash(_("Recorded as late. The organiser decides whether it is admitted; you get a letter."), "attention")
    else:
        time = moment(done.receipt.at, contest().zone, seconds=True)
        flash(_("Your entry is recorded. It was received at %(time)s by the server's clock.", time=time), "info")
    return redirect(url_for("entrant.show", entry_id=entry().id, _anchor="receipts"))


@blueprint.post("/entries/<entry_id>/withdraw")
@policy("contestant")
def withdraw(**_address: str) -> ResponseReturnValue:
    """Take the entry out of the contest, once the box that says so is ticked."""
    if request.form.get("sure") != "1":
        flash(_("Nothing was withdrawn. Tick the box to say that you mean it."), "attention")
        return redirect(url_for("entrant.show", entry_id=entry().id, _anchor="withdraw"))
    withdraw_entry(db(), entry=entry(), actor=actor(), now=now())
    flash(_("The entry is withdrawn."), "info")
    return redirect(url_for("entrant.show", entry_id=entry().id))
