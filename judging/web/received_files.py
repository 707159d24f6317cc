"""Files on their way in: received while no write transaction is held."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import FileStorage

from judging.db.models import Account, Contest, Entry
from judging.domain.fields import DossierItem
from judging.errors import JudgingError
from judging.services.files.checks import Checked, check_file
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
