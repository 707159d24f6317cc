"""A judge's ties to whole schools and units, asked for before any entry is shown: the answer tells of none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.conflicts import BY_UNIT, CONFLICT_LABELS, ConflictKind
from judging.domain.policy import policy
from judging.errors import Refused
from judging.services.judges.conflicts.statements import Tie, declare_units, standing_statements
from judging.web.context import actor, contest, now
from judging.web.formats import label, problem_sentence
from judging.web.judge.blueprint import blueprint
from judging.web.judge.home import own_seat
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_REFUSED = 422
_ROWS = 3
_MOST_ROWS = 20


@blueprint.get("/<slug>/conflicts/units")
@policy("judge")
def units(slug: str) -> str:
    """What was said so far, and room for more."""
    del slug
    return _page([("", "")] * _ROWS)


@blueprint.post("/<slug>/conflicts/units")
@policy("judge")
def declare_own_units(slug: str) -> ResponseReturnValue:
    """Keep the ties; from now on the judge is off every entry of these schools and units."""
    names, kinds = request.form.getlist("unit")[:_MOST_ROWS], request.form.getlist("kind")[:_MOST_ROWS]
    rows = [(name.strip(), kind) for name, kind in zip(names, kinds, strict=False)]
    if request.form.get("action") == "more":
        return _page([*rows, *[("", "")] * min(_ROWS, _MOST_ROWS - len(rows))])
    filled = [(number, name, kind) for number, (name, kind) in enumerate(rows) if name or kind]
    if bool(filled) is bool(request.form.get("none")):
        wrong = _("Name the schools and units that you are tied to, or confirm that there is none.")
        return _page(rows, errors={"none": wrong}), _REFUSED
    unknown = {
        f"kind-{number}": _choose() for number, _name, kind in filled if kind not in {one.value for one in BY_UNIT}
    }
    if unknown:
        return _page(rows, errors=unknown), _REFUSED
    ties = [Tie(name, ConflictKind(kind)) for _number, name, kind in filled]
    try:
        with db().begin_nested():
            declare_units(db(), judge=own_seat(), ties=ties, actor=actor(), now=now())
    except Refused as refused:
        places = {f"unit-{filled[int(one.where)][0]}": problem_sentence(one) for one in refused.problems}
        return _page(rows, errors=places), _REFUSED
    flash(_("Recorded. You get no entry of a school or unit that you named."), "info")
    return redirect(url_for("judge.declare", slug=slug, then=request.form.get("then") or None))


def _choose() -> str:
    return _("Choose what ties you to this school or unit.")


def _page(rows: list[tuple[str, str]], *, errors: dict[str, str] | None = None) -> str:
    seat = own_seat()
    return render_template(
        "judge/units.html",
        contest=contest(),
        own_unit=seat.unit,
        said=standing_statements(db(), judge=seat),
        labels={kind.value: label(text) for kind, text in CONFLICT_LABELS.items()},
        options=[(kind.value, label(CONFLICT_LABELS[kind])) for kind in BY_UNIT],
        rows=rows,
        errors=errors or {},
        more=len(rows) < _MOST_ROWS,
        none=bool(request.form.get("none")),
        then=request.values.get("then", ""),
    )
