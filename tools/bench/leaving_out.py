"""What hangs on each judge of a closed round, from the database, beside the standings counted once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import select, update

from judging.db.models import Contest, ContestRound
from judging.domain.leaving_out.values import Report
from judging.domain.permissions import Actor, Role
from judging.domain.values import Standing
from judging.services.platform import Platform
from judging.services.results.leaving_out.weighing import weigh_judges
from judging.services.results.standings import round_standings
from tools.bench.contests import Filled, fill_contest
from tools.bench.measure import Bound, Figure, Peer, measure_in_turns
from tools.bench.sizes import Sizes
from tools.bench.stores import SQLITE, Stores, count_statements

_SHEETS = 5
_LOAD = 29
_PROVINCE = 231
_MOST = 2_000
_TIMES = 3
_OFFICE = Actor(roles=frozenset({Role.ORGANISER}))
_ROUND, _CONTEST = "one round", "two rounds and the prizes"


def all_judges(stores: Stores, _engines: Sequence[str], sizes: Sizes) -> Iterator[Figure]:
    """Time the report over all judges at the sizes of the standings, the greatest left out.

    First of one round while another is to come, then of a contest in which both have sheets of all entries.
    """
    for entries, _ in sizes.standings:
        if entries <= _MOST:
            for what in (_ROUND, _CONTEST):
                with stores.installation(SQLITE) as platform:
                    yield _figure(platform, _filled(platform, entries, what), entries, what)


def _figure(platform: Platform, filled: Filled, entries: int, what: str) -> Figure:
    ours, once = partial(_weighed, platform, filled, what), partial(_standings, platform, filled)
    with count_statements(platform) as statements:
        report = ours()
    timing, peer = measure_in_turns(ours, once, times=_TIMES)
    return Figure(
        benchmark="leave-one-out",
        case=f"{entries:,} entries × {_SHEETS} sheets, {len(report.judges)} judges, {what}, {SQLITE}",
        timing=timing,
        bound=_bound(entries, what),
        peer=Peer(name="the standings, once", timing=peer),
        notes={"statements": len(statements), "prizes compared": "yes" if report.prizes else "no"},
    )


def _bound(entries: int, what: str) -> Bound:
    if entries <= _PROVINCE:
        return Bound(seconds=0.5, reason="a province's page must not be waited for")
    if what == _ROUND:
        return Bound(seconds=1.5, reason="a nation's within the time of a slow page")
    return Bound(seconds=3, reason="twice as many sheets, and the prizes")


def _filled(platform: Platform, entries: int, what: str) -> Filled:
    rounds = 2 if what == _CONTEST else 1
    with platform.database.writing() as session:
        filled = fill_contest(
            session, platform.registry, entries=entries, sheets=_SHEETS, submitted=True, load=_LOAD, rounds=rounds
        )
        held = select(ContestRound.key).where(ContestRound.contest_id == filled.contest_id)
        closed = session.scalars(held.order_by(ContestRound.position).limit(rounds)).all()
        rows = update(ContestRound).where(ContestRound.contest_id == filled.contest_id, ContestRound.key.in_(closed))
        session.execute(rows.values(state="closed"))
    return filled


def _weighed(platform: Platform, filled: Filled, what: str) -> Report:
    with platform.database.reading() as session:
        contest = session.get_one(Contest, filled.contest_id)
        only = filled.round_key if what == _ROUND else None
        return weigh_judges(session, registry=platform.registry, contest=contest, actor=_OFFICE, round_key=only)


def _standings(platform: Platform, filled: Filled) -> tuple[Standing, ...]:
    with platform.database.reading() as session:
        contest = session.get_one(Contest, filled.contest_id)
        return round_standings(session, registry=platform.registry, contest=contest, round_key=filled.round_key)
