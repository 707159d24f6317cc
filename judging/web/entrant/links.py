"""Links of the dossier: given and taken back by a plain post."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.errors import Refused
from judging.services.entries.files import find_item
from judging.services.entries.links import add_link, remove_link
from judging.web.context import actor, entry, now, rules
from judging.web.entrant.blueprint import blueprint
from judging.web.entrant.step_list import FILES
from judging.web.formats import problem_sentence
from judging.web.transaction import db


@blueprint.post("/entries/<entry_id>/links")
@policy("contestant")
def give_link(**_address: str) -> ResponseReturnValue:
    """Add an address to an item of the dossier."""
    item = find_item(rules(), request.form.get("item", ""))
    try:
        add_link(db(), entry=entry(), actor=actor(), item=item, text=request.form.get("url", ""), now=now())
        flash(_("The link is recorded."), "info")
    except Refused as refused:
        for problem in refused.problems:
            flash(problem_sentence(problem), "error")
    return redirect(url_for("entrant.step", entry_id=entry().id, step=FILES, _anchor=f"item-{item.key}"))


@blueprint.post("/entries/<entry_id>/links/remove")
@policy("contestant")
def take_link(**_address: str) -> ResponseReturnValue:
    """Take an address out of the dossier."""
    remove_link(db(), entry=entry(), link_id=request.form.get("link", ""), actor=actor(), now=now())
    flash(_("The link is removed."), "info")
    return redirect(url_for("entrant.step", entry_id=entry().id, step=FILES))
