"""Entries by the code that the office knows them by."""

from __future__ import annotations

from sqlalchemy import select

from judging.db.models import Entry
from judging.web.context import contest
from judging.web.transaction import db

_MOST_DIGITS = 8


def entry_of_code(code: str) -> Entry | None:
    """The contest's entry of that code (ST-041) or bare number, or None."""
    number = code.rpartition("-")[2].strip()
    if not (number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS):
        return None
    return db().scalar(select(Entry).where(Entry.contest_id == contest().id, Entry.number == int(number)))
