"""The states of an upload, and what is said where its state forbids something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.errors import N_, Conflict, JudgingError

if TYPE_CHECKING:
    from judging.db.models import Upload

OPEN = "open"
FINISHED = "finished"
REFUSED = "refused"
CANCELLED = "cancelled"
EXPIRED = "expired"


class UploadGone(JudgingError):
    """The upload has ended without a file: cancelled, refused or too long silent."""

    status = 410


class OffsetMoved(Conflict):
    """The bytes do not begin where the upload stands: another request has moved it on, or the sender is mistaken."""


class ChecksumMismatch(JudgingError):
    """What arrived does not digest to what the sender said; none of it was kept. 460 is the protocol's own number."""

    status = 460


def require_present(upload: Upload) -> None:
    """Raise UploadGone unless the upload is under way or has become a file."""
    if upload.state not in (OPEN, FINISHED):
        raise gone()


def gone() -> UploadGone:
    """The error for an upload of which nothing is left."""
    return UploadGone(N_("This upload is over and nothing of it was kept. Begin it anew."))


def moved() -> OffsetMoved:
    """The error for bytes that begin elsewhere."""
    return OffsetMoved(
        N_("The upload does not stand there. Ask with HEAD how much has arrived, and go on from that offset.")
    )
