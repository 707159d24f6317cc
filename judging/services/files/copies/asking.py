"""Putting down the work on a file, in the transaction that keeps the file."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from judging.db.jobs import enqueue_job
from judging.db.models import FileCopy
from judging.domain.copy_states import CopyState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import EntryFile
    from judging.services.files.checks import Checked

PREPARE_JOB = "prepare-file"


def ask_for_copy(session: Session, *, file: EntryFile, checked: Checked, now: datetime) -> None:
    """Note what was found in a file that is kept, and have its copy and pictures made in the background."""
    file.copied = FileCopy(
        state=CopyState.WAITING.value, findings=list(checked.findings), seconds=checked.seconds, width=checked.width,
        height=checked.height,
    )  # fmt: skip
    session.flush()
    enqueue_job(session, name=PREPARE_JOB, payload={"file": file.id}, now=now)


def ask_again(session: Session, *, file_id: str, now: datetime, after: timedelta = timedelta()) -> None:
    """Have it tried once more."""
    enqueue_job(session, name=PREPARE_JOB, payload={"file": file_id}, now=now, run_after=now + after)
