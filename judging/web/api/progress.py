"""How far the reading of a round has come, asked for again and again: 304 as long as nothing changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from judging.domain.permissions import can_see_progress
from judging.domain.totals import as_decimal_string
from judging.errors import N_, NotAllowed
from judging.services.access.api_tokens import OFFICE, READ
from judging.services.rounds.entries import entry_code
from judging.services.rounds.view import progress_now
from judging.web.api.blueprint import blueprint
from judging.web.api.conditions import tagged
from judging.web.api.operations import operation
from judging.web.api.schemas.progress import EntryGap, JudgeProgress, PanelProgress, Progress
from judging.web.context import actor, contest, now, rules
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.services.rounds.progress import RoundProgress

_READERS = ("organiser", "secretary", "committee", "auditor")


@blueprint.get("/contests/<slug>/rounds/<round_key>/progress")
@operation(
    tag="Running a contest", answer=Progress, roles=_READERS, scopes=(READ, OFFICE), fails=(404,), etag=True
)  # fmt: skip
def get_progress(slug: str, round_key: str) -> Any:
    """Read how far panels and judges have come, who is silent, where judges differ widely, and what is left."""
    del slug
    if not can_see_progress(actor()):
        raise NotAllowed(N_("You judge in this contest: how the others score stays closed to you."))
    found = progress_now(db(), contest=contest(), rules=rules(), round_key=round_key, now=now())
    return tagged(_shown(round_key, found))


def _shown(round_key: str, found: RoundProgress) -> Progress:
    return Progress(
        round=round_key, done=found.done, total=found.total,
        panels=[
            PanelProgress(
                panel=one.panel.name if one.panel else None, done=one.done, total=one.total, silent=one.silent,
                gaps=one.gaps, minutes_left=one.minutes,
            )
            for one in found.panels
        ],
        judges=[
            JudgeProgress(
                judge=one.judge.alias, done=one.done, total=one.total, written_off=one.written_off, left=one.left,
                last=one.last, silent=one.silent, minutes_left=one.minutes,
            )
            for one in found.judges
        ],
        gaps=[
            EntryGap(
                entry=one.entry.alias, code=entry_code(rules(), one.entry.number), gap=as_decimal_string(one.size)
            )
            for one in found.gaps
        ],
    )  # fmt: skip
