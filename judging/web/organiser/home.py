"""The contests in which a person works in the office."""

from __future__ import annotations

from flask import render_template

from judging.db.queries.office_setup import count_contests, list_contests
from judging.domain.lifecycle import CONTEST_LABELS, ContestPhase
from judging.domain.policy import policy
from judging.services.actors import organisations_run_by
from judging.web.context import account
from judging.web.organiser.blueprint import blueprint
from judging.web.paging import page_of
from judging.web.transaction import db


@blueprint.get("/")
@policy("signed-in")
def home() -> str:
    """My contests, the newest first, and the way to open another."""
    page = page_of(count_contests(db(), account_id=account().id))
    rows = list_contests(db(), account_id=account().id, limit=page.limit, offset=page.offset)
    may_open = account().is_administrator or bool(organisations_run_by(db(), account=account()))
    phases = {phase.value: label for phase, label in CONTEST_LABELS.items()}
    return render_template(
        "organiser/home.html", rows=rows, page_info=page, may_open=may_open, phases=phases,
        draft=ContestPhase.DRAFT.value,
    )  # fmt: skip
