"""Assigning in spite of a conflict of interest: proposed with a reason, and approved by a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.queries import conflicts as queries
from judging.db.queries import office_running
from judging.domain.conflicts import CONFLICT_LABELS
from judging.domain.forcing import FORCE_LABELS, ForceState, can_decide_force, can_see_conflicts
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Role, can_assign
from judging.domain.policy import policy
from judging.errors import N_, NotAllowed, NotFound
from judging.services.judges.conflicts.forcing import decide_force, propose_force, withdraw_force
from judging.services.results.overrides.persons import relation_of
from judging.web.context import actor, contest, now, platform, rules
from judging.web.formats import label
from judging.web.organiser.acts import READERS, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.named import named_entry, named_judge
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask.typing import ResponseReturnValue

    from judging.db.models import ForcedAssignment

_SHOWN = 100
_VERDICTS = ("approve", "reject", "withdraw")


@blueprint.get("/<slug>/conflicts/forced")
@policy(*READERS)
def forced(slug: str) -> str:
    """All proposals with their state, the newest first, and the form of a new one."""
    del slug
    return _page()


@blueprint.post("/<slug>/conflicts/forced")
@policy("organiser")
def force(slug: str) -> ResponseReturnValue:
    """Propose to give an entry to a judge in spite of a conflict."""
    entry, judge, round_key = named_entry(), named_judge(), request.form.get("round", "")
    if entry is None or judge is None or rules().find_round(round_key) is None:
        return _page([_("Write the code of an entry, and choose a judge and a round.")]), REFUSED
    refused = refusals_of(
        lambda: propose_force(
            db(), registry=platform().registry, round_key=round_key, entry=entry, judge=judge,
            reason=request.form.get("reason", ""), actor=actor(), now=now(),
        )
    )  # fmt: skip
    if refused:
        return _page(refused), REFUSED
    flash(_("The proposal is recorded. Nothing is assigned until a second person approves; they are told."), "info")
    return redirect(url_for("organiser.forced", slug=slug))


@blueprint.post("/<slug>/conflicts/forced/<forced_id>")
@policy("organiser", "committee")
def decide_forced(slug: str, forced_id: str) -> ResponseReturnValue:
    """Approve or reject a proposal as a second person, or take one's own back."""
    found = queries.find_forced(db(), contest(), forced_id)
    verdict = request.form.get("verdict", "")
    if found is None or verdict not in _VERDICTS:
        raise NotFound(N_("There is nothing here."))
    _require_sight()
    if refused := refusals_of(_act(found, verdict)):
        return _page(refused), REFUSED
    told = {
        "approve": _("Approved. The judge has the entry, and the score log tells of it."),
        "reject": _("Rejected. The judge does not get the entry."),
        "withdraw": _("Your proposal is taken back."),
    }
    flash(told[verdict], "info")
    return redirect(url_for("organiser.forced", slug=slug))


def _act(found: ForcedAssignment, verdict: str) -> Callable[[], object]:
    if verdict == "withdraw":
        return lambda: withdraw_force(db(), forced=found, actor=actor(), now=now())
    return lambda: decide_force(
        db(), registry=platform().registry, forced=found, actor=actor(), approve=verdict == "approve", now=now()
    )


def _page(refused: list[str] | None = None) -> str:
    _require_sight()
    rows = queries.list_forced(db(), contest(), besides=actor().account_id, limit=_SHOWN)
    return render_template(
        "organiser/judges/forced.html",
        contest=contest(),
        rules=rules(),
        rows=rows,
        may_decide=_decidable(rows),
        mine=actor().account_id,
        states=FORCE_LABELS,
        labels={kind.value: label(text) for kind, text in CONFLICT_LABELS.items()},
        rounds={one.key: label(one.label) for one in rules().rounds},
        judges=[(one.id, one.account.name) for one in office_running.list_judges(db(), contest())],
        may_propose=actor().has(Role.ORGANISER) and can_assign(actor(), phase=ContestPhase(contest().phase)),
        refused=refused or [],
        typed=request.values,
    )


def _decidable(rows: Sequence[queries.ForcedRow]) -> frozenset[str]:
    """The proposals that wait for just this person. Entries of their own are not among the rows."""
    waiting = [row.forced for row in rows if row.forced.state == ForceState.PROPOSED]
    if not waiting:
        return frozenset()
    relation = relation_of(db(), actor=actor(), entry=waiting[0].entry)
    return frozenset(one.id for one in waiting if can_decide_force(actor(), relation, proposed_by=one.by_id))


def _require_sight() -> None:
    if not can_see_conflicts(actor()):
        raise NotAllowed(N_("You judge in this contest: the conflicts of the others stay closed to you."))
