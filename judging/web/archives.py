"""An archive of one's own data as a download."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from judging.web.context import platform

if TYPE_CHECKING:
    from judging.db.models import DataExport


def archive_answer(export: DataExport) -> Response:
    """The bytes of a ready archive, piece by piece; kept by no cache."""
    answer = Response(platform().files.stream(str(export.key)), mimetype="application/zip")
    answer.content_length = export.size or 0
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    return answer
