"""The four acts of the protocol on uploads of one's own: begin, ask, go on, cancel."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.http import http_date

from judging.domain.tus import (
    BODY,
    DIGESTS,
    EXTENSIONS,
    VERSION,
    Unreadable,
    read_checksum,
    read_number,
    write_metadata,
)
from judging.errors import N_
from judging.services.files.uploads.beginning import LARGEST, begin_upload
from judging.services.files.uploads.deadline import must_take_end
from judging.services.files.uploads.ending import cancel_upload
from judging.services.files.uploads.finishing import finish_upload
from judging.services.files.uploads.receiving import forget_keys, receive_bytes, require_offset
from judging.services.files.uploads.states import OPEN, require_present
from judging.services.upkeep.disk_guard import require_room_for_files
from judging.storage import TooLarge
from judging.web.context import actor, entry, now, platform, rules
from judging.web.problems import ApiError
from judging.web.received import received
from judging.web.transaction import db, unit
from judging.web.tus.protocol import require_version
from judging.web.tus.stream import open_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.db.models import Upload
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules
    from judging.domain.tus import Checksum


def show_abilities() -> Response:
    """What is spoken here, for anybody."""
    answer = Response(status=204)
    answer.headers.update(
        {
            "Tus-Version": VERSION,
            "Tus-Extension": ",".join(EXTENSIONS),
            "Tus-Max-Size": str(_largest()),
            "Tus-Checksum-Algorithm": ",".join(DIGESTS),
        }
    )
    return answer


def create(*, item: str, filename: str, address_of: Callable[[str], str]) -> Response:
    """Begin an upload to the entry of this request, with its first bytes if some came along."""
    if "Upload-Defer-Length" in request.headers:
        raise Unreadable(N_("Say in Upload-Length how many bytes the file has; it cannot be said later."))
    length = read_number("Upload-Length", request.headers.get("Upload-Length"))
    if length > _largest():
        raise TooLarge(N_("The file is larger than %(limit)s bytes."), limit=_largest())
    checksum = read_checksum(request.headers.get("Upload-Checksum"))
    require_room_for_files(platform().files)
    made = begin_upload(
        db(), entry=entry(), actor=actor(), rules=rules(), item=item, filename=filename, length=length, now=now()
    )
    answer = Response(status=201)
    answer.headers["Location"] = address_of(made.id)
    answer.headers["Upload-Expires"] = http_date(made.expires_at)
    if request.mimetype == BODY:
        _require_short_enough(made)
        in_force, who = rules(), actor()
        # The upload must be there before its bytes are.
        unit().finish(commit=True)
        _receive(made, answer, checksum=checksum, in_force=in_force, who=who)
    return answer


def show(upload: Upload) -> Response:
    """How much has arrived."""
    require_version()
    require_present(upload)
    answer = Response(status=200)
    answer.headers["Upload-Offset"] = str(upload.received)
    answer.headers["Upload-Length"] = str(upload.length)
    named = {"entry": upload.entry_id, "item": upload.item, "filename": upload.filename}
    answer.headers["Upload-Metadata"] = write_metadata(named)
    if upload.state == OPEN:
        answer.headers["Upload-Expires"] = http_date(upload.expires_at)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def go_on(upload: Upload) -> Response:
    """Take the bytes of this request, and the file into the dossier when it is whole."""
    require_version()
    if request.mimetype != BODY:
        raise ApiError(415, "unsupported-media-type", N_("Send the bytes with Content-Type: %(media)s."), media=BODY)
    offset = read_number("Upload-Offset", request.headers.get("Upload-Offset"))
    checksum = read_checksum(request.headers.get("Upload-Checksum"))
    require_offset(upload, offset)
    _require_short_enough(upload)
    if upload.state == OPEN:
        must_take_end(db(), upload, entry(), actor(), received=received())
        require_room_for_files(platform().files)
    in_force, who = rules(), actor()
    # On SQLite every other writer would wait for the bytes.
    unit().abandon()
    answer = Response(status=204)
    _receive(upload, answer, checksum=checksum, in_force=in_force, who=who)
    return answer


def cancel(upload: Upload) -> Response:
    """End the upload; nothing of it stays."""
    require_version()
    keys = cancel_upload(db(), upload=upload, now=now())
    unit().after_commit(partial(forget_keys, platform().files, keys))
    return Response(status=204)


def _receive(
    upload: Upload, answer: Response, *, checksum: Checksum | None, in_force: ContestRules, who: Actor
) -> None:
    with open_body() as source:
        received = receive_bytes(platform(), upload=upload, source=source, checksum=checksum, clock=_clock)
    if received.last is not None:
        finish_upload(
            platform(), upload=upload, offset=received.offset, last=received.last, rules=in_force, actor=who,
            clock=_clock,
        )  # fmt: skip
        answer.headers["Upload-Offset"] = str(upload.length)
        answer.headers.pop("Upload-Expires", None)
        return
    answer.headers["Upload-Offset"] = str(received.offset)
    answer.headers["Upload-Expires"] = http_date(received.expires_at)


def _require_short_enough(upload: Upload) -> None:
    if (length := request.content_length) is not None and upload.received + length > upload.length:
        raise TooLarge(N_("The file is larger than %(limit)s bytes."), limit=upload.length)


def _largest() -> int:
    return min(platform().settings.max_upload, LARGEST)


def _clock() -> datetime:
    """The server's time; a request may take minutes, so its own moment does not do."""
    return datetime.now(UTC)
