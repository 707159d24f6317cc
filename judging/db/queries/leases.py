"""What leads judges from booth to booth: their open readings, the leases in force, and the visits so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, case, exists, func, or_, select, union_all
from sqlalchemy.orm import joinedload

from judging.db.models import Assignment, Booth, BoothLease, Entry, Judge, LeaseRound, SheetVersion
from judging.db.queries.asides import is_aside
from judging.db.queries.conflict_gate import clashing
from judging.db.queries.judge import UNFINISHED
from judging.domain.leases import SKIPS, LeaseEnd

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Subquery
    from sqlalchemy.orm import Session

    from judging.db.models import Contest

_SKIPS = [one.value for one in SKIPS]


class OwnReading(NamedTuple):
    """One of a judge's open readings: of which entry, whether set aside, how many judges have been at its booth."""

    id: str
    entry_id: str
    aside: bool
    visits: int


class Standing(NamedTuple):
    """A lease, how it is over (empty while it is in force), and the name of its booth."""

    lease: BoothLease
    over: str
    booth: str


class BoothRow(NamedTuple):
    """An entry of a round, and the name of its booth."""

    entry: Entry
    name: str


class Waiting(NamedTuple):
    """An entry with open readings: how many, how many judges have been at its booth, and when the last one came."""

    entry: Entry
    booth: str
    left: int
    visits: int
    since: datetime | None


def lease_round(session: Session, *, contest_id: str, round_key: str, lock: bool = False) -> LeaseRound | None:
    """For how long booths are kept in a round; with `lock`, nobody else gives one away until the transaction ends."""
    query = select(LeaseRound).where(LeaseRound.contest_id == contest_id, LeaseRound.round == round_key)
    return session.scalar(query.with_for_update() if lock else query)


def is_led(session: Session, *, contest: Contest, round_key: str) -> bool:
    """Whether judges of the round are led from booth to booth."""
    row = lease_round(session, contest_id=contest.id, round_key=round_key)
    return row is not None and row.minutes > 0


def lease_rounds(session: Session, *, contest_ids: Collection[str]) -> set[tuple[str, str]]:
    """The rounds of these contests, as contest and round, in which judges are led from booth to booth."""
    rows = session.execute(
        select(LeaseRound.contest_id, LeaseRound.round).where(
            LeaseRound.contest_id.in_(contest_ids), LeaseRound.minutes > 0
        )
    )
    return {(contest_id, round_key) for contest_id, round_key in rows}


def own_readings(session: Session, *, judge: Judge, round_key: str, now: datetime) -> list[OwnReading]:
    """The readings on which the judge may still write, in the judge's own order. One query.

    Left out are entries that the judge is off, and those of which they have yet to say whether there is a conflict.
    """
    if judge.conflicts_declared_at is None:
        return []
    visits = _visits(judge.contest_id, round_key, now)
    rows = session.execute(
        select(Assignment.id, Assignment.entry_id, is_aside(), func.coalesce(visits.c.number, 0))
        .outerjoin(visits, visits.c.entry_id == Assignment.entry_id)
        .where(
            Assignment.judge_id == judge.id, Assignment.round == round_key, Assignment.state.in_(UNFINISHED),
            Assignment.assigned_at <= judge.conflicts_declared_at, ~clashing(),
        )
        .order_by(Assignment.position, Assignment.id)
    )  # fmt: skip
    return [OwnReading(id_, entry_id, bool(aside), number) for id_, entry_id, aside, number in rows]


def standing_leases(session: Session, *, contest_id: str, round_key: str, now: datetime) -> list[Standing]:
    """The leases of a round that nobody has ended, the soonest over first, with how each is over already. One query."""
    rows = session.execute(
        select(BoothLease, _over(now), func.coalesce(Booth.name, ""))
        .join(Assignment, Assignment.id == BoothLease.assignment_id)
        .join(Judge, Judge.id == BoothLease.judge_id)
        .outerjoin(Booth, _is_booth())
        .where(BoothLease.contest_id == contest_id, BoothLease.round == round_key, BoothLease.ended_at.is_(None))
        .options(
            # Whoever asks where to go reads nothing of what others have written.
            joinedload(BoothLease.entry), joinedload(BoothLease.assignment).load_only(Assignment.state),
            joinedload(BoothLease.judge).joinedload(Judge.account),
        )
        .order_by(BoothLease.until, BoothLease.id)
    )  # fmt: skip
    return [Standing(*row) for row in rows]


def last_lease(session: Session, *, judge: Judge, round_key: str, now: datetime) -> Standing | None:
    """The judge's newest lease of a round, and how it is over; empty while it is in force."""
    row = session.execute(
        select(BoothLease, _state(now), func.coalesce(Booth.name, ""))
        .join(Assignment, Assignment.id == BoothLease.assignment_id)
        .join(Judge, Judge.id == BoothLease.judge_id)
        .outerjoin(Booth, _is_booth())
        .where(BoothLease.judge_id == judge.id, BoothLease.round == round_key)
        .options(joinedload(BoothLease.entry))
        .order_by(BoothLease.began_at.desc(), BoothLease.id.desc())
        .limit(1)
    ).first()
    return Standing(*row) if row is not None else None


def lease_in_force(session: Session, *, assignment: Assignment, now: datetime) -> BoothLease | None:
    """The lease by which the judge of a reading has its booth now."""
    return session.scalar(
        select(BoothLease)
        .join(Assignment, Assignment.id == BoothLease.assignment_id)
        .join(Judge, Judge.id == BoothLease.judge_id)
        .where(BoothLease.assignment_id == assignment.id, BoothLease.ended_at.is_(None), _over(now) == "")
    )


def booths_of_round(
    session: Session, *, contest_id: str, round_key: str, limit: int, offset: int
) -> list[BoothRow]:  # fmt: skip
    """The entries that have readings in the round, by number, with the names of their booths. One query."""
    rows = session.execute(
        select(Entry, func.coalesce(Booth.name, ""))
        .outerjoin(Booth, and_(Booth.entry_id == Entry.id, Booth.round == round_key))
        .where(*_is_read(contest_id, round_key))
        .order_by(Entry.number)
        .limit(limit)
        .offset(offset)
    )
    return [BoothRow(entry, name) for entry, name in rows]


def booth_name(session: Session, *, entry_id: str, round_key: str) -> str:
    """Where the entry stands in the round, in the office's words; empty where it has said nothing."""
    return session.scalar(select(Booth.name).where(Booth.entry_id == entry_id, Booth.round == round_key)) or ""


def count_booths(session: Session, *, contest_id: str, round_key: str) -> int:
    """How many entries have readings in the round."""
    return session.scalar(select(func.count(Entry.id)).where(*_is_read(contest_id, round_key))) or 0


def known_booths(session: Session, *, contest_id: str, round_key: str, entry_ids: Collection[str]) -> set[str]:
    """Those of these entries (by id) that have readings in the round."""
    return set(session.scalars(select(Entry.id).where(*_is_read(contest_id, round_key), Entry.id.in_(entry_ids))))


def waiting_booths(
    session: Session, *, contest_id: str, round_key: str, now: datetime, besides: Collection[str], limit: int
) -> list[Waiting]:
    """The entries with open readings at which nobody stands, the longest without a judge first. One query.

    `besides` are the ids of entries at which somebody stands. Those that nobody has visited yet come before all others.
    """
    visits = _visits(contest_id, round_key, now)
    left = func.count(Assignment.id)
    rows = session.execute(
        select(Entry, func.coalesce(Booth.name, ""), left, func.coalesce(visits.c.number, 0), visits.c.at)
        .join(Assignment, and_(Assignment.entry_id == Entry.id, Assignment.round == round_key))
        .outerjoin(Booth, and_(Booth.entry_id == Entry.id, Booth.round == round_key))
        .outerjoin(visits, visits.c.entry_id == Entry.id)
        .where(
            Entry.contest_id == contest_id, Assignment.state.in_(UNFINISHED), ~clashing(), Entry.id.not_in(besides)
        )
        .group_by(Entry.id, Booth.name, visits.c.number, visits.c.at)
        .order_by(visits.c.at.is_not(None), visits.c.at, Entry.number)
        .limit(limit)
    )  # fmt: skip
    return [Waiting(*row) for row in rows]


def _is_read(contest_id: str, round_key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    read = exists().where(Assignment.entry_id == Entry.id, Assignment.round == round_key)
    return Entry.contest_id == contest_id, read


def _is_booth() -> ColumnElement[bool]:
    return and_(Booth.entry_id == BoothLease.entry_id, Booth.round == BoothLease.round)


def _over(now: datetime) -> ColumnElement[str]:
    """How a lease that nobody has ended is over all the same, of a query over leases, readings and judges."""
    off = or_(Assignment.state.not_in(UNFINISHED), clashing(), ~Judge.is_active)
    return case(
        (Assignment.sheet_version > BoothLease.sheet_version, LeaseEnd.SUBMITTED.value),
        (off, LeaseEnd.OFF.value),
        (is_aside(), LeaseEnd.ASIDE.value),
        (BoothLease.until <= now, LeaseEnd.EXPIRED.value),
        else_="",
    )


def _state(now: datetime) -> ColumnElement[str]:
    return case((BoothLease.ended_at.is_not(None), BoothLease.state), else_=_over(now))


def _visits(contest_id: str, round_key: str, now: datetime) -> Subquery:
    """By entry, how many judges have been at its booth or have submitted its sheet, and when the last one came."""
    stayed = (
        select(BoothLease.entry_id, BoothLease.assignment_id, BoothLease.began_at.label("at"))
        .join(Assignment, Assignment.id == BoothLease.assignment_id)
        .join(Judge, Judge.id == BoothLease.judge_id)
        .where(BoothLease.contest_id == contest_id, BoothLease.round == round_key, _state(now).not_in(_SKIPS))
    )
    wrote = (
        select(Assignment.entry_id, Assignment.id, SheetVersion.submitted_at)
        .join(SheetVersion, SheetVersion.assignment_id == Assignment.id)
        .where(Assignment.contest_id == contest_id, Assignment.round == round_key)
    )
    all_ = union_all(stayed, wrote).subquery()
    return (
        select(
            all_.c.entry_id,
            func.count(all_.c.assignment_id.distinct()).label("number"),
            func.max(all_.c["at"]).label("at"),
        )
        .group_by(all_.c.entry_id)
        .subquery()
    )
