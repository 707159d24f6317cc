"""What the office asks of the plan of a round: common entries, even loads, preferred categories, the least load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_assign
from judging.domain.plan_settings import PlanSettings
from judging.domain.policy import policy
from judging.services.judges.assigning.settings import plan_settings, set_plan_settings
from judging.services.rounds.entries import judged_round
from judging.web.context import actor, contest, now, rules
from judging.web.organiser.acts import DESK, REFUSED, refusals_of, require_progress
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.rounds.tabs import round_tabs
from judging.web.organiser.texts import TypedError, typed_integer
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

_NUMBERS = ("common", "across", "least")
_UNREADABLE = -1


@blueprint.route("/<slug>/rounds/<round_key>/assignment/settings", methods=["GET", "POST"])
@policy(*DESK)
def plan_options(slug: str, round_key: str) -> ResponseReturnValue:
    """Show and record what is asked of the plan of a round."""
    require_progress()
    judged_round(rules(), round_key)
    if request.method == "GET":
        held = plan_settings(db(), contest=contest(), round_key=round_key)
        return _page(round_key, {key: str(getattr(held, key)) for key in _NUMBERS}, held)
    wanted = PlanSettings(
        common=_number("common"), across=_number("across"), least=_number("least"),
        even=request.form.get("even") == "1", preferences=request.form.get("preferences") == "1",
    )  # fmt: skip
    refused = refusals_of(
        lambda: set_plan_settings(
            db(), contest=contest(), round_key=round_key, wanted=wanted, actor=actor(), now=now()
        )
    )  # fmt: skip
    if refused:
        return _page(round_key, request.form, wanted, [*dict.fromkeys(refused)]), REFUSED
    flash(_("Recorded. The plan below follows it."), "info")
    return redirect(url_for("organiser.assignment", slug=slug, round_key=round_key))


def _number(key: str) -> int:
    """The number typed, or one that the service refuses by the field's own rule."""
    text = request.form.get(key, "").strip()
    try:
        return typed_integer(text) if text else 0
    except TypedError:
        return _UNREADABLE


def _page(
    round_key: str, values: Mapping[str, str], shown: PlanSettings, refused: list[str] | None = None
) -> str:  # fmt: skip
    return render_template(
        "organiser/judges/plan_settings.html", contest=contest(), rules=rules(),
        judged=judged_round(rules(), round_key), tabs=round_tabs("organiser.plan_options", round_key), values=values,
        shown=shown, refused=refused or [],
        may_assign=can_assign(actor(), phase=ContestPhase(contest().phase)),
    )  # fmt: skip
