"""The least change after a judge dropped out or came late: looked at, then made in one act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from judging.db.queries import office_running as queries
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_assign
from judging.domain.policy import policy
from judging.services.judges.assigning.repair import RepairPlan, apply_repair, plan_repair
from judging.services.judges.panels import list_panels
from judging.services.rounds.entries import judged_round
from judging.web.context import actor, contest, now, platform, rules
from judging.web.organiser.acts import DESK, REFUSED, refusals_of, require_progress
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.rounds.tabs import stage_of
from judging.web.plan_words import Names, advice, link_state, promises, suggested
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.db.models import Entry, Judge

_ADVISED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An entry whose judges change: who loses it, of these who had begun it, and who gets it."""

    entry: Entry
    taken: tuple[Judge, ...]
    begun: frozenset[str]
    given: tuple[Judge, ...]


@blueprint.get("/<slug>/rounds/<round_key>/assignment/repair")
@policy(*DESK)
def repair(slug: str, round_key: str) -> str:
    """Show which readings would move to whom, without a judge who drops out or with judges who came late."""
    del slug
    return _page(round_key, _leaving(request.args.get("judge", "")))


@blueprint.post("/<slug>/rounds/<round_key>/assignment/repair")
@policy(*DESK)
def make_repair(slug: str, round_key: str) -> ResponseReturnValue:
    """Make the repair that was looked at."""
    require_progress()
    leaving = _leaving(request.form.get("judge", ""))
    made: list[RepairPlan] = []
    refused = refusals_of(
        lambda: made.append(
            apply_repair(
                db(), registry=platform().registry, contest=contest(), round_key=round_key,
                seal=request.form.get("seal", ""), reason=request.form.get("reason", ""), actor=actor(), now=now(),
                leaving=leaving,
            )
        )
    )  # fmt: skip
    if refused:
        return _page(round_key, leaving, refused), REFUSED
    given = len(made[0].repair.plan.pairs)
    flash(ngettext("The plan is repaired. %(num)s reading has a new judge.",
                   "The plan is repaired. %(num)s readings have a new judge.", given), "info")  # fmt: skip
    return redirect(url_for("organiser.assignment", slug=slug, round_key=round_key))


def _leaving(judge_id: str) -> Judge | None:
    return next((judge for judge in queries.list_judges(db(), contest()) if judge.id == judge_id), None)


def _page(round_key: str, leaving: Judge | None, refused: list[str] | None = None) -> str:
    require_progress()
    judged = judged_round(rules(), round_key)
    stage = stage_of(round_key)
    planned = plan_repair(
        db(), registry=platform().registry, contest=contest(), round_key=round_key, leaving=leaving
    )  # fmt: skip
    panels = {panel.id: panel.name for panel in list_panels(db(), contest=contest())}
    names = Names(rules=rules(), entries=planned.entries, judges=planned.judges, panels=panels)
    plan = planned.repair.plan
    helpful = advice(plan, names)
    return render_template(
        "organiser/judges/repair.html",
        contest=contest(),
        rules=rules(),
        judged=judged,
        planned=planned,
        leaving=leaving,
        moves=_moves(planned),
        promises=promises(plan, planned.settings, planned.existing, names),
        advice=helpful[:_ADVISED],
        more_advice=max(len(helpful) - _ADVISED, 0),
        apart=link_state(plan.parts, names),
        linked=True,
        suggestions=suggested(plan, names),
        round_key=round_key,
        may_assign=can_assign(actor(), phase=ContestPhase(contest().phase))
        and stage is not None
        and stage.state in ("pending", "open"),
        refused=refused or [],
        typed=request.form,
    )


def _moves(planned: RepairPlan) -> list[Move]:
    """The entries whose judges change, by number."""
    taken: dict[str, list[str]] = {}
    given: dict[str, list[str]] = {}
    for judge, entry in sorted({*planned.repair.removed, *planned.repair.lost}):
        taken.setdefault(entry, []).append(judge)
    for judge, entry in planned.repair.plan.pairs:
        given.setdefault(entry, []).append(judge)
    moves = [
        Move(
            entry=planned.entries[alias],
            taken=tuple(planned.judges[one] for one in taken.get(alias, [])),
            begun=frozenset(planned.judges[judge].id for judge, entry in planned.begun if entry == alias),
            given=tuple(planned.judges[one] for one in given.get(alias, [])),
        )
        for alias in {*taken, *given}
    ]
    return sorted(moves, key=lambda move: move.entry.number)
