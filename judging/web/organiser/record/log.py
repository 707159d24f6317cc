"""The record: every act that mattered, who did it and when."""

from __future__ import annotations

from flask import render_template, request

from judging.db.queries import office_running as queries
from judging.domain.policy import policy
from judging.web.context import contest, rules
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.record.texts import action_text, detail_lines
from judging.web.paging import page_of
from judging.web.transaction import db


@blueprint.get("/<slug>/record")
@policy("organiser", "auditor")
def audit(slug: str) -> str:
    """The record of the contest, the newest act first, filtered by act and by person."""
    del slug
    action, person = request.args.get("action", ""), request.args.get("by", "")
    page = page_of(queries.count_events(db(), contest(), action=action, actor_id=person))
    events = queries.list_events(db(), contest(), action=action, actor_id=person, offset=page.offset, limit=page.limit)
    return render_template(
        "organiser/record/log.html",
        contest=contest(),
        rules=rules(),
        list_page=page,
        rows=[(event, name, action_text(event.action), detail_lines(event.details)) for event, name in events],
        actions=[(one, action_text(one)) for one in queries.list_actions(db(), contest())],
        people=queries.list_actors(db(), contest()),
        asked=request.args,
    )
