"""The installation: which plugins are in use, which are set aside and why, and whose contests wait for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import render_template

from judging.db.queries.office_setup_admin import (
    contests_of_kinds,
    count_accounts,
    count_organisations,
    kinds_in_use,
)
from judging.domain.policy import policy
from judging.plugins import CORE
from judging.web.admin.blueprint import blueprint
from judging.web.context import platform
from judging.web.formats import error_sentence, sentence
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.plugins import PluginInfo, SetAside


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A plugin that is not used: why, and what to do, in the reader's language."""

    name: str
    version: str
    reason: str
    advice: str


@blueprint.get("/")
@policy("administrator")
def home() -> str:
    """Plugins in use and set aside, with the contests that are suspended for want of one."""
    registry = platform().registry
    uses = {use.kind: use.contests for use in kinds_in_use(db())}
    lost = sorted(kind for kind in uses if kind not in registry.kinds)
    return render_template(
        "admin/home.html",
        plugins=[info for info in registry.infos if info.name != CORE],
        brings={info.name: _brings(info) for info in registry.infos},
        set_aside=[_aside(one) for one in registry.set_aside],
        left_out=registry.left_out,
        kinds=registry.kinds,
        uses=uses,
        suspended=contests_of_kinds(db(), kinds=lost) if lost else (),
        organisations=count_organisations(db()),
        accounts=count_accounts(db()),
    )


def _brings(info: PluginInfo) -> list[str]:
    """The keys of what a plugin brings besides contest kinds."""
    pages = (f"/plugins/{info.name}/",) if info.pages else ()
    return [*info.aggregators, *info.tie_breakers, *info.reports, *info.commands, *pages]


def _aside(one: SetAside) -> Aside:
    return Aside(
        name=one.name,
        version=one.version,
        reason=error_sentence(one.error),
        advice=sentence(one.error.advice, one.error.params),
    )
