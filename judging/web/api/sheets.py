"""A judge's own sheet: read, saved as a draft, submitted with a receipt; and stepping back from an entry."""

from __future__ import annotations

from typing import Any

from flask import Response

from judging.domain.lifecycle import SheetState
from judging.errors import N_, NotFound, Refused
from judging.services.access.api_tokens import JUDGE, READ
from judging.services.judges.conflicts.gate import check_pair
from judging.services.judges.conflicts.recusals import recuse as step_back
from judging.services.rounds.end.keeping import RoundEnded
from judging.services.sheets.life import find_version
from judging.services.sheets.readings import Reading, find_reading, lock_assignment
from judging.services.sheets.writes import RubricChanged, SheetContent, sheet_revision, write_sheet
from judging.services.upkeep.disk_guard import require_room_for_scores
from judging.web.api.blueprint import blueprint
from judging.web.api.conditions import quoted, require_match_or_none, tagged
from judging.web.api.operations import operation
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

_TAG = "Judging"
_SUBMITTED = "submitted"
_TAKEN_OFF = (SheetState.RECUSED, SheetState.REASSIGNED)
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
    reading = _own_reading()
    if reading.must_declare:
        require_units(assignment().judge, [assignment()])
    return tagged(show_work(reading), tag=_tag())


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
    lock_assignment(db(), assignment())
    reading = _reading_to_write()
    require_match_or_none(show_sheet(reading), tag=_tag(), is_new=sheet_revision(assignment()) == 0)
    submits = json.state == _SUBMITTED
    try:
        written = write_sheet(
            db(), registry=platform().registry, reading=reading, actor=actor(), submit=submits, rubric=json.rubric,
            content=SheetContent(
                marks=json.marks, bands=json.bands, comments=json.comments, comment=json.comment
            ),
            now=now(), received_at=received(),
        )  # fmt: skip
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
    shown = show_written(reading, written.saved.draft, written.version)
    if written.version is not None:
        keep_for_proof(written.version)
    return shown, 201 if submits else 200, {"ETag": quoted(_tag())}


@blueprint.get("/assignments/<assignment_id>/receipt")
@operation(
    tag=_TAG, roles=("judge",), scopes=(READ, JUDGE), fails=(404,), media="text/plain",
)  # fmt: skip
def get_receipt(assignment_id: str) -> Response:
    """Read the receipt of one's newest submitted version: a C2SP tlog-proof that anybody can check offline."""
    del assignment_id
    _own_reading()
    return receipt_file(find_version(db(), assignment=assignment()))


@blueprint.post("/assignments/<assignment_id>/recuse")
@operation(
    tag=_TAG, answer=Recused, roles=("judge",), scopes=(JUDGE,), fails=(404, 409), repeats=True,
    example={"kind": "teacher", "reason": ""},
)  # fmt: skip
def recuse(assignment_id: str, json: RecuseBody) -> Recused:
    """Step back from an entry, at once. One no longer sees it afterwards."""
    _own_reading()
    step_back(db(), assignment=assignment(), actor=actor(), kind=json.kind, reason=json.reason, now=now())
    return Recused(assignment=assignment_id, state=assignment().state)


def _own_reading() -> Reading:
    """The reading of this address. Raises NotFound once the judge is off the entry."""
    return find_reading(db(), registry=platform().registry, assignment=assignment(), actor=actor())


def _reading_to_write() -> Reading:
    """As `_own_reading`; whom a conflict keeps from it is told so. Raises NotAllowed and NotFound."""
    try:
        return _own_reading()
    except NotFound:
        if assignment().judge.account_id == actor().account_id and assignment().state not in _TAKEN_OFF:
            check_pair(db(), judge_id=assignment().judge_id, entry_id=assignment().entry_id)
        raise


def _tag() -> str:
    return f"v{sheet_revision(assignment())}"
