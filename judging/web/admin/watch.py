"""Watching over personal data: what goes when, who opened what, breaches with their clock, the record of processing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.personal import LABELS, record_of_processing
from judging.domain.policy import policy
from judging.domain.retention import CLASSES, ZONE
from judging.errors import Conflict, Refused
from judging.services.privacy.breaches import (
    close_breach,
    deadline_of,
    find_breach,
    list_breaches,
    open_breach,
    tell_authority,
)
from judging.services.privacy.child_reads import count_reads, list_reads
from judging.services.privacy.retention.preview import all_files_due, classes_due
from judging.web.admin.blueprint import blueprint
from judging.web.context import account, now
from judging.web.formats import error_sentence, label, problem_sentence
from judging.web.paging import page_of
from judging.web.spreadsheet import csv_answer
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask.typing import ResponseReturnValue

_REFUSED = 422
_USUAL_DAYS, _MOST_DAYS = 30, 90


@blueprint.get("/retention")
@policy("administrator")
def retention() -> str:
    """What of the whole installation goes when."""
    due = all_files_due(db(), now=now())
    page = page_of(len(due))
    return render_template(
        "admin/retention.html",
        files=due[page.offset : page.offset + page.limit],
        list_page=page,
        classes=classes_due(db(), now=now()),
        labels={kept.value: label(one.label) for kept, one in CLASSES.items()},
    )


@blueprint.get("/reads")
@policy("administrator")
def reads() -> str:
    """Who opened data of children in the last days."""
    days, alias = _days(), request.args.get("entry", "").strip()[:20]
    since = now() - timedelta(days=days)
    page = page_of(count_reads(db(), since=since, alias=alias))
    return render_template(
        "admin/reads.html",
        rows=list_reads(db(), since=since, alias=alias, limit=page.limit, offset=page.offset),
        list_page=page,
        days=days,
        alias=alias,
        export_url=url_for("admin.reads_csv", days=days, entry=alias or None),
    )


@blueprint.get("/reads.csv")
@policy("administrator")
def reads_csv() -> Response:
    """The same as a file."""
    rows = list_reads(
        db(), since=now() - timedelta(days=_days()), alias=request.args.get("entry", "").strip()[:20]
    )  # fmt: skip
    head = ("at_utc", "account_id", "name", "contest", "entry", "entry_id", "what")
    return csv_answer(
        "reads",
        head,
        (
            (
                one.at.astimezone(UTC).isoformat(),
                one.account_id,
                one.name,
                one.contest,
                one.entry,
                one.entry_id,
                one.what,
            )
            for one in rows
        ),
    )


@blueprint.get("/breaches")
@policy("administrator")
def breaches() -> str:
    """The breaches of personal data, and the form that starts the clock of one."""
    return _breaches()


@blueprint.post("/breaches")
@policy("administrator")
def start_breach() -> ResponseReturnValue:
    """Start the 72 hours of a breach."""
    try:
        noticed = datetime.fromisoformat(request.form.get("noticed", "").strip()).replace(tzinfo=ZoneInfo(ZONE))
    except ValueError:
        return _breaches([_("Write the day and the time, such as 2026-11-20 17:00.")]), _REFUSED
    try:
        made = open_breach(
            db(), account=account(), what=request.form.get("what", ""), noticed_at=noticed.astimezone(UTC), now=now()
        )
    except Refused as refused:
        return _breaches([problem_sentence(problem) for problem in refused.problems]), _REFUSED
    return redirect(url_for("admin.breach", breach_id=made.id))


@blueprint.get("/breaches/<breach_id>")
@policy("administrator")
def breach(breach_id: str) -> str:
    """A breach: how long there is still, who opened what in the days before, and the draft of the notice."""
    return _breach(breach_id)


@blueprint.post("/breaches/<breach_id>")
@policy("administrator")
def breach_step(breach_id: str) -> ResponseReturnValue:
    """Record that the authority was told, or close the breach with what was found."""
    found = find_breach(db(), breach_id)
    if request.form.get("step") == "close":
        refused = _tried(
            lambda: close_breach(
                db(), account=account(), breach=found, conclusion=request.form.get("conclusion", ""), now=now()
            )
        )
    else:
        refused = _tried(lambda: tell_authority(db(), account=account(), breach=found, now=now()))
    if refused:
        return _breach(breach_id, refused), _REFUSED
    flash(_("Recorded."), "info")
    return redirect(url_for("admin.breach", breach_id=breach_id))


@blueprint.get("/processing")
@policy("administrator")
def processing() -> str:
    """The record of processing, made from the columns of the database."""
    return render_template("admin/processing.html", tables=record_of_processing(), tag_labels=LABELS)


def _days() -> int:
    text = request.args.get("days", "")
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else _USUAL_DAYS
    return min(max(days, 1), _MOST_DAYS)


def _tried(act: Callable[[], None]) -> list[str]:
    try:
        act()
    except Refused as refused:
        return [problem_sentence(problem) for problem in refused.problems]
    except Conflict as refused:
        return [error_sentence(refused)]
    return []


def _breaches(refused: Sequence[str] = ()) -> str:
    here = now().astimezone(ZoneInfo(ZONE))
    return render_template(
        "admin/breaches.html",
        rows=[{"one": one, "deadline": deadline_of(one)} for one in list_breaches(db())],
        refused=refused,
        typed=request.form,
        moment_now=f"{here:%Y-%m-%dT%H:%M}",
        now=now(),
    )


def _breach(breach_id: str, refused: Sequence[str] = ()) -> str:
    found = find_breach(db(), breach_id)
    deadline = deadline_of(found)
    since = found.noticed_at - timedelta(days=_USUAL_DAYS)
    left = deadline - now()
    return render_template(
        "admin/breach.html",
        one=found,
        deadline=deadline,
        hours_left=int(left.total_seconds() // 3600),
        minutes_left=int(left.total_seconds() % 3600 // 60),
        over=left <= timedelta(0),
        reads=count_reads(db(), since=since),
        refused=refused,
        typed=request.form,
    )
