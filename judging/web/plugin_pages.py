"""Pages of plugins, each plugin's under its own address, and only about contests of its own kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, g, request

from judging.errors import N_, NotFound
from judging.web import plugin_links
from judging.web.contest_side import public_contest, side_links
from judging.web.contest_value import contest_value
from judging.web.context import rules

if TYPE_CHECKING:
    from judging.plugins import PluginInfo, Registry


def install(app: Flask, registry: Registry) -> None:
    """Mount the blueprints under `/plugins/<plugin>/`, and keep each to its own contests."""
    infos = {info.name: info for info in registry.infos}
    owners = {pages.name: infos[name] for name, pages in registry.pages.items()}
    for name, pages in registry.pages.items():
        app.register_blueprint(pages, url_prefix=f"/plugins/{name}")
    plugin_links.install(app, registry)

    @app.before_request
    def keep_to_own_contests() -> None:
        owner = owners.get(request.blueprint or "")
        if owner is not None and g.get("contest") is not None:
            _check_contest(owner)

    @app.context_processor
    def about_the_contest() -> dict[str, Any]:
        if request.blueprint not in owners or g.get("contest") is None:
            return {}
        return {"contest": contest_value(g.contest), "rules": rules(), "side": side_links("")}


def _check_contest(owner: PluginInfo) -> None:
    """A contest of another kind, or one that nobody but its office knows of yet, is not there."""
    if g.contest.kind not in owner.contests:
        raise NotFound(N_("There is nothing here."))
    public_contest()
