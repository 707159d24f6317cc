"""The contest's write-up form, with what the entry says so far."""

from __future__ import annotations

from flask import Response

from judging.domain.policy import policy
from judging.web.context import contest, entry, rules
from judging.web.entrant.blueprint import blueprint
from judging.web.write_ups import write_up_answer


@blueprint.get("/entries/<entry_id>/write-up.docx")
@policy("contestant")
def write_up(**_address: str) -> Response:
    """The form as a DOCX: title, authors and answers so far, and blanks for the rest."""
    return write_up_answer(contest(), rules(), entry())
