"""Who reads what in a round of the demo: conflicts, the plan, recusals and the judge who never came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from judging.db.models import Assignment, Conflict, Entry
from judging.demo.edition import Edition, Seat
from judging.demo.marks import Marks
from judging.demo.wording import said
from judging.domain.assignment import JudgeSlot, Pair, plan_assignment
from judging.domain.conflicts import ConflictKind, EntryProfile, JudgeProfile, derived_conflicts
from judging.domain.roles import Role
from judging.domain.rules import Round
from judging.domain.sheet_states import SheetState
from judging.services.judges.conflicts.finding import DECLARED, DETECTED

_ALIKE = 2


@dataclass(slots=True, kw_only=True)
class Reading:
    """One judge's reading: the row, and the marks of each version in order. `draft` are marks not yet submitted."""

    row: Assignment
    seat: Seat
    entry: Entry
    versions: list[Marks] = field(default_factory=list)
    draft: Marks = field(default_factory=dict)


def place_conflicts(edition: Edition, entries: Sequence[Entry]) -> None:
    """Give some judges a conflict before anything is handed in: one from the school of an entry, one its mentor."""
    for panel in edition.panels:
        seats = [seat for seat in edition.seats if seat.panel is panel]
        own = [entry for entry in entries if entry.category in panel.categories]
        # A judge to spare is needed wherever an entry loses one.
        if len(seats) > edition.rules.rounds[0].judges_per_entry and len(own) > _ALIKE:
            seats[-1].judge.unit = edition.world.draw.one_of(own).unit or seats[-1].judge.unit
            _make_mentor(edition, seats[-2], edition.world.draw.one_of(own))


def find_conflicts(edition: Edition, entries: Sequence[Entry], at: datetime) -> set[Pair]:
    """Find what names and units give away, keep it as the search would, and return the pairs."""
    rows = edition.world.rows
    found = derived_conflicts(
        [JudgeProfile(alias=seat.judge.alias, name=seat.name, unit=seat.judge.unit) for seat in edition.seats],
        [_profile(entry) for entry in entries],
    )
    seats_by_alias = {seat.judge.alias: seat for seat in edition.seats}
    by_alias = {entry.alias: entry for entry in entries}
    for one in found:
        seat, entry = seats_by_alias[one.judge], by_alias[one.entry]
        rows.add(_conflict(edition, seat, entry, one.kind, source=DETECTED, reason=one.evidence, at=at, by_id=None))
    rows.event(
        at, "conflicts-searched", "contest", edition.contest.id, contest_id=edition.contest.id,
        actor_id=edition.world.office.id_of(Role.SECRETARY), found=len(found),
    )  # fmt: skip
    return {(one.judge, one.entry) for one in found}


def assign_readings(
    edition: Edition, judged: Round, entries: Sequence[Entry], *, forbidden: set[Pair], at: datetime
) -> list[Reading]:
    """Plan the round as the office would, and make its assignments in each judge's own order."""
    seats = {seat.judge.alias: seat for seat in edition.seats if not seat.absent}
    by_alias = {entry.alias: entry for entry in entries}
    plan = plan_assignment(
        [(entry.alias, edition.panel_of(entry.category).id) for entry in entries],
        [
            JudgeSlot(alias=alias, panels=frozenset({seat.panel.id}), capacity=seat.judge.capacity)
            for alias, seat in seats.items()
        ],
        per_entry=judged.judges_per_entry,
        forbidden=frozenset(forbidden),
    )
    organiser = edition.world.office.id_of(Role.ORGANISER)
    edition.world.rows.event(
        at, "assignment-made", "round", judged.key, actor_id=organiser, contest_id=edition.contest.id,
        pairs=len(plan.pairs), unfilled=len(plan.unfilled),
    )  # fmt: skip
    return [
        add_reading(edition, judged, seats[alias], by_alias[entry], position=position, at=at)
        for alias, order in plan.order.items()
        for position, entry in enumerate(order, start=1)
    ]


def add_reading(edition: Edition, judged: Round, seat: Seat, entry: Entry, *, position: int, at: datetime) -> Reading:
    """One assignment, not begun."""
    row = Assignment(
        contest_id=edition.contest.id, round=judged.key, entry_id=entry.id, judge_id=seat.judge.id, position=position,
        state=SheetState.ASSIGNED.value, marks={}, comments={}, comment="", draft_version=0, sheet_version=0,
        reason="", assigned_at=at, changed_at=at,
    )  # fmt: skip
    return Reading(row=edition.world.rows.add(row), seat=seat, entry=entry)


def declare_all(edition: Edition, readings: Iterable[Reading], at: datetime) -> None:
    """Every judge of the round says which entries are a conflict: none of those that were left to them."""
    seats: dict[str, tuple[Seat, int]] = {}
    for reading in readings:
        seat, count = seats.get(reading.seat.judge.id, (reading.seat, 0))
        seats[reading.seat.judge.id] = (seat, count + 1)
    for seat, count in seats.values():
        if seat.absent:
            continue
        moment = at + timedelta(minutes=edition.world.draw.random.randint(1, 600))
        seat.judge.conflicts_declared_at = moment
        edition.world.rows.event(
            moment, "conflicts-declared", "judge", seat.judge.id, actor_id=seat.judge.account_id,
            contest_id=edition.contest.id, judge=seat.judge.alias, looked_at=count, conflicts=0,
        )  # fmt: skip


def recuse_one(edition: Edition, judged: Round, readings: list[Reading], at: datetime) -> Pair | None:
    """Let a judge step down from an entry where another of the panel can take over; return the pair."""
    held: dict[str, set[str]] = {}
    for reading in readings:
        held.setdefault(reading.entry.alias, set()).add(reading.seat.judge.alias)
    for reading in readings:
        spare = [
            seat
            for seat in edition.seats
            if seat.panel is reading.seat.panel
            and not seat.absent
            and seat.judge.alias not in held[reading.entry.alias]
        ]
        if not spare or reading.seat.absent or reading.row.position < _ALIKE:
            continue
        _recuse(edition, reading, at)
        place = 1 + sum(1 for one in readings if one.seat is spare[0])
        readings.append(
            add_reading(edition, judged, spare[0], reading.entry, position=place, at=at + timedelta(hours=3))
        )
        spare[0].judge.conflicts_declared_at = at + timedelta(hours=4)
        return reading.seat.judge.alias, reading.entry.alias
    return None


def _recuse(edition: Edition, reading: Reading, at: datetime) -> None:
    account, reason = reading.seat.judge.account_id, said("recused")
    reading.row.state, reading.row.reason, reading.row.changed_at = SheetState.RECUSED.value, reason, at
    conflict = _conflict(
        edition, reading.seat, reading.entry, ConflictKind.TEACHER, source=DECLARED, reason=reason, at=at, by_id=account
    )
    edition.world.rows.add(conflict)
    for action in ("judge-recused", "conflict-declared"):
        edition.world.rows.event(
            at, action, "entry", reading.entry.id, actor_id=account, contest_id=edition.contest.id,
            judge=reading.seat.judge.alias, entry=reading.entry.alias, kind=ConflictKind.TEACHER.value,
        )  # fmt: skip


def write_off(edition: Edition, reading: Reading, at: datetime) -> None:
    """End the sheet of a judge who never came, by the organiser's decision."""
    reason = said("written_off")
    reading.row.state, reading.row.reason, reading.row.changed_at = SheetState.WRITTEN_OFF.value, reason, at
    edition.world.rows.event(
        at, "sheet-written-off", "assignment", reading.row.id, contest_id=edition.contest.id,
        actor_id=edition.world.office.id_of(Role.ORGANISER), round=reading.row.round, entry=reading.entry.alias,
        judge=reading.seat.judge.alias, reason=reason,
    )  # fmt: skip


def _make_mentor(edition: Edition, seat: Seat, entry: Entry) -> None:
    known = {field.key for field in edition.rules.fields}
    if "mentor" in known:
        entry.answers = {**entry.answers, "mentor": seat.name}


def _profile(entry: Entry) -> EntryProfile:
    mentor = str(entry.answers.get("mentor") or "")
    return EntryProfile(
        alias=entry.alias,
        authors=tuple(member.name for member in entry.members),
        mentors=(mentor,) if mentor else (),
        units=tuple({unit for unit in (entry.unit, *(member.unit for member in entry.members)) if unit}),
    )


def _conflict(
    edition: Edition,
    seat: Seat,
    entry: Entry,
    kind: ConflictKind,
    *,
    source: str,
    reason: str,
    at: datetime,
    by_id: str | None,
) -> Conflict:
    return Conflict(
        contest_id=edition.contest.id, judge_id=seat.judge.id, entry_id=entry.id, kind=kind.value, source=source,
        reason=reason, evidence=reason if source == DETECTED else "", by_id=by_id, at=at, withdrawn_at=None,
    )  # fmt: skip
