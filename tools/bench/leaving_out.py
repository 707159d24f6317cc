"""What hangs on each judge of a closed round, from the database, beside the standings counted once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import update

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


def all_judges(stores: Stores, _engines: Sequence[str], sizes: Sizes) -> Iterator[Figure]:
    """Time the report over all judges at the sizes of the standings, the greatest left out."""
    for entries, _ in sizes.standings:
        if entries <= _MOST:
            with stores.installation(SQLITE) as platform:
                yield _figure(platform, _filled(platform, entries), entries)


def _figure(platform: Platform, filled: Filled, entries: int) -> Figure:
    ours, once = partial(_weighed, platform, filled), partial(_standings, platform, filled)
    with count_statements(platform) as statements:
        judges = len(ours().judges)
    timing, peer = measure_in_turns(ours, once, times=_TIMES)
    return Figure(
        benchmark="leave-one-out",
        case=f"{entries:,} entries × {_SHEETS} sheets, {judges} judges, {SQLITE}",
        timing=timing,
        bound=Bound(seconds=2, reason="well within the time of a page") if entries <= _PROVINCE else None,
        peer=Peer(name="the standings, once", timing=peer),
        notes={"statements": len(statements)},
    )


def _filled(platform: Platform, entries: int) -> Filled:
    with platform.database.writing() as session:
        filled = fill_contest(session, platform.registry, entries=entries, sheets=_SHEETS, submitted=True, load=_LOAD)
        closed = update(ContestRound).where(ContestRound.contest_id == filled.contest_id)
        session.execute(closed.where(ContestRound.key == filled.round_key).values(state="closed"))
    return filled


def _weighed(platform: Platform, filled: Filled) -> Report:
    with platform.database.reading() as session:
        contest = session.get_one(Contest, filled.contest_id)
        return weigh_judges(
            session, registry=platform.registry, contest=contest, actor=_OFFICE, round_key=filled.round_key
        )


def _standings(platform: Platform, filled: Filled) -> tuple[Standing, ...]:
    with platform.database.reading() as session:
        contest = session.get_one(Contest, filled.contest_id)
        return round_standings(session, registry=platform.registry, contest=contest, round_key=filled.round_key)
