"""Where a judge goes next: the booth of one of their own open readings, kept for some minutes."""

from __future__ import annotations

from judging.db.queries.judge import judge_in
from judging.db.queries.leases import booth_name
from judging.domain.leases import minutes_until
from judging.errors import N_, NotFound
from judging.services.access.api_tokens import JUDGE
from judging.services.judges.leases.taking import AllTaken, give_free, take_next
from judging.services.rounds.entries import entry_code, judged_round
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.own_readings import own_reading
from judging.web.api.schemas.leases import Freed, NextEntry
from judging.web.context import account, actor, assignment, contest, now, platform, repeat, rules
from judging.web.problems import ApiError
from judging.web.transaction import db

_TAG = "Judging"


@blueprint.post("/contests/<slug>/rounds/<round_key>/next")
@operation(tag=_TAG, answer=NextEntry, roles=("judge",), scopes=(JUDGE,), fails=(404, 409), repeats=True)
def take_next_entry(slug: str, round_key: str) -> NextEntry:
    """Be led to the next booth, kept for `minutes` more; asking again meanwhile gives the same one.

    409 when another judge stands at every entry left: `free_at` then says when the first is free at the latest, and
    `minutes` in how many minutes. Without `free_at`, nothing is left or nobody is led in this round.
    """
    del slug
    judged_round(rules(), round_key)
    judge = judge_in(db(), contest_id=contest().id, account_id=account().id)
    if judge is None:
        raise NotFound(N_("There is nothing here."))
    try:
        lease = take_next(
            db(), registry=platform().registry, contest=contest(), round_key=round_key, judge=judge, actor=actor(),
            now=now(),
        )  # fmt: skip
    except AllTaken as taken:
        more = {"free_at": taken.free_at.isoformat(), "minutes": minutes_until(taken.free_at, now())}
        raise ApiError(409, "conflict", taken.message, more=more) from taken
    entry = lease.entry
    return NextEntry(
        assignment=lease.assignment_id, entry=entry.id, code=entry_code(rules(), entry.number), title=entry.title,
        booth=booth_name(db(), entry_id=entry.id, round_key=round_key), until=lease.until,
        minutes=minutes_until(lease.until, now()),
    )  # fmt: skip


@blueprint.post("/assignments/<assignment_id>/give-free")
@operation(tag=_TAG, answer=Freed, roles=("judge",), scopes=(JUDGE,), fails=(404, 409), repeats=True)
def free_booth(assignment_id: str) -> Freed:
    """Give the booth of one's own reading free for other judges; the sheet stays as it is."""
    if repeat() is not None:
        # Nobody is led to a booth where entries go by codes, so of no reading there is one to give free.
        own_reading()
        return Freed(assignment=assignment_id, freed=False)
    freed = give_free(db(), registry=platform().registry, assignment=assignment(), actor=actor(), now=now())
    return Freed(assignment=assignment_id, freed=freed)
