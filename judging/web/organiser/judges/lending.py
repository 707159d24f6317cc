"""Lending a reading of a live round to a stand-in until a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from judging.db.queries import office_running as queries
from judging.domain.policy import policy
from judging.services.judges.assigning.loans import find_lendable, lend_reading
from judging.web.context import actor, contest, now, platform, rules
from judging.web.organiser.acts import DESK, refusals_of, require_progress
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.judges.timetable_form import read_moment
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/<slug>/rounds/<round_key>/assignment/lend")
@policy(*DESK)
def lend(slug: str, round_key: str) -> ResponseReturnValue:
    """Lend one reading; after the moment it goes back by itself unless it was submitted."""
    require_progress()
    judges = {judge.id: judge for judge in queries.list_judges(db(), contest())}
    lender, stand_in = (judges.get(request.form.get(key, "")) for key in ("judge", "stand_in"))
    until = read_moment(request.form.get("until", ""), contest().zone)
    code = request.form.get("code", "").strip().upper().removeprefix(f"{rules().prefix}-".upper())
    number = int(code) if code.isascii() and code.isdigit() and len(code) < 9 else 0
    reading = find_lendable(db(), contest=contest(), round_key=round_key, number=number, judge=lender)
    if reading is None or stand_in is None or until is None:
        refused = [_("Type the code of an entry that the judge is to read, and choose a stand-in and a moment.")]
    else:
        refused = refusals_of(
            lambda: lend_reading(
                db(), registry=platform().registry, assignment=reading, stand_in=stand_in, until=until, actor=actor(),
                now=now(),
            )
        )  # fmt: skip
    for sentence in refused:
        flash(sentence, "error")
    if not refused and stand_in is not None:
        flash(_("The reading is lent to %(judge)s.", judge=stand_in.account.name), "info")
    return redirect(url_for("organiser.assignment", slug=slug, round_key=round_key, _anchor="lend"))
