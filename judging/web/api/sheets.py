"""A judge's own sheet: read, saved as a draft, submitted with a receipt; and stepping back from an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response

from judging.errors import N_, Conflict, Refused
from judging.services.access.api_tokens import JUDGE, READ
from judging.services.judges.conflicts.recusals import recuse as step_back
from judging.services.judges.repeats.reading import RepeatReading
from judging.services.judges.repeats.writing import write_repeat
from judging.services.rounds.end.keeping import RoundEnded
from judging.services.sheets.life import find_version
from judging.services.sheets.writes import RubricChanged, SheetContent, sheet_revision, write_sheet
from judging.services.upkeep.disk_guard import require_room_for_scores
from judging.web.api.blueprint import blueprint
from judging.web.api.conditions import quoted, require_match_or_none, tagged
from judging.web.api.operations import operation
from judging.web.api.own_readings import first_assignment, own_reading, reading_to_write, sheet_tag
from judging.web.api.proofs import keep_for_proof, proven
from judging.web.api.schemas.sheets import RecuseBody, Recused, Sheet, SheetBody, SheetWork
from judging.web.api.shown_sheets import sheet_place, show_sheet, show_work, show_written
from judging.web.api.units_first import require_units
from judging.web.context import actor, assignment, now, platform
from judging.web.late_sheets import note_alone
from judging.web.problems import ApiError, faults_of
from judging.web.received import received
from judging.web.sheet_receipts import receipt_file
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import SheetVersion
    from judging.services.sheets.drafts import Draft
    from judging.services.sheets.readings import Reading

_TAG = "Judging"
_SUBMITTED = "submitted"
_EXAMPLE = {
    "marks": {"novelty": "24", "use": "27.5"}, "comments": {"novelty": "New in the province."},
    "comment": "A clear idea. It could be tried in flood season.", "state": "submitted",
}  # fmt: skip


@blueprint.get("/assignments/<assignment_id>/sheet")
@operation(tag=_TAG, answer=SheetWork, roles=("judge",), scopes=(READ, JUDGE), fails=(404, 409), etag=True)
def get_sheet(assignment_id: str) -> Any:
    """Read one's own sheet with the rubric, and the receipt once it is submitted.

    409 until the caller has declared their ties to schools and units.
    """
    del assignment_id
    reading = own_reading()
    if reading.must_declare:
        first = first_assignment()
        require_units(first.judge, [first])
    return tagged(show_work(reading), tag=sheet_tag(reading))


@blueprint.put("/assignments/<assignment_id>/sheet")
@proven
@operation(
    tag=_TAG, answer=Sheet, also={201: Sheet}, roles=("judge",), scopes=(JUDGE,), fails=(404, 409), etag=True,
    condition="sheet", repeats=True, example=_EXAMPLE,
)  # fmt: skip
def put_sheet(assignment_id: str, json: SheetBody) -> Any:
    """Save the whole sheet as a draft (200), or submit it (201 with a receipt), which nobody can undo.

    `If-Match` says which version was seen, `If-None-Match: *` that none was there. With an `Idempotency-Key` the same
    request gets the same answer again, however often it is repeated.
    """
    del assignment_id
    require_room_for_scores(platform().database)
    reading = reading_to_write()
    is_new = sheet_revision(reading.assignment) == 0
    require_match_or_none(show_sheet(reading), tag=sheet_tag(reading), is_new=is_new)
    try:
        draft, version = _write(reading, json)
    except RoundEnded as ended:
        note_alone(ended)
        message = N_(
            "The round ended at %(until)s: sheets are no longer taken, and this one was not stored. Send it as a draft "
            "to keep it, and ask the office of the contest for more time: it sees that the sheet came late."
        )
        raise ApiError(409, "round-ended", message, until=ended.params["until"]) from ended
    except Refused as refused:
        faults = faults_of(refused.problems, place=sheet_place)
        raise ApiError(
            422, "refused", N_("The sheet cannot be taken like this. Every reason is listed."), faults=faults
        ) from refused
    except RubricChanged as changed:
        more = {"current": show_work(reading).model_dump(mode="json")}
        raise ApiError(409, "rubric-changed", changed.message, more=more) from changed
    db().flush()
    shown = show_written(reading, draft, version)
    if version is not None and not reading.hides_names:
        keep_for_proof(version)
    return shown, 201 if json.state == _SUBMITTED else 200, {"ETag": quoted(sheet_tag(reading))}


@blueprint.get("/assignments/<assignment_id>/receipt")
@operation(
    tag=_TAG, roles=("judge",), scopes=(READ, JUDGE), fails=(404, 409), media="text/plain",
)  # fmt: skip
def get_receipt(assignment_id: str) -> Response:
    """Read the receipt of one's newest submitted version: a C2SP tlog-proof that anybody can check offline.

    409 in a round in which entries go by codes, until it has closed.
    """
    del assignment_id
    if own_reading().hides_names:
        raise Conflict(N_("In this round receipt files are given once it has closed. Keep the code meanwhile."))
    return receipt_file(find_version(db(), assignment=assignment()))


@blueprint.post("/assignments/<assignment_id>/recuse")
@operation(
    tag=_TAG, answer=Recused, roles=("judge",), scopes=(JUDGE,), fails=(404, 409), repeats=True,
    example={"kind": "teacher", "reason": ""},
)  # fmt: skip
def recuse(assignment_id: str, json: RecuseBody) -> Recused:
    """Step back from an entry, at once. One no longer sees it afterwards."""
    own_reading()
    first = first_assignment()
    step_back(db(), assignment=first, actor=actor(), kind=json.kind, reason=json.reason, now=now())
    return Recused(assignment=assignment_id, state=first.state)


def _write(reading: Reading | RepeatReading, body: SheetBody) -> tuple[Draft, SheetVersion | None]:
    """Save the sheet, and submit it if asked; a repeat becomes no version. Raises as `write_sheet`."""
    content = SheetContent(marks=body.marks, bands=body.bands, comments=body.comments, comment=body.comment)
    registry, submit = platform().registry, body.state == _SUBMITTED
    if isinstance(reading, RepeatReading):
        saved = write_repeat(
            db(), registry=registry, reading=reading, actor=actor(), content=content, submit=submit, rubric=body.rubric,
            now=now(), received_at=received(),
        )  # fmt: skip
        return saved.draft, None
    written = write_sheet(
        db(), registry=registry, reading=reading, actor=actor(), content=content, submit=submit, rubric=body.rubric,
        now=now(), received_at=received(),
    )  # fmt: skip
    return written.saved.draft, written.version
