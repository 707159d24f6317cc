"""Files of an entry scanned again, and their copies made again, by the office's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.domain.policy import policy
from judging.services.files.copies.rechecking import recheck_files
from judging.web.context import actor, entry, now, platform
from judging.web.organiser.acts import DESK
from judging.web.organiser.blueprint import blueprint
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/entries/<entry_id>/files/recheck")
@policy(*DESK)
def recheck(entry_id: str) -> ResponseReturnValue:
    """Have the entry's files scanned again, and copies made where judges have none or where it is asked for."""
    done = recheck_files(
        db(), entries=[entry()], actor=actor(), scans=bool(platform().settings.clamd),
        anew=request.form.get("anew") == "1", now=now(),
    )  # fmt: skip
    asked = done.scans + done.copies
    if asked:
        flash(
            ngettext(
                "%(num)s file is checked again in the background.",
                "%(num)s files are checked again in the background.",
                asked,
            ),
            "info",
        )
    else:
        flash(_("Nothing is to be done: every file has its copy, or is being worked on."), "info")
    return redirect(url_for("organiser.entry", entry_id=entry_id, _anchor="dossier"))
