"""What a judge submitted earlier for an entry, version by version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from judging.db.queries import judge as queries
from judging.domain.permissions import can_see_sheets
from judging.domain.policy import policy
from judging.errors import N_, NotFound
from judging.services.score_log.receipts import find_sheet_leaves
from judging.services.sheets.drafts import version_draft
from judging.web.context import actor
from judging.web.judge.blueprint import blueprint
from judging.web.judge.dossier import dossier_of
from judging.web.judge.sheet import own_reading
from judging.web.reading_names import name_of
from judging.web.sheet_blocks import criterion_blocks, shown_total
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/sheets/<assignment_id>/versions/<int:number>")
@policy("judge")
def version(assignment_id: str, number: int) -> ResponseReturnValue:
    """One version of the judge's own sheet as it was submitted, with its receipt's code."""
    reading = own_reading()
    if not can_see_sheets(actor(), reading.relation, own=True, locked=False):
        raise NotFound(N_("There is nothing here."))
    versions = queries.sheet_versions(db(), assignment_id=assignment_id)
    found = next((one for one in versions if one.number == number), None)
    # The newest one stands on the receipt. Of a repeat there is no other, so its address must tell nothing of others.
    if found is None or (reading.hides_names and found is versions[0]):
        raise NotFound(N_("There is nothing here."))
    draft = version_draft(found)
    return render_template(
        "judge/version.html",
        reading=reading,
        name=name_of(reading),
        shown=found,
        newest=versions[0].number,
        leaf=find_sheet_leaves(db(), [found.id]).get(found.id),
        blocks=criterion_blocks(reading.judged, draft, {}),
        draft=draft,
        total=shown_total(found.total),
        dossier=dossier_of(reading),
    )
