"""Live rounds: hours and rooms, the timetable, and the shared clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Assignment, AuditEvent, Judge, LivePlace
from judging.db.queries import live as queries
from judging.domain.permissions import Actor, Role
from judging.domain.pitch_clock import ClockAct
from judging.domain.timetable import Window
from judging.errors import Conflict, NotAllowed, NotFound, Refused
from judging.plugins import Registry
from judging.services.judges.live.arranging import (
    HEARING,
    VISIT,
    Arrangement,
    RoomWish,
    arrange_round,
    arrangement_of,
    list_rooms,
    set_presence,
)
from judging.services.judges.live.clocks import act_on_clock
from judging.services.judges.live.planning import apply_live_plan, clear_timetable, plan_live_round
from tests.factories import NOW, make_assignment
from tests.services.office import PRELIMINARY, Office, hold_contest

MORNING = Window(NOW + timedelta(days=1), NOW + timedelta(days=1, hours=3))


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    made = hold_contest(session, registry, entries=4, judges=3)
    for number, entry in enumerate(made.entries):
        for member in entry.members:
            member.name_key = f"author {number}"
        for judge in made.judges:
            make_assignment(session, entry, judge, round_key=PRELIMINARY)
    session.flush()
    return made


def _wanted(way: str = HEARING, **changes: Any) -> Arrangement:
    made = Arrangement(way=way, windows=(MORNING,), minutes=18, change=2, rooms=(RoomWish(name="Hội trường A"),))
    return replace(made, **changes)


def _arrange(session: Session, held: Office, wanted: Arrangement) -> None:
    judged = held.rules.find_round(PRELIMINARY)
    assert judged is not None
    arrange_round(session, contest=held.contest, judged=judged, wanted=wanted, actor=held.organiser, now=NOW)


def _apply(session: Session, held: Office, seal: str | None = None) -> int:
    judged = held.rules.find_round(PRELIMINARY)
    assert judged is not None
    plan = plan_live_round(session, contest=held.contest, judged=judged)
    return apply_live_plan(
        session, contest=held.contest, judged=judged, seal=seal or plan.seal, actor=held.organiser, now=NOW
    )


def _places(session: Session, held: Office) -> list[LivePlace]:
    return list(queries.places_of_round(session, held.contest, round_key=PRELIMINARY))


def test_a_proposal_has_a_room_for_each_panel_and_slots_as_the_rules_time_them(session: Session, held: Office) -> None:
    judged = held.rules.find_round(PRELIMINARY)
    assert judged is not None
    proposed = arrangement_of(session, contest=held.contest, judged=replace(judged, minutes=8, question_minutes=10))
    assert (proposed.minutes, proposed.way, proposed.windows) == (18, HEARING, ())
    assert held.panel is None or [room.panels for room in proposed.rooms] == [(held.panel.id,)]


def test_hearings_are_made_one_after_the_other(session: Session, held: Office) -> None:
    _arrange(session, held, _wanted())
    assert _apply(session, held) == 4
    places = _places(session, held)
    assert {place.entry_id for place in places} == {entry.id for entry in held.entries}
    assert [place.starts_at - MORNING.starts_at for place in places] == [timedelta(minutes=20 * n) for n in range(4)]
    mine = queries.places_of_judge(session, held.judges[0])
    assert [place.id for place, _ in mine] == [place.id for place in places]
    assert [place.id for place in queries.places_of_entry(session, held.entries[0])] == [
        place.id for place in places if place.entry_id == held.entries[0].id
    ]


def test_visits_name_each_judge_and_take_as_few_slots_as_can_be(session: Session, held: Office) -> None:
    _arrange(session, held, _wanted(VISIT))
    assert _apply(session, held) == 12
    places = _places(session, held)
    assert len({place.starts_at for place in places}) == 4
    assert len({(place.judge_id, place.starts_at) for place in places}) == 12
    assert len(queries.places_of_judge(session, held.judges[1])) == 4


def test_a_recused_judge_has_no_place_any_more(session: Session, held: Office) -> None:
    _arrange(session, held, _wanted())
    _apply(session, held)
    reading = session.scalars(select(Assignment).where(Assignment.judge_id == held.judges[0].id)).first()
    assert reading is not None
    reading.state = "recused"
    session.flush()
    seen = {place.entry_id for place, _ in queries.places_of_judge(session, held.judges[0])}
    assert reading.entry_id not in seen
    assert len(seen) == 3
    readers = queries.readers_of_round(session, held.contest, round_key=PRELIMINARY)
    assert held.judges[0].id not in {judge.id for judge in readers[reading.entry_id]}


def test_nothing_is_planned_for_a_judge_before_they_come(session: Session, held: Office) -> None:
    _arrange(session, held, _wanted())
    late = MORNING.starts_at + timedelta(minutes=60)
    set_presence(
        session, contest=held.contest, round_key=PRELIMINARY, judge=held.judges[0], comes_at=late, leaves_at=None,
        actor=held.organiser, now=NOW,
    )  # fmt: skip
    _apply(session, held)
    assert min(place.starts_at for place in _places(session, held)) >= late
    set_presence(
        session, contest=held.contest, round_key=PRELIMINARY, judge=held.judges[0], comes_at=None, leaves_at=None,
        actor=held.organiser, now=NOW,
    )  # fmt: skip
    _apply(session, held)
    assert min(place.starts_at for place in _places(session, held)) == MORNING.starts_at


def test_a_plan_that_changed_meanwhile_is_not_made(session: Session, held: Office) -> None:
    with pytest.raises(Conflict, match="Name the hours"):
        _apply(session, held)
    _arrange(session, held, _wanted())
    with pytest.raises(Conflict, match="changed while"):
        _apply(session, held, seal="0" * 64)
    assert _places(session, held) == []


def test_a_room_in_use_stays_until_the_timetable_goes(session: Session, held: Office) -> None:
    _arrange(session, held, _wanted())
    _apply(session, held)
    with pytest.raises(Refused, match="in the timetable"):
        _arrange(session, held, _wanted(rooms=(RoomWish(name="B"),)))
    judged = held.rules.find_round(PRELIMINARY)
    assert judged is not None
    clear_timetable(session, contest=held.contest, judged=judged, actor=held.organiser, now=NOW)
    _arrange(session, held, _wanted(rooms=(RoomWish(name="B"),)))
    assert [room.name for room in list_rooms(session, contest=held.contest, round_key=PRELIMINARY)] == ["B"]
    with pytest.raises(Conflict):
        clear_timetable(session, contest=held.contest, judged=judged, actor=held.organiser, now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"way": "by lot"},
        {"minutes": 0},
        {"change": -1},
        {"windows": ()},
        {"windows": (Window(MORNING.ends_at, MORNING.starts_at),)},
        {"windows": (Window(MORNING.starts_at, MORNING.starts_at + timedelta(minutes=5)),)},
        {"rooms": ()},
        {"rooms": (RoomWish(name=" "),)},
        {"rooms": (RoomWish(name="A"), RoomWish(name="a "))},
        {"rooms": (RoomWish(name="A", panels=("gone",)),)},
        {"rooms": (RoomWish(name="A", id="gone"),)},
    ],
)
def test_arrangements_that_make_no_sense_are_refused(session: Session, held: Office, changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        _arrange(session, held, _wanted(**changes))


def test_only_the_office_arranges(session: Session, held: Office) -> None:
    judged = held.rules.find_round(PRELIMINARY)
    assert judged is not None
    judge = Actor(account_id=held.judges[0].account_id, roles=frozenset({Role.JUDGE}))
    with pytest.raises(NotAllowed):
        arrange_round(session, contest=held.contest, judged=judged, wanted=_wanted(), actor=judge, now=NOW)


def _move(
    session: Session, held: Office, act: ClockAct, version: int, *, seconds: int = 0, by: Judge | None = None
) -> int:
    room = list_rooms(session, contest=held.contest, round_key=PRELIMINARY)[0]
    actor = Actor(account_id=by.account_id, roles=frozenset({Role.JUDGE})) if by else held.organiser
    moved = act_on_clock(
        session, contest=held.contest, room_id=room.id, act=act, version=version, actor=actor,
        now=NOW + timedelta(seconds=seconds),
    )  # fmt: skip
    return moved.spent_ms


def test_all_devices_of_a_room_share_a_clock_and_the_second_of_two_at_once_is_told(
    session: Session, held: Office
) -> None:
    _arrange(session, held, _wanted())
    _move(session, held, ClockAct.START, 0, by=held.judges[0])
    with pytest.raises(Conflict, match="Another device"):
        _move(session, held, ClockAct.PAUSE, 0)
    assert _move(session, held, ClockAct.PAUSE, 1, seconds=90) == 90_000
    acts = session.scalars(select(AuditEvent).where(AuditEvent.action == "clock-moved")).all()
    assert [one.details["act"] for one in acts] == ["start", "pause"]


def test_the_clock_is_for_those_at_work_and_of_this_contest(session: Session, held: Office) -> None:
    _arrange(session, held, _wanted())
    room = list_rooms(session, contest=held.contest, round_key=PRELIMINARY)[0]
    auditor = Actor(account_id="x", roles=frozenset({Role.AUDITOR}))
    with pytest.raises(NotAllowed):
        act_on_clock(
            session, contest=held.contest, room_id=room.id, act=ClockAct.START, version=0, actor=auditor, now=NOW
        )
    with pytest.raises(NotFound):
        act_on_clock(
            session, contest=held.contest, room_id="gone", act=ClockAct.START, version=0, actor=held.organiser, now=NOW
        )
