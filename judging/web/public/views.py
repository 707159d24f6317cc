"""The first page, and how personal data are treated."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask_babel import gettext as _

from judging.db.queries.public import list_current_contests, list_past_contests
from judging.domain.lifecycle import CONTEST_LABELS
from judging.domain.policy import policy
from judging.services.entries.life import takes_entries
from judging.web.context import now, platform
from judging.web.public.blueprint import blueprint
from judging.web.transaction import db

_PER_PAGE = 20


@blueprint.get("/")
@policy("public")
def home() -> str:
    """Which contests there are, and which may be entered now."""
    current = list_current_contests(db())
    number = max(request.args.get("page", 1, type=int), 1)
    past, total = list_past_contests(db(), offset=(number - 1) * _PER_PAGE, limit=_PER_PAGE)
    pages = max(-(-total // _PER_PAGE), 1)
    open_now = [contest for contest in current if takes_entries(contest, now())]
    return render_template(
        "public/home.html",
        open_now=open_now,
        under_way=[contest for contest in current if contest not in open_now],
        past=past,
        kinds=platform().registry.kinds,
        phase_labels={phase.value: label for phase, label in CONTEST_LABELS.items()},
        pager={
            "number": number,
            "pages": pages,
            "total": total,
            "prev_url": url_for("public.home", page=number - 1) if number > 1 else None,
            "next_url": url_for("public.home", page=number + 1) if number < pages else None,
            "text": _("Page %(number)s of %(pages)s", number=number, pages=pages),
        },
    )


@blueprint.get("/privacy")
@policy("public")
def privacy() -> str:
    """What is kept of people, who sees it, and how to have it changed."""
    return render_template("public/privacy.html")
