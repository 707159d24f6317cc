"""Declaring conflicts of interest before the first sheet, and again for entries that are added later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.queries import judge as queries
from judging.domain.conflicts import CONFLICT_LABELS, DECLARABLE, ConflictKind
from judging.domain.policy import policy
from judging.services.judges.conflicts.recusals import declare_conflicts
from judging.services.judges.conflicts.statements import has_answered
from judging.web.context import actor, contest, now, rules
from judging.web.formats import label
from judging.web.judge.blueprint import blueprint
from judging.web.judge.home import own_seat
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from judging.db.models import Assignment

_REFUSED = 422
NONE = "none"


@blueprint.get("/<slug>/conflicts")
@policy("judge")
def declare(slug: str) -> ResponseReturnValue:
    """Every entry that the judge has not answered for yet."""
    seat = own_seat()
    readings = queries.undeclared_readings(db(), judge=seat)
    if readings and not has_answered(db(), judge=seat):
        # Asked first: whoever has seen the list could tell from its gaps whose entries they are.
        return redirect(url_for("judge.units", slug=slug, then=request.args.get("then") or None))
    if not readings:
        flash(_("There is nothing to declare now. You can still step back from an entry on its own page."), "info")
        return redirect(url_for("judge.contest", slug=slug))
    return _page(readings)


@blueprint.post("/<slug>/conflicts")
@policy("judge")
def record_conflicts(slug: str) -> ResponseReturnValue:
    """Keep the answers; the judge is off every entry with a conflict at once."""
    judge = own_seat()
    readings = queries.undeclared_readings(db(), judge=judge)
    chosen = {reading: request.form.get(f"kind-{reading.id}", "") for reading in readings}
    unknown = [reading for reading, kind in chosen.items() if kind != NONE and kind not in set(DECLARABLE)]
    if unknown or not request.form.get("looked"):
        return _page(readings, unanswered=bool(unknown), unconfirmed=not request.form.get("looked")), _REFUSED
    count = declare_conflicts(
        db(),
        judge=judge,
        actor=actor(),
        kinds={reading: None if kind == NONE else ConflictKind(kind) for reading, kind in chosen.items()},
        now=now(),
    )
    if count:
        flash(
            ngettext(
                "Recorded. You are off %(num)s entry and no longer see it.",
                "Recorded. You are off %(num)s entries and no longer see them.",
                count,
            ),
            "info",
        )
    else:
        flash(_("Recorded. You declared no conflict of interest."), "info")
    return redirect(_next_address(slug, readings))


def _next_address(slug: str, readings: Sequence[Assignment]) -> str:
    then = request.form.get("then", "")
    wanted = next((reading for reading in readings if reading.id == then), None)
    if wanted is not None and request.form.get(f"kind-{wanted.id}") == NONE:
        return url_for("judge.sheet", assignment_id=wanted.id)
    return url_for("judge.contest", slug=slug)


def _page(readings: Sequence[Assignment], *, unanswered: bool = False, unconfirmed: bool = False) -> str:
    here = rules()
    rounds = {judged.key: judged for judged in here.rounds}
    return render_template(
        "judge/conflicts.html",
        contest=contest(),
        rules=here,
        readings=readings,
        rounds=rounds,
        category_labels={category.key: category.label for category in here.categories},
        options=[(NONE, _("None of these")), *((kind.value, label(CONFLICT_LABELS[kind])) for kind in DECLARABLE)],
        chosen={reading.id: request.form.get(f"kind-{reading.id}", NONE) for reading in readings},
        then=request.values.get("then", ""),
        unanswered=unanswered,
        unconfirmed=unconfirmed,
    )
