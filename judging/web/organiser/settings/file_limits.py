"""How much room the files of a contest have: what is used, and what its organiser allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.domain.upload_limits import UploadLimits
from judging.domain.values import Problem
from judging.errors import N_, Refused
from judging.services.files.uploads.limits import limits_of, set_limits, usage_of
from judging.web.context import actor, contest, now, rules
from judging.web.formats import megabytes, problem_sentence
from judging.web.organiser.blueprint import blueprint
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

_REFUSED = 422
LABELS = {
    "entry_megabytes": N_("Megabytes for one entry"),
    "contest_megabytes": N_("Megabytes for all entries together"),
    "most_open": N_("Uploads that one person may have under way at once"),
}
_LONGEST = 9


@blueprint.route("/<slug>/settings/files", methods=["GET", "POST"])
@policy("organiser")
def file_limits(slug: str) -> ResponseReturnValue:
    """How much the files of the contest may take, and how much they take."""
    shown = contest()
    limits = limits_of(db(), contest_id=shown.id)
    values = {name: str(getattr(limits, name)) for name in LABELS}
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        values = {name: request.form.get(name, "").strip() for name in LABELS}
        try:
            set_limits(db(), contest=shown, actor=actor(), limits=_read(values), now=now())
        except Refused as refused:
            problems = refused.problems
        else:
            flash(_("Recorded."), "info")
            return redirect(url_for("organiser.settings", slug=slug))
    used = usage_of(db(), contest_id=shown.id).contest
    page = render_template(
        "organiser/settings/files.html", contest=shown, rules=rules(), values=values, labels=LABELS,
        used=megabytes(used) if used else "0 MB", most=megabytes(limits.contest_bytes),
        errors={problem.where: problem_sentence(problem) for problem in problems},
    )  # fmt: skip
    return page, _REFUSED if problems else 200


def _read(values: Mapping[str, str]) -> UploadLimits:
    """The figures as typed; what is no number is one that no limit can be."""
    numbers = {
        name: int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else -1
        for name, text in values.items()
    }  # fmt: skip
    return UploadLimits(**numbers)
