"""The installation: which plugins are in use, which are set aside, and whose contests wait for them."""

from __future__ import annotations

from flask import render_template

from judging.db.queries.office_setup_admin import (
    contests_of_kinds,
    count_accounts,
    count_organisations,
    kinds_in_use,
)
from judging.domain.policy import policy
from judging.web.admin.blueprint import blueprint
from judging.web.context import platform
from judging.web.transaction import db


@blueprint.get("/")
@policy("administrator")
def home() -> str:
    """Plugins in use and set aside, with the contests that are suspended for want of one."""
    registry = platform().registry
    uses = {use.kind: use.contests for use in kinds_in_use(db())}
    lost = sorted(kind for kind in uses if kind not in registry.kinds)
    return render_template(
        "admin/home.html",
        plugins=registry.infos,
        set_aside=registry.set_aside,
        kinds=registry.kinds,
        uses=uses,
        suspended=contests_of_kinds(db(), kinds=lost) if lost else (),
        organisations=count_organisations(db()),
        accounts=count_accounts(db()),
    )
