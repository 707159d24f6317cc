"""The timetable of a live round."""

from __future__ import annotations

from judging.domain.permissions import can_see_progress
from judging.errors import N_, NotAllowed
from judging.services.access.api_tokens import OFFICE, READ
from judging.services.judges.live.showing import timetable_rows
from judging.services.rounds.entries import entry_code, judged_round
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.rounds import Timetable, TimetablePlace
from judging.web.context import actor, contest, rules
from judging.web.transaction import db

_READERS = ("organiser", "secretary", "committee", "auditor")


@blueprint.get("/contests/<slug>/rounds/<round_key>/timetable")
@operation(tag="Running a contest", answer=Timetable, roles=_READERS, scopes=(READ, OFFICE), fails=(404,))
def get_timetable(slug: str, round_key: str) -> Timetable:
    """Read who meets whom in a live round, where and when."""
    del slug
    if not can_see_progress(actor()):
        raise NotAllowed(N_("You judge in this contest: how the others score stays closed to you."))
    judged_round(rules(), round_key)
    rows = timetable_rows(db(), contest=contest(), round_key=round_key)
    return Timetable(
        items=[
            TimetablePlace(
                room=one.room, starts_at=one.starts_at, ends_at=one.ends_at, entry=one.entry,
                code=entry_code(rules(), one.number), judges=list(one.judges),
            )
            for one in rows
        ]
    )  # fmt: skip
