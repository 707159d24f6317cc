"""Files on their way in and out: received while no write transaction is held, answered so that no page can run them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast
from urllib.parse import quote

from flask import Response, g
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import FileStorage

from judging.db.models import Account, Contest, Entry
from judging.domain.fields import DossierItem
from judging.errors import JudgingError
from judging.services.entry_files import ShownFile
from judging.services.file_checks import Checked, check_file, is_image
from judging.storage import StoredFile
from judging.web.context import account, entry, platform
from judging.web.transaction import db, unit

log = logging.getLogger(__name__)


@contextmanager
def outside_the_transaction() -> Iterator[None]:
    """Leave the unit of work for slow work with files: on SQLite every other writer would wait for it.

    Afterwards the entry of the address is loaded anew and held, with its contest and the person.
    """
    entry_id, account_id = entry().id, account().id
    unit().abandon()
    yield
    g.account = db().get_one(Account, account_id)
    g.entry = (
        db()
        .scalars(
            select(Entry)
            .where(Entry.id == entry_id)
            .options(joinedload(Entry.contest).joinedload(Contest.organisation))
            .with_for_update(of=Entry)
        )
        .one()
    )
    g.contest = g.entry.contest


def receive_file(sent: FileStorage, *, item: DossierItem) -> tuple[Checked, StoredFile]:
    """Look into a file that was sent and store its bytes. Raises Refused with the reason and the way out."""
    stream = cast("BinaryIO", sent.stream)
    checked = check_file(stream, filename=sent.filename or "", item=item)
    return checked, platform().files.put(stream)


def forget_file(key: str) -> None:
    """Delete the bytes of a file whose row is gone. Never raises: the check command lists what is left over."""
    try:
        platform().files.delete(key)
    except JudgingError:
        log.exception("a removed file stays in the store: %s", key)


def file_answer(shown: ShownFile) -> Response:
    """The bytes of a file. Pictures open in the page; anything else is a download that no page can run."""
    kept = shown.file
    answer = Response(platform().files.stream(kept.key), mimetype=kept.media_type)
    answer.content_length = kept.size
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "no-store"
    way = "inline" if is_image(kept.media_type) else "attachment"
    answer.headers["Content-Disposition"] = _disposition(way, shown.filename)
    return answer


def _disposition(way: str, filename: str) -> str:
    """The header of RFC 6266: a plain name for old programs, the real one for the others."""
    plain = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\%' else "_" for sign in filename)
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
