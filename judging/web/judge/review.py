"""Looking at a sheet once more before it is locked, and the receipt afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for

from judging.db.queries import judge as queries
from judging.domain.lifecycle import OverrideState, SheetState
from judging.domain.permissions import can_see_sheets
from judging.domain.policy import policy
from judging.errors import N_, NotFound, Refused, StaleVersion
from judging.services.results.overrides.deciding import find_override
from judging.services.rounds.end.keeping import RoundEnded
from judging.services.score_log.receipts import find_sheet_leaves
from judging.services.sheets.desk import find_place, panel_totals
from judging.services.sheets.drafts import draft_total, missing_and_wrong, stored_draft, version_draft
from judging.services.sheets.life import submit_sheet
from judging.services.sheets.readings import why_closed
from judging.services.sheets.warm_up import looks_left
from judging.services.upkeep.disk_guard import require_room_for_scores
from judging.web.context import actor, assignment, contest, now, platform
from judging.web.formats import error_sentence
from judging.web.i18n import locale
from judging.web.judge.blueprint import blueprint
from judging.web.judge.dossier import dossier_of
from judging.web.judge.following import following_url
from judging.web.judge.repeat_door import with_twin
from judging.web.judge.sheet import own_reading
from judging.web.late_sheets import ended_notice, keep_as_late
from judging.web.reading_names import name_of
from judging.web.received import received
from judging.web.sheet_blocks import criterion_blocks, field_errors, shown_total
from judging.web.sheet_receipts import receipt_file
from judging.web.transaction import db
from judging.web.typed_sheet import seen_version

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.services.judges.repeats.reading import RepeatReading
    from judging.services.sheets.readings import Reading

_REFUSED = 422
_STALE = 412


@blueprint.get("/sheets/<assignment_id>/review")
@policy("judge")
@with_twin
def review(assignment_id: str) -> ResponseReturnValue:
    """What will be submitted, and what is still missing."""
    reading = own_reading()
    if reading.state is SheetState.SUBMITTED:
        return redirect(url_for("judge.receipt", assignment_id=assignment_id))
    if why_closed(reading) or reading.must_declare:
        return redirect(url_for("judge.sheet", assignment_id=assignment_id))
    return review_page(reading)


@blueprint.post("/sheets/<assignment_id>/review")
@policy("judge")
@with_twin
def submit(assignment_id: str) -> ResponseReturnValue:
    """Submit the draft that the judge has just looked at."""
    reading = own_reading()
    if reading.state is SheetState.SUBMITTED:
        # The button was pressed twice, or the answer got lost on the way: what was asked for is done.
        return redirect(url_for("judge.receipt", assignment_id=assignment_id))
    require_room_for_scores(platform().database)
    try:
        submit_sheet(
            db(),
            registry=platform().registry,
            assignment=assignment(),
            actor=actor(),
            now=now(),
            expected_version=seen_version(absent=-1),
            locale=locale(),
            received_at=received(),
        )
    except Refused:
        return review_page(reading), _REFUSED
    except RoundEnded as ended:
        keep_as_late(reading, ended)
        return review_page(reading), ended.status
    except StaleVersion as stale:
        return review_page(reading, stale=error_sentence(stale)), _STALE
    return redirect(url_for("judge.receipt", assignment_id=assignment_id))


@blueprint.get("/sheets/<assignment_id>/receipt")
@policy("judge")
@with_twin
def receipt(assignment_id: str) -> ResponseReturnValue:
    """The locked sheet with its receipt; once the entry is locked, the other judges' totals too."""
    reading = own_reading()
    if not can_see_sheets(actor(), reading.relation, own=True, locked=False):
        raise NotFound(N_("There is nothing here."))
    versions = queries.sheet_versions(db(), assignment_id=assignment_id)
    if not versions:
        return redirect(url_for("judge.sheet", assignment_id=assignment_id))
    newest = versions[0]
    leaves = find_sheet_leaves(db(), [one.id for one in versions])
    draft = version_draft(newest)
    place = find_place(db(), reading=reading)
    return render_template(
        "judge/receipt.html",
        reading=reading,
        name=name_of(reading),
        is_repeat=False,
        locked=reading.state is SheetState.SUBMITTED,
        submitted=newest,
        overridden=find_override(db(), sheet_id=newest.id, state=OverrideState.APPROVED),
        earlier=versions[1:],
        leaves=leaves,
        blocks=criterion_blocks(reading.judged, draft, {}),
        draft=draft,
        total=shown_total(newest.total),
        place=place,
        next_url=following_url(reading, place.next_id),
        looks=looks_left(db(), reading=reading),
        dossier=dossier_of(reading),
        panel=[(sheet.judge, shown_total(sheet.total)) for sheet in panel_totals(db(), reading=reading, actor=actor())],
        list_url=url_for("judge.contest", slug=contest().slug, round=reading.judged.key),
    )


@blueprint.get("/sheets/<assignment_id>/receipts/<int:number>")
@policy("judge")
def receipt_proof(assignment_id: str, number: int) -> ResponseReturnValue:
    """The receipt of a submitted version as a file that anybody can check without this program."""
    # A repeat has none, so while they are to stay unnoticed nobody is given one.
    hidden = own_reading().hides_names
    versions = queries.sheet_versions(db(), assignment_id=assignment_id)
    found = next((one for one in versions if one.number == number), None)
    if found is None or hidden:
        raise NotFound(N_("There is nothing here."))
    return receipt_file(found)


def review_page(reading: Reading | RepeatReading, *, stale: str = "") -> str:
    """The saved sheet as it would be submitted."""
    draft = stored_draft(reading.judged, reading.assignment, locale=locale())
    return render_template(
        "judge/review.html",
        reading=reading,
        name=name_of(reading),
        blocks=criterion_blocks(reading.judged, draft, {}),
        draft=draft,
        missing=list(field_errors(missing_and_wrong(reading.judged, draft)).items()),
        total=shown_total(draft_total(reading.judged, draft)),
        dossier=dossier_of(reading),
        stale=stale,
        ended=ended_notice(reading),
    )
