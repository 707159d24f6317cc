"""The archive of one's own data."""

from __future__ import annotations

from typing import Literal

from judging.web.api.schemas.base import Answer, Moment


class DataExportAnswer(Answer):
    """An archive: being made (`queued`) or `ready`. It is deleted at `expires_at`; `url` gives its bytes until then."""

    id: str
    state: Literal["queued", "ready", "failed"]
    asked_at: Moment
    ready_at: Moment | None
    expires_at: Moment
    size: int | None
    sha256: str
    url: str | None


class DataExportList(Answer):
    """The archives that have not run out, the newest first."""

    items: list[DataExportAnswer]
