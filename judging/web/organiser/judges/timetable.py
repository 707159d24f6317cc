"""The timetable of a live round: hours and rooms, the plan to look at, and the timetable to print."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.queries import live as queries
from judging.db.queries import office_running
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_assign
from judging.domain.policy import policy
from judging.domain.timetable import Place, find_clashes
from judging.services.judges.live.arranging import (
    arrange_round,
    arrangement_of,
    list_absences,
    live_round,
    set_presence,
)
from judging.services.judges.live.planning import apply_live_plan, clear_timetable, plan_live_round
from judging.services.judges.panels import list_panels
from judging.services.rounds.entries import judged_round
from judging.web.context import actor, contest, now, rules
from judging.web.formats import problem_sentence
from judging.web.organiser.acts import DESK, READERS, REFUSED, refusals_of, require_progress
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.judges.timetable_form import (
    arrangement_values,
    local_text,
    read_arrangement,
    read_moment,
    typed_values,
)
from judging.web.organiser.rounds.tabs import default_round, round_tabs
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from judging.db.models import Judge, LivePlace
    from judging.services.judges.live.planning import LivePlan

_SHOWN = 60


@blueprint.get("/<slug>/timetable")
@blueprint.get("/<slug>/rounds/<round_key>/timetable")
@policy(*READERS)
def timetable(slug: str, round_key: str | None = None) -> str:
    """The timetable that stands, what the plan would change, and hours, rooms and presence."""
    del slug
    return _page(round_key or default_round())


@blueprint.post("/<slug>/rounds/<round_key>/timetable")
@policy(*DESK)
def make_timetable(slug: str, round_key: str) -> ResponseReturnValue:
    """Make the timetable that was looked at, or take the one that stands away."""
    judged = judged_round(rules(), round_key)
    made = 0

    def act() -> None:
        nonlocal made
        if request.form.get("act") == "clear":
            clear_timetable(db(), contest=contest(), judged=judged, actor=actor(), now=now())
        else:
            made = apply_live_plan(
                db(), contest=contest(), judged=judged, seal=request.form.get("seal", ""), actor=actor(), now=now()
            )

    if refused := refusals_of(act):
        return _page(round_key, refused), REFUSED
    if request.form.get("act") == "clear":
        flash(_("The timetable is taken away. Hours and rooms stay."), "attention")
    else:
        flash(ngettext("The timetable stands, with %(num)s place.", "The timetable stands, with %(num)s places.", made))
    return redirect(url_for("organiser.timetable", slug=slug, round_key=round_key))


@blueprint.post("/<slug>/rounds/<round_key>/timetable/hours")
@policy(*DESK)
def arrange_hours(slug: str, round_key: str) -> ResponseReturnValue:
    """Record hours, rooms and how long a slot lasts."""
    judged = judged_round(rules(), round_key)
    typed = read_arrangement(request.form, contest().zone)
    refused = [problem_sentence(problem) for problem in typed.problems] or refusals_of(
        lambda: arrange_round(
            db(), contest=contest(), judged=judged, wanted=typed.arrangement, actor=actor(), now=now()
        )
    )
    if refused:
        return _page(round_key, refused, values=typed_values(request.form)), REFUSED
    flash(_("Hours and rooms are recorded. Look at the plan, then confirm it."), "info")
    return redirect(url_for("organiser.timetable", slug=slug, round_key=round_key))


@blueprint.post("/<slug>/rounds/<round_key>/timetable/presence")
@policy(*DESK)
def set_judge_presence(slug: str, round_key: str) -> ResponseReturnValue:
    """Record from when to when a judge is there."""
    judged_round(rules(), round_key)
    judge = _named_judge()
    if judge is None:
        return _page(round_key, [_("Choose a judge.")]), REFUSED
    comes, leaves = (read_moment(request.form.get(name, ""), contest().zone) for name in ("comes", "leaves"))
    refused = refusals_of(
        lambda: set_presence(
            db(), contest=contest(), round_key=round_key, judge=judge, comes_at=comes, leaves_at=leaves,
            actor=actor(), now=now(),
        )
    )  # fmt: skip
    if refused:
        return _page(round_key, refused), REFUSED
    flash(_("Recorded. The plan below takes it into account."), "info")
    return redirect(url_for("organiser.timetable", slug=slug, round_key=round_key, _anchor="presence"))


def _page(round_key: str, refused: list[str] | None = None, *, values: dict[str, Any] | None = None) -> str:
    require_progress()
    judged = judged_round(rules(), round_key)
    row = live_round(db(), contest=contest(), round_key=round_key)
    planned = plan_live_round(db(), contest=contest(), judged=judged) if row is not None else None
    places = queries.places_of_round(db(), contest(), round_key=round_key)
    readers = queries.readers_of_round(db(), contest(), round_key=round_key)
    zone = contest().zone
    return render_template(
        "organiser/judges/timetable.html",
        contest=contest(),
        rules=rules(),
        judged=judged,
        tabs=round_tabs("organiser.timetable", round_key),
        live=row,
        planned=planned,
        differs=planned is not None and not _stands(planned, places),
        unplaced=[(planned.teams[one.entry], one.reason) for one in planned.timetable.unplaced[:_SHOWN]]
        if planned
        else [],
        more_unplaced=max(len(planned.timetable.unplaced) - _SHOWN, 0) if planned else 0,
        days=_days(places, readers, zone),
        clashes=_clashes(places, readers),
        values=values or arrangement_values(arrangement_of(db(), contest=contest(), judged=judged), zone),
        panels=list_panels(db(), contest=contest()),
        judges=office_running.list_judges(db(), contest()),
        absences=[
            {"judge": one.judge, "comes": one.comes_at, "leaves": one.leaves_at}
            for one in list_absences(db(), contest=contest(), round_key=round_key).values()
        ],
        may_arrange=can_assign(actor(), phase=ContestPhase(contest().phase)),
        refused=refused or [],
        typed=request.form,
    )


def _stands(planned: LivePlan, places: Sequence[LivePlace]) -> bool:
    """Whether the timetable that stands is what would be planned now."""
    rooms = [room.id for room in planned.arrangement.rooms]
    wanted = {
        (rooms[int(one.room)], planned.teams[one.entry].id, planned.slots[one.slot].starts_at)
        for one in planned.timetable.places
    }
    return wanted == {(one.room_id, one.entry_id, one.starts_at) for one in places}


def _days(
    places: Sequence[LivePlace], readers: dict[str, list[Judge]], zone: str
) -> list[tuple[datetime, list[dict[str, Any]]]]:
    """Places by day and room: each room's teams in the order of time, with the judges who are there."""
    days = []
    for _day, of_day in groupby(places, key=lambda one: local_text(one.starts_at, zone)[:10]):
        here = list(of_day)
        rooms: dict[str, dict[str, Any]] = {}
        for place in here:
            room = rooms.setdefault(place.room_id, {"room": place.room, "places": []})
            judges = [place.judge] if place.judge is not None else readers.get(place.entry_id, [])
            room["places"].append({"place": place, "judges": judges})
        days.append((here[0].starts_at, sorted(rooms.values(), key=lambda one: int(one["room"].position))))
    return days


def _clashes(places: Sequence[LivePlace], readers: dict[str, list[Judge]]) -> list[tuple[LivePlace, str]]:
    """Judges who are in two places at a time, because assignments changed after the timetable was made."""
    moments = sorted({one.starts_at for one in places})
    names = {judge.alias: judge.account.name for judges in readers.values() for judge in judges}
    by_slot: dict[int, LivePlace] = {}
    made = []
    for one in places:
        slot = moments.index(one.starts_at)
        by_slot.setdefault(slot, one)
        judges = [one.judge] if one.judge is not None else readers.get(one.entry_id, [])
        names.update({judge.alias: judge.account.name for judge in judges})
        made.append(Place(slot, one.room_id, one.entry_id, tuple(judge.alias for judge in judges)))
    found = find_clashes(made, {}, shared_rooms=True)
    return [(by_slot[clash.slot], names.get(clash.who, clash.who)) for clash in found if clash.what == "judge"]


def _named_judge() -> Judge | None:
    judges = {judge.id: judge for judge in office_running.list_judges(db(), contest())}
    return judges.get(request.form.get("judge", ""))
