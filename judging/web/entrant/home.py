"""A person's own entries, and what may be entered now."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from judging.db.models import Entry
from judging.db.queries.entrant import list_own_entries
from judging.db.queries.public import list_current_contests
from judging.domain.lifecycle import ENTRY_LABELS, EntryState
from judging.domain.permissions import Actor
from judging.domain.policy import policy
from judging.services.contests.editions import contest_rules
from judging.services.entries.drafts import may_edit
from judging.services.entries.life import takes_entries
from judging.services.entries.status import shown_state
from judging.web.context import account, now, platform
from judging.web.entrant.blueprint import blueprint
from judging.web.transaction import db

_PER_PAGE = 20


@blueprint.get("/my/entries")
@policy("signed-in")
def home() -> str:
    """The person's entries with what to do next, and the contests that take entries."""
    number = max(request.args.get("page", 1, type=int), 1)
    entries, total = list_own_entries(db(), account_id=account().id, offset=(number - 1) * _PER_PAGE, limit=_PER_PAGE)
    pages = max(-(-total // _PER_PAGE), 1)
    return render_template(
        "entrant/home.html",
        rows=[_row(entry) for entry in entries],
        open_contests=[contest for contest in list_current_contests(db()) if takes_entries(contest, now())],
        pager={
            "number": number,
            "pages": pages,
            "total": total,
            "prev_url": url_for("entrant.home", page=number - 1) if number > 1 else None,
            "next_url": url_for("entrant.home", page=number + 1) if number < pages else None,
            "text": None,
        },
    )


def _row(entry: Entry) -> dict[str, Any]:
    state = shown_state(entry, entry.contest)
    editable = may_edit(entry, Actor(account_id=account().id))
    return {
        "entry": entry,
        "contest": entry.contest,
        "prefix": contest_rules(platform().registry, entry.contest).prefix,
        "title": entry.title or _("Untitled entry"),
        "state": ENTRY_LABELS[state],
        "wants": state is EntryState.RETURNED or (state is EntryState.DRAFT and editable),
        "url": url_for("entrant.step", entry_id=entry.id, step="about")
        if editable and state is EntryState.DRAFT
        else url_for("entrant.show", entry_id=entry.id),
    }
