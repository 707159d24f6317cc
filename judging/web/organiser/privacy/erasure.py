"""Erasing the people of one entry: what goes, what stays and why, then the act, which cannot be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.services.privacy.erasure.erasing import erase_entry, may_be_erased
from judging.web.context import actor, contest, entry, now, rules
from judging.web.organiser.acts import REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue


@blueprint.get("/entries/<entry_id>/erase")
@policy("organiser", "administrator")
def erasure(entry_id: str) -> str:
    """What an erasure takes and leaves, with the form. It names nobody: administrators see entries nowhere else."""
    del entry_id
    return _page()


@blueprint.post("/entries/<entry_id>/erase")
@policy("organiser", "administrator")
def erase(entry_id: str) -> ResponseReturnValue:
    """Erase the people of the entry, with a reason, once it was confirmed."""
    if request.form.get("sure") != "1":
        return _page([_("Confirm that you know that it cannot be undone.")]), REFUSED
    refused = refusals_of(
        lambda: erase_entry(
            db(), entry=entry(), actor=actor(), reason=request.form.get("reason", ""),
            with_sheets=request.form.get("with_sheets") == "1", now=now(),
        )
    )  # fmt: skip
    if refused:
        return _page(refused), REFUSED
    flash(_("The people of the entry are erased."), "info")
    return redirect(url_for("organiser.erasure", entry_id=entry_id))


def _page(refused: Sequence[str] = ()) -> str:
    return render_template(
        "organiser/privacy/erasure.html",
        contest=contest(),
        rules=rules(),
        entry=entry(),
        may_erase=may_be_erased(db(), entry()),
        refused=refused,
        typed=request.form,
    )
