"""Screening: the queue, and the decision on one dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.queries import office_running as queries
from judging.db.queries import screening_desk as desk_queries
from judging.db.queries.return_terms import count_overdue, terms_of
from judging.domain.lifecycle import ENTRY_LABELS, ContestPhase, EntryState
from judging.domain.permissions import can_screen
from judging.domain.policy import policy
from judging.services.contests.deadlines import intake_settings
from judging.services.screening.deciding import Verdict, screen_entry
from judging.services.screening.dossier_desk import list_holds
from judging.services.screening.many import TAKES_BULK
from judging.web.context import actor, contest, entry, now, platform, rules
from judging.web.formats import label
from judging.web.organiser.acts import DESK, READERS, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.entries.dossiers import dossier_page
from judging.web.organiser.last_days import last_day
from judging.web.organiser.screening.desk import FLAG_LABELS
from judging.web.organiser.screening.queue_filter import queue_arguments, queue_filter
from judging.web.paging import page_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.services.screening.many import BulkDecision, BulkPlan

_QUEUE = (EntryState.SUBMITTED.value, EntryState.LATE.value)


@blueprint.get("/<slug>/screening")
@policy(*READERS)
def screening(slug: str) -> str:
    """The dossiers that wait for a decision, the oldest first, with the next one on top."""
    del slug
    return queue_page()


@blueprint.post("/entries/<entry_id>/screening")
@policy(*DESK)
def screen(entry_id: str) -> ResponseReturnValue:
    """Decide on one dossier: eligible, returned to complete, rejected, or a late one admitted."""
    del entry_id
    reason = request.form.get("reason", "")
    try:
        verdict = Verdict(request.form.get("verdict", ""))
    except ValueError:
        return dossier_page([_("Choose a decision.")], reason), REFUSED

    def act() -> None:
        screen_entry(
            db(), registry=platform().registry, contest=contest(), entry=entry(), verdict=verdict, reason=reason,
            actor=actor(), now=now(),
        )  # fmt: skip

    refused = refusals_of(act)
    if refused:
        return dossier_page(refused, reason), REFUSED
    flash(_("The decision is recorded. The contestant is told by letter."), "info")
    following = queries.list_entries(db(), contest(), queries.EntryFilter(states=_QUEUE), sort="submitted", limit=1)
    if following:
        return redirect(url_for("organiser.entry", entry_id=following[0].id))
    return redirect(url_for("organiser.screening", slug=contest().slug))


def queue_page(
    refused: list[str] | None = None, plan: BulkPlan | None = None, decision: BulkDecision | None = None
) -> str:
    """The queue; with a `plan` what the decision on the chosen ones would do comes first."""
    chosen = queue_filter()
    states = queries.count_states(db(), contest())
    page = page_of(desk_queries.count_queue(db(), contest(), chosen))
    rows = desk_queries.list_queue(db(), contest(), chosen, offset=page.offset, limit=page.limit)
    return render_template(
        "organiser/screening/queue.html",
        contest=contest(),
        rules=rules(),
        rows=rows,
        list_page=page,
        states=states,
        state_labels=ENTRY_LABELS,
        decided=states.total() - states[EntryState.DRAFT] - sum(states[state] for state in _QUEUE),
        labels={one.key: label(one.label) for one in rules().categories},
        may_screen=can_screen(actor(), phase=ContestPhase(contest().phase)),
        flags=desk_queries.flags_of(db(), [row.id for row in rows], actor_id=str(actor().account_id)),
        flag_labels={key: label(text) for key, text in FLAG_LABELS.items()},
        holds=list_holds(db(), contest(), now=now()),
        panels=[(panel.id, panel.name) for panel in queries.list_panels(db(), contest())],
        asked=queue_arguments(),
        terms=terms_of(db(), [row.id for row in rows]),
        overdue=count_overdue(db(), contest(), now=now()),
        bulkable=frozenset().union(*TAKES_BULK.values()),
        last_day=last_day().isoformat(),
        reasons=intake_settings(db(), contest()).reasons,
        typed=request.form,
        plan=plan,
        decision=decision,
        refused=refused or [],
    )
