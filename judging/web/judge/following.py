"""Where a judge goes on after a sheet: to the next one in their order, or where the round leads them next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from judging.db.queries.leases import lease_rounds
from judging.web.context import contest
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.services.judges.repeats.reading import RepeatReading
    from judging.services.sheets.readings import Reading


def following_url(reading: Reading | RepeatReading, next_id: str | None) -> str | None:
    """The address of what comes after this reading; None where nothing is left."""
    if next_id is None:
        return None
    round_key = reading.judged.key
    if (contest().id, round_key) in lease_rounds(db(), contest_ids=[contest().id]):
        return url_for("judge.next_entry", slug=contest().slug, round_key=round_key)
    return url_for("judge.sheet", assignment_id=next_id)
