"""Taking one entry out of the contest, from the page of the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from judging.domain.lifecycle import EntryState
from judging.domain.policy import policy
from judging.services.entries.removal import remove_entry
from judging.web.context import actor, entry, now
from judging.web.organiser.acts import REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.entries.dossiers import dossier_page
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/entries/<entry_id>/remove")
@policy("organiser", "secretary", "committee")
def remove(entry_id: str) -> ResponseReturnValue:
    """Withdraw the entry at its author's request, or disqualify it, with a reason that the contestant reads."""
    reason, asked = request.form.get("reason", ""), request.form.get("state", "")
    targets = {state.value: state for state in (EntryState.WITHDRAWN, EntryState.DISQUALIFIED)}
    if asked not in targets:
        return dossier_page([_("Choose whether the entry is withdrawn or disqualified.")], removal=reason), REFUSED
    refused = refusals_of(
        lambda: remove_entry(db(), entry=entry(), target=targets[asked], reason=reason, actor=actor(), now=now())
    )
    if refused:
        return dossier_page(refused, removal=reason), REFUSED
    flash(_("The entry is out of the contest. The contestant is told by letter."), "info")
    return redirect(url_for("organiser.entry", entry_id=entry_id))
