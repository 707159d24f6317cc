"""How long the contest's files are kept: what goes when, the terms, and what is held back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.domain.retention import CLASSES, Terms
from judging.services.privacy.retention.due import clock_of
from judging.services.privacy.retention.holds import lift_hold, list_holds, place_hold
from judging.services.privacy.retention.preview import contest_files_due
from judging.services.privacy.retention.terms import set_terms, terms_of
from judging.web.context import actor, contest, now, rules
from judging.web.formats import label
from judging.web.organiser.acts import REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.codes import entry_of_code
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

_MAY = ("organiser", "administrator")


@blueprint.get("/<slug>/retention")
@policy(*_MAY)
def retention(slug: str) -> str:
    """What of the contest goes when, its terms and its holds."""
    del slug
    return _page()


@blueprint.post("/<slug>/retention")
@policy(*_MAY)
def change_retention(slug: str) -> ResponseReturnValue:
    """Set how long files are kept, as far as the law lets."""
    terms = Terms(
        loser_months=_number("loser_months"), winner_months=_number("winner_months"),
        archive_years=_number("archive_years"),
    )  # fmt: skip
    refused = refusals_of(lambda: set_terms(db(), contest=contest(), actor=actor(), terms=terms, now=now()))
    if refused:
        return _page(refused), REFUSED
    flash(_("Recorded."), "info")
    return redirect(url_for("organiser.retention", slug=slug))


@blueprint.post("/<slug>/retention/holds")
@policy(*_MAY)
def hold(slug: str) -> ResponseReturnValue:
    """Hold the contest, or one entry of it, back from deletion, with a reason."""
    code, day = request.form.get("code", "").strip(), request.form.get("until", "").strip()
    entry = entry_of_code(code) if code else None
    if code and entry is None:
        return _page([_("There is no entry of that code.")]), REFUSED
    try:
        until = date.fromisoformat(day) if day else None
    except ValueError:
        return _page([_("That is no day.")]), REFUSED
    refused = refusals_of(
        lambda: place_hold(
            db(), contest=contest(), entry=entry, actor=actor(), reason=request.form.get("reason", ""), until=until,
            now=now(),
        )
    )  # fmt: skip
    if refused:
        return _page(refused), REFUSED
    flash(_("The hold is placed."), "info")
    return redirect(url_for("organiser.retention", slug=slug, _anchor="holds"))


@blueprint.post("/<slug>/retention/holds/<hold_id>/lift")
@policy(*_MAY)
def lift(slug: str, hold_id: str) -> ResponseReturnValue:
    """Lift a hold."""
    refused = refusals_of(lambda: lift_hold(db(), contest=contest(), hold_id=hold_id, actor=actor(), now=now()))
    if refused:
        return _page(refused), REFUSED
    flash(_("The hold is lifted."), "info")
    return redirect(url_for("organiser.retention", slug=slug, _anchor="holds"))


def _page(refused: Sequence[str] = ()) -> str:
    return render_template(
        "organiser/privacy/retention.html",
        contest=contest(),
        rules=rules(),
        refused=refused,
        due=contest_files_due(db(), contest(), now=now()),
        counted=clock_of(db(), contest()),
        classes={kept.value: label(one.label) for kept, one in CLASSES.items()},
        terms=terms_of(db(), contest()),
        holds=list_holds(db(), contest(), now=now()),
        typed=request.form,
    )


def _number(name: str) -> int:
    text = request.form.get(name, "").strip()
    # Out of all bounds, so that what is no number is refused with the bounds named.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1
