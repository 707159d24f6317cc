"""The hours and rooms in which a round is heard, and when a judge is away: what a timetable is planned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from judging.db.models import Judge, LiveAbsence, LivePlace, LiveRoom, LiveRound
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_assign
from judging.domain.rules import RoundMode
from judging.domain.timetable import Window, slots_of
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, NotFound, Refused, RulesError
from judging.services.audit import record_event
from judging.services.judges.panels import list_panels

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Panel
    from judging.domain.permissions import Actor
    from judging.domain.rules import Round

HEARING = "hearing"
VISIT = "visit"
WAYS = (HEARING, VISIT)
MOST_ROOMS = 40
MOST_WINDOWS = 20
_LONGEST_NAME = 200
_LONGEST_SLOT = 480
_USUAL_MINUTES = 20
_USUAL_CHANGE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomWish:
    """A room as the office wants it; without `id` it is new."""

    name: str
    panels: tuple[str, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """How a round is heard: hours, length of a slot with the change after it in minutes, and rooms."""

    way: str
    windows: tuple[Window, ...]
    minutes: int
    change: int
    rooms: tuple[RoomWish, ...]


def live_round(session: Session, *, contest: Contest, round_key: str) -> LiveRound | None:
    """How the round is heard, or None as long as nobody has arranged it."""
    return session.scalar(select(LiveRound).where(LiveRound.contest_id == contest.id, LiveRound.round == round_key))


def list_rooms(session: Session, *, contest: Contest, round_key: str) -> Sequence[LiveRoom]:
    """The rooms of the round in their order."""
    return session.scalars(
        select(LiveRoom)
        .where(LiveRoom.contest_id == contest.id, LiveRoom.round == round_key)
        .order_by(LiveRoom.position)
    ).all()


def list_absences(session: Session, *, contest: Contest, round_key: str) -> Mapping[str, LiveAbsence]:
    """The judges who come late or leave early, by id."""
    query = select(LiveAbsence).where(LiveAbsence.contest_id == contest.id, LiveAbsence.round == round_key)
    return {one.judge_id: one for one in session.scalars(query)}


def arrangement_of(session: Session, *, contest: Contest, judged: Round) -> Arrangement:
    """The arrangement that stands, or a proposal: a room for each panel, slots as the rules time them."""
    row = live_round(session, contest=contest, round_key=judged.key)
    if row is not None:
        rooms = list_rooms(session, contest=contest, round_key=judged.key)
        return Arrangement(
            way=row.way,
            windows=tuple(
                Window(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in row.windows
            ),
            minutes=row.minutes,
            change=row.change,
            rooms=tuple(RoomWish(id=room.id, name=room.name, panels=tuple(room.panels)) for room in rooms),
        )
    return Arrangement(
        way=VISIT if judged.mode is RoundMode.VISIT else HEARING,
        windows=(),
        minutes=judged.minutes + judged.question_minutes or _USUAL_MINUTES,
        change=_USUAL_CHANGE,
        rooms=tuple(RoomWish(name=panel.name, panels=(panel.id,)) for panel in list_panels(session, contest=contest)),
    )


def arrange_round(
    session: Session, *, contest: Contest, judged: Round, wanted: Arrangement, actor: Actor, now: datetime
) -> None:
    """Keep hours and rooms. The timetable that stands is not touched, unless a room of it goes.

    Raises NotAllowed, and Refused for hours, lengths and names that make no sense, or a room that is in use.
    """
    check_may_arrange(actor, contest)
    panels = {panel.id: panel for panel in list_panels(session, contest=contest)}
    present = {room.id: room for room in list_rooms(session, contest=contest, round_key=judged.key)}
    in_use = _rooms_in_use(session, contest, judged.key)
    problems = [*_check(wanted, panels), *_check_rooms(wanted.rooms, present, in_use)]
    if problems:
        raise Refused(problems)
    row = live_round(session, contest=contest, round_key=judged.key)
    if row is None:
        row = LiveRound(contest_id=contest.id, round=judged.key)
        session.add(row)
    row.way, row.minutes, row.change = wanted.way, wanted.minutes, wanted.change
    row.windows = [[start.isoformat(), end.isoformat()] for start, end in sorted(wanted.windows)]
    _keep_rooms(session, contest, judged.key, wanted.rooms, present)
    record_event(
        session, action="live-round-arranged", subject="round", subject_id=judged.key, actor_id=actor.account_id,
        contest_id=contest.id, now=now, details={"windows": row.windows, "rooms": [room.name for room in wanted.rooms]},
    )  # fmt: skip
    session.flush()


def set_presence(
    session: Session,
    *,
    contest: Contest,
    round_key: str,
    judge: Judge,
    comes_at: datetime | None,
    leaves_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Say from when to when a judge is there; None for either end means the whole time. Raises NotAllowed, Refused."""
    check_may_arrange(actor, contest)
    if judge.contest_id != contest.id:
        raise NotFound(N_("There is nothing here."))
    if comes_at is not None and leaves_at is not None and leaves_at <= comes_at:
        message = N_("A judge leaves after coming.")
        raise Refused([Problem(code="presence", where="leaves_at", message=message)])
    row = list_absences(session, contest=contest, round_key=round_key).get(judge.id)
    if comes_at is None and leaves_at is None:
        if row is not None:
            session.delete(row)
    else:
        if row is None:
            row = LiveAbsence(contest_id=contest.id, round=round_key, judge_id=judge.id)
            session.add(row)
        row.comes_at, row.leaves_at = comes_at, leaves_at
    record_event(
        session, action="judge-presence-set", subject="judge", subject_id=judge.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"round": round_key}, now=now,
    )  # fmt: skip
    session.flush()


def check_may_arrange(actor: Actor, contest: Contest) -> None:
    """Whoever assigns judges also arranges where they meet the teams. Raises NotAllowed."""
    if not can_assign(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Timetables are made by the office, from the closing of entries to the end of judging."))


def _check(wanted: Arrangement, panels: Mapping[str, Panel]) -> list[Problem]:
    problems = []
    if wanted.way not in WAYS:
        problems.append(Problem(code="way", where="way", message=N_("Choose how the teams are heard.")))
    if not 1 <= wanted.minutes <= _LONGEST_SLOT or not 0 <= wanted.change <= _LONGEST_SLOT:
        message = N_("A slot lasts 1 to %(most)s minutes, a change at most as long.")
        problems.append(Problem(code="minutes", where="minutes", message=message, params={"most": _LONGEST_SLOT}))
    elif not 1 <= len(wanted.windows) <= MOST_WINDOWS:
        message = N_("Name 1 to %(most)s stretches of time, such as a morning and an afternoon.")
        problems.append(Problem(code="windows", where="windows", message=message, params={"most": MOST_WINDOWS}))
    else:
        try:
            slots = slots_of(wanted.windows, minutes=wanted.minutes, change=wanted.change)
        except RulesError as error:
            problems.append(Problem(code="windows", where="windows", message=error.message, params=error.params))
        else:
            if not slots:
                message = N_("No slot fits into these hours.")
                problems.append(Problem(code="windows", where="windows", message=message))
    if any(panel not in panels for room in wanted.rooms for panel in room.panels):
        message = N_("A panel was removed in the meantime. Reload the page.")
        problems.append(Problem(code="gone", where="rooms", message=message))
    return problems


def _check_rooms(rooms: Sequence[RoomWish], present: Mapping[str, LiveRoom], in_use: set[str]) -> list[Problem]:
    names = [" ".join(room.name.split()) for room in rooms]
    if not 1 <= len(rooms) <= MOST_ROOMS or not all(0 < len(name) <= _LONGEST_NAME for name in names):
        message = N_("Name 1 to %(most)s rooms.")
        return [Problem(code="rooms", where="rooms", message=message, params={"most": MOST_ROOMS})]
    if len({name.casefold() for name in names}) < len(names):
        return [Problem(code="rooms", where="rooms", message=N_("Two rooms have the same name."))]
    kept = {room.id for room in rooms if room.id}
    if kept - present.keys():
        message = N_("A room was removed in the meantime. Reload the page.")
        return [Problem(code="gone", where="rooms", message=message)]
    return [
        Problem(
            code="in-use", where="rooms", params={"room": present[gone].name},
            message=N_("“%(room)s” is in the timetable: take the timetable away first."),
        )
        for gone in sorted(in_use - kept, key=lambda one: present[one].position)
    ]  # fmt: skip


def _rooms_in_use(session: Session, contest: Contest, round_key: str) -> set[str]:
    query = select(LivePlace.room_id).where(LivePlace.contest_id == contest.id, LivePlace.round == round_key).distinct()
    return set(session.scalars(query))


def _keep_rooms(
    session: Session, contest: Contest, round_key: str, rooms: Sequence[RoomWish], present: Mapping[str, LiveRoom]
) -> None:
    kept = {room.id for room in rooms if room.id}
    for room_id in present.keys() - kept:
        session.execute(delete(LiveRoom).where(LiveRoom.id == room_id))
    for position, wish in enumerate(rooms):
        row = present.get(wish.id or "")
        if row is None:
            row = LiveRoom(contest_id=contest.id, round=round_key)
            session.add(row)
        row.name = " ".join(wish.name.split())
        row.position = position
        row.panels = list(wish.panels)
