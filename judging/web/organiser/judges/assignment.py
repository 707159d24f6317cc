"""Who judges what: the plan with its loads and gaps, its making, and changes of single pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.queries import office_running as queries
from judging.db.queries.conflicts import list_clashes, list_forced
from judging.domain.forcing import FORCE_LABELS
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_assign
from judging.domain.policy import policy
from judging.services.judges.assigning.assignments import (
    AssignmentPlan,
    add_assignment,
    apply_plan,
    plan_round,
)
from judging.services.judges.assigning.loans import open_loans
from judging.services.judges.assigning.removal import release_judge, remove_assignment
from judging.services.judges.panels import list_panels
from judging.services.rounds.entries import judged_round
from judging.web.context import actor, contest, now, platform, rules
from judging.web.context import assignment as named_assignment
from judging.web.formats import shown_title
from judging.web.organiser.acts import DESK, REFUSED, refusals_of, require_progress
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.named import named_entry, named_judge
from judging.web.organiser.rounds.tabs import default_round, round_tabs, stage_of
from judging.web.plan_words import Names, advice, link_state, promises, suggested
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_SHOWN = 60
_ADVISED = 20
_READERS = (*DESK, "auditor")


@blueprint.get("/<slug>/assignment")
@blueprint.get("/<slug>/rounds/<round_key>/assignment")
@policy(*_READERS)
def assignment(slug: str, round_key: str | None = None) -> str:
    """The plan to look at: load and balance, who falls short and why, conflicts."""
    del slug
    return _page(round_key or default_round())


@blueprint.post("/<slug>/rounds/<round_key>/assignment")
@policy(*DESK)
def assign(slug: str, round_key: str) -> ResponseReturnValue:
    """Make the pairs of the plan that was looked at."""
    made = 0

    def act() -> None:
        nonlocal made
        made = apply_plan(
            db(), registry=platform().registry, contest=contest(), round_key=round_key,
            seal=request.form.get("seal", ""), actor=actor(), now=now(),
        )  # fmt: skip

    if refused := refusals_of(act):
        return _page(round_key, refused), REFUSED
    flash(ngettext("%(num)s sheet is assigned.", "%(num)s sheets are assigned.", made), "info")
    return redirect(url_for("organiser.assignment", slug=slug, round_key=round_key))


@blueprint.post("/<slug>/rounds/<round_key>/assignment/pairs")
@policy(*DESK)
def assign_pair(slug: str, round_key: str) -> ResponseReturnValue:
    """Give one entry to one judge."""
    entry, judge = named_entry(), named_judge()
    if entry is None or judge is None:
        return _page(round_key, [_("Write the code of an entry and choose a judge.")]), REFUSED
    refused = refusals_of(
        lambda: add_assignment(
            db(), registry=platform().registry, contest=contest(), round_key=round_key, entry=entry, judge=judge,
            actor=actor(), now=now(),
        )
    )  # fmt: skip
    if refused:
        return _page(round_key, refused), REFUSED
    flash(_("%(judge)s now has “%(entry)s”.", judge=judge.account.name, entry=shown_title(entry)), "info")
    return redirect(url_for("organiser.assignment", slug=slug, round_key=round_key))


@blueprint.post("/<slug>/rounds/<round_key>/assignment/release")
@policy(*DESK)
def release(slug: str, round_key: str) -> ResponseReturnValue:
    """Take all unfinished sheets from a judge who drops out; the plan then fills their places."""
    judge = named_judge()
    if judge is None:
        return _page(round_key, [_("Choose a judge.")]), REFUSED
    freed = 0

    def act() -> None:
        nonlocal freed
        freed = release_judge(
            db(), contest=contest(), round_key=round_key, judge=judge, reason=request.form.get("reason", ""),
            actor=actor(), now=now(),
        )  # fmt: skip

    if refused := refusals_of(act):
        return _page(round_key, refused), REFUSED
    flash(
        _("%(judge)s is released. The plan below fills %(count)s places.", judge=judge.account.name, count=freed),
        "attention",
    )
    return redirect(url_for("organiser.assignment", slug=slug, round_key=round_key))


@blueprint.post("/assignments/<assignment_id>/remove")
@policy(*DESK)
def remove_pair(assignment_id: str) -> ResponseReturnValue:
    """Take one unfinished sheet from its judge, with a reason."""
    del assignment_id
    sheet = named_assignment()
    refused = refusals_of(
        lambda: remove_assignment(
            db(), contest=contest(), assignment=sheet, reason=request.form.get("reason", ""), actor=actor(), now=now()
        )
    )
    for sentence in refused:
        flash(sentence, "error")
    if not refused:
        flash(_("The sheet is taken back. The record keeps the reason."), "info")
    return redirect(url_for("organiser.entry", entry_id=sheet.entry_id))


def named_plan(planned: AssignmentPlan) -> Names:
    """Who and what the aliases of a plan stand for."""
    panels = {panel.id: panel.name for panel in list_panels(db(), contest=contest())}
    return Names(rules=rules(), entries=planned.entries, judges=planned.judges, panels=panels)


def _page(round_key: str, refused: list[str] | None = None) -> str:
    require_progress()
    judged = judged_round(rules(), round_key)
    stage = stage_of(round_key)
    planned = plan_round(db(), registry=platform().registry, contest=contest(), round_key=round_key)
    names = named_plan(planned)
    helpful = advice(planned.plan, names)
    loads = _loads(planned)
    return render_template(
        "organiser/judges/assignment.html",
        contest=contest(),
        rules=rules(),
        judged=judged,
        stage=stage,
        tabs=round_tabs("organiser.assignment", round_key),
        planned=planned,
        loads=loads,
        late=_late(planned, loads),
        loans=open_loans(db(), contest=contest(), round_key=round_key),
        promises=promises(planned.plan, planned.settings, planned.existing, names) if planned.entries else [],
        advice=helpful[:_ADVISED],
        more_advice=max(len(helpful) - _ADVISED, 0),
        apart=link_state(planned.plan.parts, names),
        linked=bool(planned.plan.pairs or planned.existing),
        suggestions=suggested(planned.plan, names),
        unfilled=[(planned.entries[one.entry], one.missing, one.reason) for one in planned.plan.unfilled[:_SHOWN]],
        more_unfilled=max(len(planned.plan.unfilled) - _SHOWN, 0),
        clashes=list_clashes(db(), contest(), round_key=round_key, limit=_SHOWN),
        forced=list_forced(db(), contest(), besides=actor().account_id, round_key=round_key, limit=_SHOWN),
        force_labels=FORCE_LABELS,
        judges=queries.list_judges(db(), contest()),
        may_assign=can_assign(actor(), phase=ContestPhase(contest().phase))
        and stage is not None
        and stage.state in ("pending", "open"),
        refused=refused or [],
        typed=request.form,
    )


def _loads(planned: AssignmentPlan) -> list[dict[str, Any]]:
    """Each judge's entries: what they have, what the plan adds, and the most they take; the busiest first."""
    has = dict.fromkeys(planned.judges, 0)
    for judge, _entry in planned.existing:
        if judge in has:
            has[judge] += 1
    rows = [
        {"judge": judge, "has": has[alias], "load": planned.plan.load.get(alias, 0), "capacity": judge.capacity}
        for alias, judge in planned.judges.items()
    ]
    return sorted(rows, key=lambda row: (-int(row["load"]), str(row["judge"].account.name)))


def _late(planned: AssignmentPlan, loads: list[dict[str, Any]]) -> int:
    """How many judges have nothing while all places are filled: only a repair gives them work."""
    return sum(not row["load"] for row in loads) if planned.existing and not planned.plan.pairs else 0
