"""Which entry and which judge a form of the office names: by the entry's code, and the judge's id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from judging.db.queries import office_running as queries
from judging.web.context import contest, rules
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import Entry, Judge


def named_entry() -> Entry | None:
    """The entry of the code that was typed."""
    code = request.form.get("code", "").strip().upper().removeprefix(f"{rules().prefix}-".upper())
    if not (code.isascii() and code.isdigit() and len(code) < 9):
        return None
    return queries.find_entry(db(), contest(), number=int(code))


def named_judge() -> Judge | None:
    """The judge of this contest who was chosen."""
    judges = {judge.id: judge for judge in queries.list_judges(db(), contest())}
    return judges.get(request.form.get("judge", ""))
