"""An entry as its co-authors and their guardians see it: to be read, never changed; without others' birth dates."""

from __future__ import annotations

from flask import render_template

from judging.domain.lifecycle import ENTRY_LABELS
from judging.domain.permissions import can_see_entry
from judging.domain.policy import policy
from judging.errors import N_, NotFound
from judging.services.entries.answers import Stored
from judging.services.entries.receipts import list_receipts
from judging.services.entries.relations import relation_to_entry
from judging.services.entries.status import shown_state
from judging.web.context import actor, contest, entry, rules
from judging.web.formats import label
from judging.web.people.blueprint import blueprint
from judging.web.transaction import db


@blueprint.get("/entries/<entry_id>/shared")
@policy("coauthor", "guardian")
def shared(**_address: str) -> str:
    """The entry that one takes part in: title, answers, authors, where it stands, receipts."""
    shown = entry()
    if not can_see_entry(actor(), relation_to_entry(db(), actor=actor(), entry=shown)):
        raise NotFound(N_("There is nothing here."))
    labels = {one.key: label(one.label) for one in rules().categories}
    return render_template(
        "people/shared.html",
        entry=shown,
        contest=contest(),
        rules=rules(),
        state=ENTRY_LABELS[shown_state(shown, contest())],
        category=labels.get(shown.category, "–"),
        people=[(member.name, member.unit, member.share) for member in shown.members],
        answers=[
            (label(one.label), _text(shown.answers.get(one.key)))
            for one in rules().fields
            if shown.answers.get(one.key) not in (None, "", True, False)
        ],
        receipts=list_receipts(db(), entry=shown),
    )


def _text(value: Stored) -> str:
    return "" if value is None else str(value)
