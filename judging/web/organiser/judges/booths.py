"""A round without a timetable: for how long judges have a booth, where booths are, who stands where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.queries.leases import booths_of_round, count_booths
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_assign
from judging.domain.policy import policy
from judging.services.judges.leases.setting import name_booths, set_lease_minutes
from judging.services.judges.leases.watching import floor_now, may_release, release_booth
from judging.services.rounds.entries import judged_round
from judging.web.context import actor, assignment, contest, now, rules
from judging.web.organiser.acts import DESK, READERS, REFUSED, refusals_of, require_progress
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.rounds.tabs import round_tabs
from judging.web.organiser.texts import TypedError, typed_integer
from judging.web.paging import page_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_FIELD = "booth-"
_UNREADABLE = -1


@blueprint.get("/<slug>/rounds/<round_key>/booths")
@policy(*READERS)
def booths(slug: str, round_key: str) -> str:
    """Who stands where, which booths wait, for how long a booth is kept, and where the entries stand."""
    del slug
    return _page(round_key)


@blueprint.post("/<slug>/rounds/<round_key>/booths")
@policy(*DESK)
def set_booth_minutes(slug: str, round_key: str) -> ResponseReturnValue:
    """Record for how many minutes a booth is kept; 0 for a round in which nobody is led."""
    judged_round(rules(), round_key)
    minutes = _minutes(request.form.get("minutes", "").strip())
    refused = refusals_of(
        lambda: set_lease_minutes(
            db(), contest=contest(), round_key=round_key, minutes=minutes, actor=actor(), now=now()
        )
    )  # fmt: skip
    if refused:
        return _page(round_key, refused), REFUSED
    if minutes:
        told = ngettext(
            "Judges of this round are led from booth to booth. Each is kept for %(num)s minute.",
            "Judges of this round are led from booth to booth. Each is kept for %(num)s minutes.", minutes,
        )  # fmt: skip
    else:
        told = _("Nobody is led in this round. Judges go by their own list.")
    flash(told, "info")
    return redirect(url_for("organiser.booths", slug=slug, round_key=round_key))


@blueprint.post("/<slug>/rounds/<round_key>/booths/names", endpoint="name_booths")
@policy(*DESK)
def record_names(slug: str, round_key: str) -> ResponseReturnValue:
    """Record where the entries on the page stand."""
    judged_round(rules(), round_key)
    names = {key.removeprefix(_FIELD): text for key, text in request.form.items() if key.startswith(_FIELD)}
    refused = refusals_of(
        lambda: name_booths(db(), contest=contest(), round_key=round_key, names=names, actor=actor(), now=now())
    )
    if refused:
        return _page(round_key, refused), REFUSED
    flash(_("The places are recorded."), "info")
    page = request.args.get("page", "1")
    return redirect(url_for("organiser.booths", slug=slug, round_key=round_key, page=page, _anchor="places"))


@blueprint.post("/assignments/<assignment_id>/booth/release", endpoint="release_booth")
@policy(*DESK)
def release(assignment_id: str) -> ResponseReturnValue:
    """Let a booth go that a judge has, who keeps entry and sheet."""
    del assignment_id
    found = assignment()
    refused = refusals_of(lambda: release_booth(db(), assignment=found, actor=actor(), now=now()))
    for sentence in refused:
        flash(sentence, "error")
    if not refused:
        flash(_("The booth is free. The entry and its sheet stay with the judge."), "info")
    where = url_for("organiser.booths", slug=contest().slug, round_key=found.round, _anchor="floor")
    return redirect(where)


def _minutes(text: str) -> int:
    """The number typed, or one that the service refuses by the field's own rule."""
    try:
        return typed_integer(text) if text else 0
    except TypedError:
        return _UNREADABLE


def _page(round_key: str, refused: list[str] | None = None) -> str:
    require_progress()
    judged = judged_round(rules(), round_key)
    floor = floor_now(db(), contest=contest(), round_key=round_key, now=now())
    page = page_of(count_booths(db(), contest_id=contest().id, round_key=round_key))
    return render_template(
        "organiser/judges/booths.html",
        contest=contest(),
        rules=rules(),
        judged=judged,
        tabs=round_tabs("organiser.booths", round_key),
        floor=floor,
        typed_minutes=request.form.get("minutes", floor.minutes or ""),
        rows=booths_of_round(
            db(), contest_id=contest().id, round_key=round_key, limit=page.limit, offset=page.offset
        ),
        list_page=page,
        may_arrange=can_assign(actor(), phase=ContestPhase(contest().phase)),
        may_release=may_release(actor(), contest()),
        typed=request.form,
        refused=refused or [],
    )  # fmt: skip
