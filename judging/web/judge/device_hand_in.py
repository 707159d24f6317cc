"""Takes a sheet from the outbox of a judge's device: once, however often the device has to send it.

The answers are those of the submission protocol: 201 with a receipt, and the same again for the same key; 409 while
the same request is still worked on, or when the rubric changed; 412 with the sheet as it is when another device was
first; 422 with every reason; 409 when the round has ended; 403 when nothing can be written any more. Nothing of a
refused sheet is stored: the device keeps it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request, url_for
from flask_babel import force_locale

from judging.domain.lifecycle import SheetState
from judging.domain.policy import policy
from judging.domain.structure import frozen_digest
from judging.errors import N_, Conflict, JudgingError, Refused, StaleVersion
from judging.services.idempotency import claim_key, keep_answer, read_key, request_digest
from judging.services.rounds.end.keeping import RoundEnded
from judging.services.score_log.receipts import find_sheet_leaves
from judging.services.sheets.drafts import stored_draft, version_draft
from judging.services.sheets.life import find_version, save_draft, submit_sheet
from judging.services.sheets.merging import SheetMerge
from judging.services.sheets.readings import hold_reading
from judging.services.sheets.writes import sheet_revision
from judging.services.upkeep.disk_guard import require_room_for_scores
from judging.web.context import account, actor, assignment, contest, now, platform
from judging.web.formats import error_sentence, moment
from judging.web.i18n import locale
from judging.web.judge.blueprint import blueprint
from judging.web.judge.device_body import HandedIn, read_handed_in
from judging.web.judge.device_fields import sheet_start, shown_fields
from judging.web.judge.repeat_door import with_twin
from judging.web.late_sheets import note_alone
from judging.web.problems import ApiError, answer, told_of
from judging.web.reading_names import name_of
from judging.web.received import received
from judging.web.sheet_blocks import field_errors, shown_total
from judging.web.transaction import db, unit
from judging.web.typed_sheet import typed_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.typing import ResponseReturnValue

    from judging.db.models import SheetVersion
    from judging.domain.rules import Round
    from judging.services.sheets.life import SavedDraft
    from judging.services.sheets.readings import Reading

KEY = "Idempotency-Key"
_CREATED = 201
_SERVER_ERROR = 500


@blueprint.put("/sheets/<assignment_id>/hand-in")
@policy("judge")
@with_twin
def hand_in(assignment_id: str) -> ResponseReturnValue:
    """Submit a sheet that was filled in while there was no network."""
    del assignment_id
    return take_in(_submit)


def take_in(submit: Callable[[HandedIn], Response]) -> ResponseReturnValue:
    """Have the sheet of this request submitted, once for each key."""
    try:
        body = read_handed_in()
        key = read_key(request.headers.get(KEY, ""))
        require_room_for_scores(platform().database)
        # What is told is shown beside what was typed: in that language, whatever the browser asks for by now.
        with force_locale(body.language):
            return _once(key, body, submit)
    except JudgingError as error:
        if error.status >= _SERVER_ERROR:
            raise
        unit().abandon()
        return answer(told_of(error))


def _once(key: str, body: HandedIn, submit: Callable[[HandedIn], Response]) -> Response:
    digest = request_digest(request.method, request.path, body.plain)
    row, is_new = claim_key(db(), account_id=account().id, key=key, request_sha256=digest, now=now())
    if not is_new:
        return Response(row.body, status=row.status, headers=row.headers)
    response = submit(body)
    kept = {"Content-Type": response.headers["Content-Type"]}
    keep_answer(row, status=response.status_code, headers=kept, body=response.get_data(as_text=True))
    return response


def _submit(body: HandedIn) -> Response:
    reading = hold_reading(db(), registry=platform().registry, assignment=assignment(), actor=actor())
    if reading.state is SheetState.SUBMITTED:
        raise _stale(reading)
    check_rubric(reading.judged, body)
    start = sheet_start(reading.judged, base=body.base, sent=body.sent, locale=body.language)
    merge = SheetMerge(start, locale=body.language)
    with refusals_told():
        saved = _save(reading, body, merge)
        version = submit_sheet(
            db(), registry=platform().registry, assignment=assignment(), actor=actor(), now=now(), saved=saved,
            received_at=received(),
        )  # fmt: skip
    db().flush()
    response = jsonify(_recorded(reading, version))
    response.status_code = _CREATED
    return response


def _save(reading: Reading, body: HandedIn, merge: SheetMerge) -> SavedDraft:
    saved = save_draft(
        db(), registry=platform().registry, assignment=assignment(), actor=actor(), locale=body.language, now=now(),
        merge=merge, submits=True, **typed_texts(reading.judged, body.fields),
    )  # fmt: skip
    if not merge.adds_nothing_of_others():
        # What is handed in is what the judge has seen as a whole: it is never mixed with what another device typed.
        raise _stale(reading, standing=merge)
    return saved


def _stale(reading: Reading, *, standing: SheetMerge | None = None) -> ApiError:
    submitted = reading.state is SheetState.SUBMITTED
    version = find_version(db(), assignment=reading.assignment) if submitted else None
    if version is not None:
        draft = version_draft(version)
    else:
        draft = standing.standing if standing is not None else stored_draft(reading.judged, assignment(), locale="en")
    current = {
        "state": reading.state.value,
        "revision": sheet_revision(assignment()),
        "fields": shown_fields(reading.judged, draft),
        "receipt": _receipt(reading, version) if version is not None else None,
    }
    return stale_sheet(current)


def check_rubric(judged: Round, body: HandedIn) -> None:
    """Refuse a sheet that was filled in by another rubric. Raises ApiError."""
    if body.rubric != frozen_digest(judged.rubric):
        raise ApiError(
            409, "rubric-changed",
            N_("The rubric changed since this sheet was filled in. Look at the new one and mark anew."),
            more={"rubric": frozen_digest(judged.rubric)},
        )  # fmt: skip


@contextmanager
def refusals_told() -> Iterator[None]:
    """Tell the device why a sheet is not taken, as its script can show it. Raises ApiError for what services refuse."""
    try:
        yield
    except Refused as refused:
        raise _refused(refused) from refused
    except StaleVersion:
        raise
    except RoundEnded as ended:
        raise _ended(ended) from ended
    except Conflict as closed:
        raise _closed(closed) from closed


def _closed(closed: Conflict) -> ApiError:
    return ApiError(403, "forbidden", error_sentence(closed).replace("%", "%%"))


def stale_sheet(current: dict[str, Any]) -> ApiError:
    """The refusal that shows the sheet as it is now."""
    return ApiError(
        412, "stale", N_("This sheet was changed on another device. Yours was not recorded; look at both."),
        more={"current": current},
    )  # fmt: skip


def _ended(ended: RoundEnded) -> ApiError:
    # That it came too late is noted.
    note_alone(ended)
    return ApiError(
        409, "round-ended",
        N_(
            "The round ended at %(until)s, before this sheet reached us. It stays on this device, and the office sees "
            "that it came late. When the office has given more time, send it again."
        ),
        until=ended.params["until"],
    )  # fmt: skip


def _refused(refused: Refused) -> ApiError:
    return ApiError(
        422, "refused", N_("The sheet cannot be taken like this. Every reason is listed."),
        more={"fields": field_errors(refused.problems)},
    )  # fmt: skip


def _recorded(reading: Reading, version: SheetVersion) -> dict[str, Any]:
    return {
        "receipt": _receipt(reading, version), "revision": sheet_revision(assignment()),
        "total": str(shown_total(version.total)),
    }  # fmt: skip


def _receipt(reading: Reading, version: SheetVersion) -> dict[str, Any]:
    leaf = find_sheet_leaves(db(), [version.id]).get(version.id)
    number = f"{name_of(reading).code}-{version.number}"
    return {
        "number": number,
        "code": leaf.code if leaf is not None else version.code,
        "time": version.submitted_at.isoformat(),
        "shown": moment(version.submitted_at, contest().zone, seconds=True),
        "page": url_for("judge.receipt", assignment_id=reading.assignment.id),
        "language": locale(),
    }
