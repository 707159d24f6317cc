"""How entries are taken and screened, and extending the deadline: two pages of the organiser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.domain.policy import policy
from judging.domain.values import Problem
from judging.errors import N_, Refused
from judging.services.contests.deadline_extension import (
    LETTER_SUBJECT,
    LETTER_TEXT,
    check_extension,
    extend_deadline,
    letter_params,
    list_extensions,
    open_drafts,
)
from judging.services.contests.deadlines import intake_settings
from judging.services.contests.intake import change_intake
from judging.web.context import actor, contest, now, rules
from judging.web.formats import problem_sentence, sentence
from judging.web.organiser.acts import REFUSED
from judging.web.organiser.blueprint import blueprint
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from judging.db.models import Entry


@blueprint.route("/<slug>/intake", methods=["GET", "POST"])
@policy("organiser")
def intake(slug: str) -> ResponseReturnValue:
    """Grace after the deadline, two-person check, days for completing, checklist and texts for reasons."""
    held = intake_settings(db(), contest())
    values = {
        "grace_minutes": str(held.grace_minutes), "two_persons": held.two_persons,
        "return_days": str(held.return_days), "checklist": "\n".join(held.checklist),
        "reasons": "\n".join(held.reasons),
    }  # fmt: skip
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        values = {name: request.form.get(name, "") for name in values}
        try:
            change_intake(
                db(), contest=contest(), actor=actor(), now=now(), two_persons=request.form.get("two_persons") == "1",
                grace_minutes=_whole_number("grace_minutes"), return_days=_whole_number("return_days"),
                checklist=request.form.get("checklist", "").splitlines(),
                reasons=request.form.get("reasons", "").splitlines(),
            )  # fmt: skip
        except Refused as refused:
            problems = refused.problems
        else:
            flash(_("Recorded."), "info")
            return redirect(url_for("organiser.intake", slug=slug))
    page = render_template(
        "organiser/settings/intake.html", contest=contest(), rules=rules(), values=values, errors=_by_place(problems),
        refused=[problem_sentence(problem) for problem in problems],
    )  # fmt: skip
    return page, REFUSED if problems else 200


@blueprint.route("/<slug>/extension", methods=["GET", "POST"])
@policy("organiser")
def extension(slug: str) -> ResponseReturnValue:
    """Move the deadline to later: first a preview of who is concerned and what they are told, then the act."""
    drafts = open_drafts(db(), contest=contest())
    if request.method != "POST":
        return _extension_page(drafts, {"whole": "1"})
    typed = {name: request.form.get(name, "") for name in ("until", "whole", "reason", "note")}
    until, problems = _moment(typed["until"])
    if until is not None:
        problems = check_extension(
            contest(), actor=actor(), until=until, reason=typed["reason"], note=typed["note"], now=now()
        )
    if problems or until is None:
        return _extension_page(drafts, typed, problems), REFUSED
    # What is applied is what was looked at: a draft begun in between is shown first.
    if request.form.get("act") != "apply" or request.form.get("seen") != _seen(drafts):
        return _extension_page(drafts, typed, until=until)
    try:
        _made, concerned = extend_deadline(
            db(), contest=contest(), actor=actor(), until=until, whole=typed["whole"] == "1", reason=typed["reason"],
            note=typed["note"], now=now(),
        )  # fmt: skip
    except Refused as refused:
        return _extension_page(drafts, typed, refused.problems), REFUSED
    flash(
        ngettext(
            "The deadline is extended. %(num)s entry with an open draft is told by letter.",
            "The deadline is extended. %(num)s entries with open drafts are told by letter.",
            len(concerned),
        ),
        "info",
    )
    return redirect(url_for("organiser.extension", slug=slug))


def _extension_page(
    drafts: Sequence[Entry],
    typed: Mapping[str, str],
    problems: Sequence[Problem] = (),
    until: datetime | None = None,
) -> str:
    letter = None
    if until is not None and drafts:
        params = letter_params(contest(), drafts[0].owner, until=until, note=typed["note"])
        letter = (sentence(LETTER_SUBJECT, params), sentence(LETTER_TEXT, params))
    return render_template(
        "organiser/settings/extension.html", contest=contest(), rules=rules(), drafts=drafts, typed=typed, until=until,
        letter=letter, seen=_seen(drafts), extensions=list_extensions(db(), contest=contest()),
        errors=_by_place(problems), refused=[problem_sentence(problem) for problem in problems],
    )  # fmt: skip


def _seen(drafts: Sequence[Entry]) -> str:
    return ",".join(str(entry.number) for entry in drafts)


def _moment(text: str) -> tuple[datetime | None, Sequence[Problem]]:
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError:
        message = N_("Write the day and the time, such as 2026-11-20 17:00.")
        return None, (Problem(code="date", where="until", message=message),)
    return local.replace(tzinfo=ZoneInfo(contest().zone)).astimezone(UTC), ()


def _whole_number(name: str) -> int:
    text = request.form.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def _by_place(problems: Sequence[Problem]) -> dict[str, str]:
    return {problem.where: problem_sentence(problem) for problem in problems}
