"""A file of the dossier as the office sees it: what was handed in, what was found in it, what judges get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.domain.copy_states import OFFICE_IS_TOLD, WITHOUT_FINDINGS, CopyState
from judging.web.file_previews import finding_texts, preview_of, state_of, video_facts
from judging.web.formats import label, megabytes

if TYPE_CHECKING:
    from judging.db.models import EntryFile
    from judging.db.queries.file_copies import MadeOf

_AMISS = (CopyState.HELD, CopyState.INFECTED, CopyState.FAILED)


def office_file(file: EntryFile, made: MadeOf | None, *, office_only: bool) -> dict[str, Any]:
    """The row that the macro `files.row` takes, with `findings` and `preview`."""
    detail = [*video_facts(made), megabytes(file.size)]
    if file.pages:
        detail.insert(0, ngettext("%(num)s page", "%(num)s pages", file.pages))
    state, findings = state_of(made), finding_texts(made)
    told = _told(state, made, office_only=office_only, found=bool(findings))
    may_open, family = state is not CopyState.INFECTED, file.media_type.partition("/")[0]
    digest = _("SHA-256 %(start)s…", start=file.sha256[:12])
    return {
        "name": file.filename,
        "url": url_for("entrant.file", entry_id=file.entry_id, file_id=file.id) if may_open else None,
        "kind": family if family in {"image", "video"} else "file",
        "detail": ", ".join([*detail, digest]),
        "state": told,
        "ok": bool(told) and state is CopyState.READY,
        "error": told if told and state in _AMISS else None,
        "findings": findings,
        "preview": preview_of(made, entry_id=file.entry_id, name=file.filename, count=file.pages),
    }


def _told(state: CopyState, made: MadeOf | None, *, office_only: bool, found: bool) -> str:
    """What is said of the copy. No judge gets a paper for the office only, so only harm is told of it."""
    if state is CopyState.INFECTED and made is not None:
        return f"{label(OFFICE_IS_TOLD[state])} ({made.copied.scan})"
    if office_only:
        return ""
    return label(WITHOUT_FINDINGS if found and state is CopyState.READY else OFFICE_IS_TOLD[state])
