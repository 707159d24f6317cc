"""The timetable of a round: planned from its hours, rooms and assignments, looked at, then made."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import subqueryload

from judging.db.models import Assignment, Entry, Judge, LivePlace
from judging.domain.timetable import Room, Slot, Team, Timetable, plan_hearings, plan_visits, slots_of
from judging.errors import N_
from judging.errors import Conflict as Hindered
from judging.services.audit import record_event
from judging.services.judges.assigning.assignments import LIVE_SHEETS
from judging.services.judges.live.arranging import (
    VISIT,
    Arrangement,
    arrangement_of,
    check_may_arrange,
    list_absences,
    live_round,
)
from judging.services.judges.panels import list_panels

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, EntryMember, LiveAbsence
    from judging.domain.permissions import Actor
    from judging.domain.rules import Round


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePlan:
    """A timetable to look at, with what it is made of. `seal` changes whenever the timetable does.

    `teams` are the entries by alias and `judges` the judges by alias whom the round brings together.
    """

    arrangement: Arrangement
    slots: tuple[Slot, ...]
    timetable: Timetable
    teams: Mapping[str, Entry]
    judges: Mapping[str, Judge]
    seal: str


def plan_live_round(session: Session, *, contest: Contest, judged: Round) -> LivePlan:
    """Plan who meets whom, where and when; the same data give the same timetable. Always the same number of queries.

    A judge who is recused, reassigned or away has no place; an author of several entries is in one place at a time.
    """
    arrangement = arrangement_of(session, contest=contest, judged=judged)
    slots = slots_of(arrangement.windows, minutes=arrangement.minutes, change=arrangement.change)
    pairs = _pairs(session, contest, judged.key)
    entries = {entry.alias: entry for entry, _ in pairs}
    judges = {judge.alias: judge for _, judge in pairs}
    panel_of = {category: panel.id for panel in list_panels(session, contest=contest) for category in panel.categories}
    readers: dict[str, list[str]] = defaultdict(list)
    for entry, judge in pairs:
        readers[entry.alias].append(judge.alias)
    teams = [
        Team(
            entry=alias, panel=panel_of.get(entry.category, ""), judges=tuple(sorted(readers[alias])),
            people=frozenset(map(_person, entry.members)),
        )
        for alias, entry in entries.items()
    ]  # fmt: skip
    rooms = [Room(key=str(number), panels=frozenset(room.panels)) for number, room in enumerate(arrangement.rooms)]
    absences = list_absences(session, contest=contest, round_key=judged.key)
    plan = plan_visits if arrangement.way == VISIT else plan_hearings
    timetable = plan(teams, rooms, slots=len(slots), absent=_absent(judges.values(), absences, slots))
    return LivePlan(
        arrangement=arrangement, slots=slots, timetable=timetable, teams=entries, judges=judges,
        seal=_seal(arrangement, slots, timetable),
    )  # fmt: skip


def apply_live_plan(
    session: Session, *, contest: Contest, judged: Round, seal: str, actor: Actor, now: datetime
) -> int:
    """Make the timetable that was looked at, in place of the one before; returns how many places it has.

    Raises NotAllowed, and Conflict when the plan changed since or nothing was arranged.
    """
    check_may_arrange(actor, contest)
    row = live_round(session, contest=contest, round_key=judged.key)
    if row is None:
        raise Hindered(N_("Name the hours and rooms first."))
    planned = plan_live_round(session, contest=contest, judged=judged)
    if planned.seal != seal:
        raise Hindered(N_("The timetable changed while you looked at it. Look at the new one, then confirm it."))
    _clear(session, contest, judged.key)
    room_ids = [room.id for room in planned.arrangement.rooms]
    for place in planned.timetable.places:
        slot = planned.slots[place.slot]
        judge = planned.judges[place.judges[0]] if planned.arrangement.way == VISIT else None
        session.add(
            LivePlace(
                contest_id=contest.id, round=judged.key, room_id=room_ids[int(place.room)],
                entry_id=planned.teams[place.entry].id, judge_id=judge.id if judge else None,
                starts_at=slot.starts_at, ends_at=slot.ends_at,
            )
        )  # fmt: skip
    row.applied_at = now
    made = len(planned.timetable.places)
    record_event(
        session, action="timetable-made", subject="round", subject_id=judged.key, actor_id=actor.account_id,
        contest_id=contest.id, details={"places": made, "without": len(planned.timetable.unplaced)}, now=now,
    )  # fmt: skip
    session.flush()
    return made


def clear_timetable(session: Session, *, contest: Contest, judged: Round, actor: Actor, now: datetime) -> None:
    """Take the timetable away; hours and rooms stay. Raises NotAllowed, and Conflict when there is none."""
    check_may_arrange(actor, contest)
    row = live_round(session, contest=contest, round_key=judged.key)
    if row is None or row.applied_at is None:
        raise Hindered(N_("There is no timetable to take away."))
    _clear(session, contest, judged.key)
    row.applied_at = None
    record_event(
        session, action="timetable-cleared", subject="round", subject_id=judged.key, actor_id=actor.account_id,
        contest_id=contest.id, now=now,
    )  # fmt: skip
    session.flush()


def _pairs(session: Session, contest: Contest, round_key: str) -> list[tuple[Entry, Judge]]:
    rows = session.execute(
        select(Entry, Judge)
        .select_from(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(
            Assignment.contest_id == contest.id,
            Assignment.round == round_key,
            Assignment.state.in_([state.value for state in LIVE_SHEETS]),
        )
        .options(subqueryload(Entry.members))
        .order_by(Entry.number, Judge.alias)
    )
    return [(entry, judge) for entry, judge in rows]


def _person(member: EntryMember) -> str:
    # Without an address two of one name at one school count as one person: that costs a slot and harms nobody.
    return member.email.casefold() or f"{member.name_key} | {member.unit.casefold()}"


def _absent(
    judges: Iterable[Judge], absences: Mapping[str, LiveAbsence], slots: Sequence[Slot]
) -> dict[str, frozenset[int]]:
    away = {}
    for judge in judges:
        row = absences.get(judge.id)
        if row is not None:
            away[judge.alias] = frozenset(
                number
                for number, slot in enumerate(slots)
                if (row.comes_at is not None and slot.starts_at < row.comes_at)
                or (row.leaves_at is not None and slot.ends_at > row.leaves_at)
            )
    return away


def _clear(session: Session, contest: Contest, round_key: str) -> None:
    session.execute(delete(LivePlace).where(LivePlace.contest_id == contest.id, LivePlace.round == round_key))


def _seal(arrangement: Arrangement, slots: Sequence[Slot], timetable: Timetable) -> str:
    rooms = [room.name for room in arrangement.rooms]
    return hashlib.sha256(repr((rooms, slots, timetable.places)).encode()).hexdigest()
