"""Ties to schools and units come before everything that tells of entries, for programs as on the pages."""

from __future__ import annotations

from collections.abc import Collection

from judging.db.models import Assignment, Judge
from judging.errors import N_, Conflict
from judging.services.judges.conflicts.statements import has_answered
from judging.web.transaction import db


def require_units(judge: Judge, undeclared: Collection[Assignment]) -> None:
    """Refuse to tell of readings that are yet to be declared to a judge who has not named their schools and units.

    Raises Conflict.
    """
    if undeclared and not has_answered(db(), judge=judge):
        message = N_(
            "Declare your ties to schools and units first, or that there are none: “conflicts/units” of this contest."
            " Whoever has seen the list of entries could tell from its gaps whose they are."
        )
        raise Conflict(message)
