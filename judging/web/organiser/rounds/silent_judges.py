"""Reminding judges who have been silent: who they are, what each of them would get, and sending it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.domain.policy import policy
from judging.services.messages.silent_judges import list_reminders, remind_silent
from judging.services.rounds.entries import judged_round
from judging.web.context import actor, contest, now, platform, rules
from judging.web.organiser.acts import DESK, REFUSED, refusals_of, require_progress
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.rounds.tabs import round_tabs
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/<slug>/rounds/<round_key>/silent")
@policy(*DESK)
def silent_judges(slug: str, round_key: str) -> str:
    """The silent judges of the round with the letter that each would get."""
    del slug
    return _page(round_key)


@blueprint.post("/<slug>/rounds/<round_key>/silent")
@policy(*DESK)
def remind_silent_judges(slug: str, round_key: str) -> ResponseReturnValue:
    """Send the letters that were looked at to the judges who are ticked."""
    require_progress()
    sent = 0

    def act() -> None:
        nonlocal sent
        sent = len(
            remind_silent(
                db(), registry=platform().registry, settings=platform().settings, contest=contest(), rules=rules(),
                round_key=round_key, chosen=frozenset(request.form.getlist("judges")), actor=actor(), now=now(),
            )
        )  # fmt: skip

    if refused := refusals_of(act):
        return _page(round_key, refused), REFUSED
    if sent:
        flash(ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", sent), "info")
    else:
        flash(_("They have a reminder of today already. Nobody gets two on one day."), "info")
    return redirect(url_for("organiser.progress", slug=slug, round_key=round_key, _anchor="judges"))


def _page(round_key: str, refused: list[str] | None = None) -> str:
    require_progress()
    return render_template(
        "organiser/rounds/silent_judges.html",
        contest=contest(),
        rules=rules(),
        judged=judged_round(rules(), round_key),
        tabs=round_tabs("organiser.silent_judges", round_key),
        reminders=list_reminders(
            db(), registry=platform().registry, settings=platform().settings, contest=contest(), rules=rules(),
            round_key=round_key, now=now(),
        ),
        refused=refused or [],
    )  # fmt: skip
