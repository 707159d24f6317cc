"""An entry after it was begun: where it stands, what the office said, its receipts."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from judging.db.queries.entrant import list_screenings
from judging.db.queries.live import places_of_entry
from judging.db.queries.messages import letters_about
from judging.domain.lifecycle import EntryState
from judging.domain.policy import policy
from judging.services.contests.deadlines import entry_deadline
from judging.services.entries.drafts import may_edit
from judging.services.entries.handovers import handovers_of
from judging.services.entries.receipts import list_receipts
from judging.services.entries.status import WITHDRAWABLE, results_are_public, shown_state
from judging.services.messages.log import STATE_LABELS
from judging.services.results.documents import documents_of_entry
from judging.web.context import account, actor, contest, entry, rules
from judging.web.entrant.blueprint import blueprint
from judging.web.entrant.dossier_view import dossier_items
from judging.web.entrant.entry_page import entry_context
from judging.web.entrant.overview import overview
from judging.web.entrant.returned import what_to_mend
from judging.web.transaction import db


@blueprint.get("/entries/<entry_id>/")
@policy("contestant")
def show(**_address: str) -> str:
    """Where the entry stands and what its people can do now."""
    shown, of_contest = entry(), contest()
    state = shown_state(shown, of_contest)
    screenings = list_screenings(db(), entry=shown)
    returned = what_to_mend(shown, rules(), screenings)
    deadline = entry_deadline(db(), shown, contest=of_contest) if state is EntryState.DRAFT else None
    return render_template(
        "entrant/show.html",
        **entry_context(),
        state_key=state.value,
        explanation=_explanations()[state],
        receipts=list_receipts(db(), entry=shown),
        places=places_of_entry(db(), shown),
        screenings=screenings,
        returned=returned,
        deadline=deadline.at if deadline else returned.until if returned else None,
        longer=deadline is not None and deadline.own,
        letters=letters_about(db(), shown, account_id=account().id),
        letter_states=STATE_LABELS,
        overview=overview(shown, rules()),
        items=dossier_items(shown, rules()),
        handovers=handovers_of(db(), entry=shown),
        editable=may_edit(shown, actor()),
        may_withdraw=state in WITHDRAWABLE,
        results_public=results_are_public(of_contest),
        documents=documents_of_entry(db(), rules=rules(), entry=shown),
    )


def _explanations() -> dict[EntryState, str]:
    texts: dict[EntryState, Any] = {
        EntryState.DRAFT: _("Nobody but you sees it yet. It counts only once it is handed in."),
        EntryState.SUBMITTED: _("The office checks whether the dossier is complete. You get a letter when it has."),
        EntryState.RETURNED: _("The office asks you to correct something. Read why below, then hand it in again."),
        EntryState.LATE: _("It came after the deadline. The organiser decides whether it is admitted."),
        EntryState.ELIGIBLE: _("The dossier is complete. Judging comes next."),
        EntryState.INELIGIBLE: _("The office decided that it cannot take part. The reason stands below."),
        EntryState.IN_ROUND: _("The judges are at work. Nothing of the result is told before it is published."),
        EntryState.ADVANCED: _("It went on to the next round."),
        EntryState.ELIMINATED: _("It did not go on to the next round."),
        EntryState.AWARDED: _("It won a prize. The results page says which."),
        EntryState.NOT_AWARDED: _("It won no prize this time. Thank you for taking part."),
        EntryState.WITHDRAWN: _("You or the office took it out of the contest."),
        EntryState.DISQUALIFIED: _("The committee took it out of the contest."),
    }
    return texts
