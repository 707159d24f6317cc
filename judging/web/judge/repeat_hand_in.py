"""A blind repeat from the outbox of a judge's device: taken once and answered as any sheet, see `device_hand_in`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, url_for

from judging.domain.lifecycle import SheetState
from judging.services.judges.repeats.reading import RepeatReading, hold_repeat
from judging.services.judges.repeats.sheets import SavedRepeat, save_repeat, submit_repeat
from judging.services.sheets.drafts import stored_draft
from judging.services.sheets.merging import SheetMerge
from judging.services.sheets.writes import sheet_revision
from judging.web.context import actor, contest, now, platform
from judging.web.formats import moment
from judging.web.i18n import locale
from judging.web.judge.device_fields import sheet_start, shown_fields
from judging.web.judge.device_hand_in import check_rubric, refusals_told, stale_sheet, take_in
from judging.web.judge.repeat_door import twin_of
from judging.web.reading_names import name_of
from judging.web.received import received
from judging.web.sheet_blocks import shown_total
from judging.web.transaction import db
from judging.web.typed_sheet import typed_texts

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.db.models import BlindRepeat
    from judging.web.judge.device_body import HandedIn
    from judging.web.problems import ApiError

_CREATED = 201


@twin_of("hand_in")
def hand_in(repeat: BlindRepeat) -> ResponseReturnValue:
    """Submit a repeat that was filled in while there was no network."""
    return take_in(lambda body: _submit(repeat, body))


def _submit(repeat: BlindRepeat, body: HandedIn) -> Response:
    reading = hold_repeat(db(), registry=platform().registry, repeat=repeat, actor=actor())
    if reading.state is SheetState.SUBMITTED:
        raise _stale(reading)
    check_rubric(reading.judged, body)
    start = sheet_start(reading.judged, base=body.base, sent=body.sent, locale=body.language)
    with refusals_told():
        _save(reading, body, SheetMerge(start, locale=body.language))
        submit_repeat(
            db(), registry=platform().registry, repeat=repeat, actor=actor(), now=now(), locale=body.language,
            received_at=received(),
        )  # fmt: skip
    response = jsonify(
        receipt=_receipt(reading), revision=sheet_revision(repeat), total=str(shown_total(repeat.total))
    )  # fmt: skip
    response.status_code = _CREATED
    return response


def _save(reading: RepeatReading, body: HandedIn, merge: SheetMerge) -> SavedRepeat:
    saved = save_repeat(
        db(), registry=platform().registry, repeat=reading.assignment, actor=actor(), locale=body.language, now=now(),
        merge=merge, **typed_texts(reading.judged, body.fields),
    )  # fmt: skip
    if not merge.adds_nothing_of_others():
        raise _stale(reading, standing=merge)
    return saved


def _stale(reading: RepeatReading, *, standing: SheetMerge | None = None) -> ApiError:
    repeat, submitted = reading.assignment, reading.state is SheetState.SUBMITTED
    draft = standing.standing if standing is not None else stored_draft(reading.judged, repeat, locale="en")
    return stale_sheet(
        {
            "state": reading.state.value, "revision": sheet_revision(repeat),
            "fields": shown_fields(reading.judged, draft), "receipt": _receipt(reading) if submitted else None,
        }
    )  # fmt: skip


def _receipt(reading: RepeatReading) -> dict[str, Any]:
    repeat = reading.assignment
    at = repeat.submitted_at or now()
    return {
        "number": f"{name_of(reading).code}-{repeat.sheet_version}", "code": repeat.code, "time": at.isoformat(),
        "shown": moment(at, contest().zone, seconds=True), "page": url_for("judge.receipt", assignment_id=repeat.id),
        "language": locale(),
    }  # fmt: skip
