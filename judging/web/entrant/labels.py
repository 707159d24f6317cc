"""The label of a thing that is handed in: its code, also as a square to scan, with the office's place and hours."""

from __future__ import annotations

import segno
from flask import render_template, url_for

from judging.domain.policy import policy
from judging.domain.receiving import physical_items, receiving_code
from judging.errors import N_, NotFound
from judging.services.contests.office_desk import find_desk
from judging.services.links import page_link
from judging.web.context import contest, entry, platform, rules
from judging.web.entrant.blueprint import blueprint
from judging.web.formats import label
from judging.web.transaction import db


@blueprint.get("/entries/<entry_id>/label/<item_key>")
@policy("contestant")
def item_label(item_key: str, **_address: str) -> str:
    """A label of the size A6, ready to be printed and tied to the thing."""
    item = next((one for one in physical_items(rules()) if one.key == item_key), None)
    if item is None:
        raise NotFound(N_("There is nothing here."))
    code = receiving_code(rules(), contest_id=contest().id, number=entry().number, item=item.key)
    # The square leads the office's telephone to its page; for anybody else it leads to the sign-in.
    path = url_for("organiser.receiving", slug=contest().slug, code=code)
    square = segno.make(page_link(platform().settings, path), error="m", micro=False)
    return render_template(
        "entrant/label.html",
        contest=contest(),
        rules=rules(),
        entry=entry(),
        item_label=label(item.label),
        code=code,
        square=square.svg_data_uri(scale=4, border=4, dark="#000", light="#fff"),
        desk=find_desk(db(), contest=contest()),
    )
