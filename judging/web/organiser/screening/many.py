"""One decision on many dossiers of the queue: what each contestant would read first, then the act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.domain.policy import policy
from judging.services.screening.deciding import Verdict
from judging.services.screening.many import TAKES_BULK, BulkDecision, BulkPlan, plan_bulk, screen_bulk
from judging.web.context import actor, contest, now, platform, rules
from judging.web.formats import entry_code, label
from judging.web.organiser.acts import DESK, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.last_days import end_of_day
from judging.web.organiser.screening.queue import queue_page
from judging.web.organiser.screening.queue_filter import queue_arguments
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/<slug>/screening")
@policy(*DESK)
def screen_selected(slug: str) -> ResponseReturnValue:
    """Decide on the ticked entries: first the exact list and what each contestant reads, then the act."""
    chosen = request.form.getlist("entry")
    if not chosen:
        return queue_page([_("Tick the entries first.")]), REFUSED
    decision, plan = _decision(), BulkPlan(taken=(), skipped=())
    if decision is None:
        return queue_page([_("Choose a decision.")]), REFUSED
    applies = request.form.get("act") == "apply"
    work = screen_bulk if applies else plan_bulk

    def act() -> None:
        nonlocal plan
        plan = work(
            db(), registry=platform().registry, contest=contest(), entry_ids=chosen, decision=decision, actor=actor(),
            now=now(),
        )  # fmt: skip

    if refused := refusals_of(act):
        return queue_page(refused), REFUSED
    if not applies:
        return queue_page(plan=plan, decision=decision)
    _tell(plan)
    return redirect(url_for("organiser.screening", slug=slug, **queue_arguments()))


def _decision() -> BulkDecision | None:
    """What the form says; None when it names nothing that may be decided of many."""
    try:
        verdict = Verdict(request.form.get("verdict", Verdict.ELIGIBLE))
    except ValueError:
        return None
    if verdict not in TAKES_BULK:
        return None
    until = end_of_day(request.form.get("until", "")) if verdict is Verdict.RETURNED else None
    reason = "" if verdict is Verdict.ELIGIBLE else request.form.get(f"reason-{verdict}", "")
    return BulkDecision(verdict=verdict, reason=reason, until=until)


def _tell(done: BulkPlan) -> None:
    decided = len(done.taken) - len(done.waiting)
    if decided or not done.waiting:
        flash(ngettext("%(num)s dossier is done.", "%(num)s dossiers are done.", decided), "info")
    if done.waiting:
        flash(
            ngettext(
                "%(num)s dossier waits for a second person. Its contestant is not told yet.",
                "%(num)s dossiers wait for a second person. Their contestants are not told yet.",
                len(done.waiting),
            ),
            "info",
        )
    for one in done.skipped:
        code = entry_code(one.entry.number, rules().prefix)
        flash(_("%(code)s was left out: %(why)s", code=code, why=label(one.why)), "attention")
