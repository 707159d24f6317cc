"""The filters of the screening queue, as the address of the page holds them."""

from __future__ import annotations

from typing import Any

from flask import request

from judging.db.queries.office_running import list_panels
from judging.db.queries.screening_desk import FLAGS, QueueFilter
from judging.domain.receiving import physical_items
from judging.web.context import actor, contest, now, rules
from judging.web.transaction import db

_NAMES = ("q", "category", "panel", "flag")


def queue_arguments() -> dict[str, Any]:
    """The filters that are set, for addresses that keep them."""
    return {name: request.args[name][:100] for name in _NAMES if request.args.get(name)}


def queue_filter() -> QueueFilter:
    """The filter that the address asks for; what it does not know counts as not asked."""
    asked = queue_arguments()
    categories = {asked["category"]} if "category" in asked else None
    if "panel" in asked:
        panel = next((one for one in list_panels(db(), contest()) if one.id == asked["panel"]), None)
        if panel is not None:
            of_panel = set(panel.categories)
            categories = of_panel if categories is None else categories & of_panel
    flag = asked.get("flag", "")
    return QueueFilter(
        actor_id=str(actor().account_id), now=now(), categories=categories, text=asked.get("q", ""),
        prefix=rules().prefix, flag=flag if flag in FLAGS else "",
        things=[item.key for item in physical_items(rules())],
    )  # fmt: skip
