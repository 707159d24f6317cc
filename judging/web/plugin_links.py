"""The pages that plugins put into the side navigation of the contests of their kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app, request, url_for

from judging.domain import menus
from judging.domain.policy import Policy
from judging.web.context import actor, platform
from judging.web.formats import label
from judging.web.policing import declared_policies

if TYPE_CHECKING:
    from judging.db.models import Contest
    from judging.plugins import Registry

_EXTENSION = "judging_plugin_links"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    endpoint: str
    label: str
    policy: Policy
    by_contest: bool


def install(app: Flask, registry: Registry) -> None:
    """Note every page with a label for the menu, once all blueprints are registered."""
    declared = declared_policies(app)
    links: dict[str, list[_Link]] = {}
    for name, pages in registry.pages.items():
        for rule in app.url_map.iter_rules():
            view = app.view_functions.get(rule.endpoint)
            text = getattr(view, menus.ATTRIBUTE, None)
            if text and rule.endpoint.startswith(f"{pages.name}.") and rule.arguments <= {"slug"}:
                links.setdefault(name, []).append(
                    _Link(
                        endpoint=rule.endpoint, label=text, policy=declared[rule.endpoint],
                        by_contest="slug" in rule.arguments,
                    )
                )  # fmt: skip
    app.extensions[_EXTENSION] = links
    app.jinja_env.globals["plugin_links"] = plugin_links


def plugin_links(contest: Contest, *, public: bool) -> list[dict[str, Any]]:
    """The links of the plugin that owns the contest: those that everybody may follow, or those of the office."""
    registry = platform().registry
    if contest.kind not in registry.kinds:
        return []
    noted = cast("dict[str, list[_Link]]", current_app.extensions[_EXTENSION])
    roles = frozenset(role.value for role in actor().roles)
    return [
        {
            "label": label(link.label),
            "url": url_for(link.endpoint, slug=contest.slug) if link.by_contest else url_for(link.endpoint),
            "current": request.endpoint == link.endpoint,
        }
        for link in noted.get(registry.owner_of(contest.kind).name, [])
        if (
            link.policy.is_public if public else not link.policy.is_public and link.policy.admits(roles, signed_in=True)
        )
    ]
