"""The list of eligible entries: as it stands, signed, printed, and as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.domain.structure import digest
from judging.services.screening.eligible_lists import eligible_entries, list_content, list_versions, sign_list
from judging.web.context import actor, contest, now, rules
from judging.web.formats import entry_code, label, shown_title
from judging.web.organiser.acts import DESK, READERS, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.spreadsheet import csv_answer
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue


@blueprint.get("/<slug>/eligible")
@policy(*READERS)
def eligible_list(slug: str) -> str:
    """The list as it stands with its hash, and the versions that were signed."""
    del slug
    return _page()


@blueprint.post("/<slug>/eligible")
@policy(*DESK)
def sign_eligible_list(slug: str) -> ResponseReturnValue:
    """Sign the list that was looked at."""
    sha256 = request.form.get("sha256", "")
    refused = refusals_of(lambda: sign_list(db(), contest=contest(), sha256=sha256, actor=actor(), now=now()))
    if refused:
        return _page(refused), REFUSED
    flash(_("The list is signed. It stays as it is; a later change makes a new version."), "info")
    return redirect(url_for("organiser.eligible_list", slug=slug))


@blueprint.get("/<slug>/eligible.csv")
@policy(*READERS)
def eligible_csv(slug: str) -> Response:
    """The list as a file: code, title, category, unit."""
    labels = {one.key: label(one.label) for one in rules().categories}
    rows = [
        (entry_code(one.number, rules().prefix), shown_title(one), labels.get(one.category, one.category), one.unit)
        for one in eligible_entries(db(), contest=contest())
    ]
    return csv_answer(f"{slug}-eligible", (_("Code"), _("Title"), _("Category"), _("Unit")), rows)


def _page(refused: Sequence[str] = ()) -> str:
    return render_template(
        "organiser/screening/eligible.html",
        contest=contest(),
        rules=rules(),
        rows=eligible_entries(db(), contest=contest()),
        sha256=digest(list_content(db(), contest=contest())),
        versions=list_versions(db(), contest=contest()),
        labels={one.key: label(one.label) for one in rules().categories},
        may_sign=actor().roles & {"organiser", "secretary"},
        refused=refused,
    )
