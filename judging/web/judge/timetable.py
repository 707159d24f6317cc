"""Where a judge is expected and when, and the clock that all devices of a room share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for

from judging.db.queries import live as queries
from judging.domain.permissions import Role
from judging.domain.pitch_clock import ClockAct
from judging.domain.policy import policy
from judging.errors import N_, Conflict, NotFound
from judging.services.judges.live.clocks import act_on_clock, clock_of, find_room
from judging.web.context import actor, contest, now, rules
from judging.web.formats import error_sentence
from judging.web.judge.blueprint import blueprint
from judging.web.judge.home import own_seat
from judging.web.judge.room_clock import clock_values
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from judging.db.models import LivePlace, LiveRoom

_WORKERS = ("judge", "chair", "organiser", "secretary")
TIME_HEADER = "Judging-Time"
"""The server's time in milliseconds since 1970, beside every answer of a clock, also where nothing changed."""


@blueprint.get("/<slug>/timetable")
@policy("judge")
def timetable(slug: str) -> str:
    """The judge's own places in the order of time; entries that the judge is off are not among them."""
    del slug
    judge = own_seat()
    places = queries.places_of_judge(db(), judge)
    return render_template("judge/timetable.html", contest=contest(), rules=rules(), places=places, now=now())


@blueprint.get("/<slug>/rooms/<room_id>")
@policy(*_WORKERS)
def room(slug: str, room_id: str) -> str:
    """The clock of a room, large enough to be read from the stage, with who comes next."""
    del slug
    found = find_room(db(), contest=contest(), room_id=room_id)
    return render_template(
        "judge/room.html",
        contest=contest(),
        rules=rules(),
        clock=clock_values(found),
        places=_places(found),
        now=now(),
    )


@blueprint.get("/<slug>/rooms/<room_id>/clock")
@policy(*_WORKERS)
def clock(slug: str, room_id: str) -> Response:
    """How the clock stands; 304 as long as nobody moved it."""
    del slug
    return _clock_answer(find_room(db(), contest=contest(), room_id=room_id))


@blueprint.post("/<slug>/rooms/<room_id>/clock")
@policy(*_WORKERS)
def move(slug: str, room_id: str) -> ResponseReturnValue:
    """Start, pause or set the clock, or begin the time for questions."""
    asked = request.form.get("act", "")
    version = request.form.get("version", "")
    if asked not in set(ClockAct) or not (version.isascii() and version.isdigit() and len(version) < 9):
        raise NotFound(N_("There is nothing here."))
    refused: Conflict | None = None
    try:
        act_on_clock(
            db(),
            contest=contest(),
            room_id=room_id,
            act=ClockAct(asked),
            version=int(version),
            actor=actor(),
            now=now(),
        )
    except Conflict as late:
        refused = late
    if request.accept_mimetypes.best == "application/json":
        # Also a device that came too late is told how the clock stands now.
        answer = _clock_answer(find_room(db(), contest=contest(), room_id=room_id))
        return answer, refused.status if refused is not None else answer.status_code
    if refused is not None:
        flash(error_sentence(refused), "attention")
    return redirect(url_for("judge.room", slug=slug, room_id=room_id))


def _clock_answer(room: LiveRoom) -> Response:
    stand = clock_of(room)
    answer = make_response(
        jsonify(
            version=room.clock_version,
            part=stand.part.value,
            since=int(stand.since.timestamp() * 1000) if stand.since is not None else None,
            spent=stand.spent_ms,
        )
    )
    answer.set_etag(f"clock-{room.clock_version}")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers[TIME_HEADER] = str(int(now().timestamp() * 1000))
    answer.make_conditional(request)
    return answer


def _places(room: LiveRoom) -> list[LivePlace]:
    """The teams of the room: all for the office, for a judge only those that the judge meets."""
    if actor().has(Role.JUDGE, Role.CHAIR):
        return [place for place, _reading in queries.places_of_judge(db(), own_seat()) if place.room_id == room.id]
    found = queries.places_of_round(db(), contest(), round_key=room.round)
    return [place for place in found if place.room_id == room.id]
