"""Where the office of a contest says how it is reached, and where and when things are handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.services.contests.office_desk import Desk, find_desk, save_desk
from judging.web.context import actor, contest, now, rules
from judging.web.organiser.blueprint import blueprint
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/<slug>/settings/office", methods=["GET", "POST"])
@policy("organiser")
def office(slug: str) -> ResponseReturnValue:
    """What everybody reads of the office: its contact, the place for things handed in, its hours."""
    if request.method == "POST":
        said = {name: request.form.get(name, "") for name in ("contact", "place", "hours")}
        save_desk(db(), contest=contest(), desk=Desk(**said), actor=actor(), now=now())
        flash(_("Recorded."), "info")
        return redirect(url_for("organiser.settings", slug=slug))
    return render_template(
        "organiser/settings/office.html", contest=contest(), rules=rules(), desk=find_desk(db(), contest=contest())
    )
