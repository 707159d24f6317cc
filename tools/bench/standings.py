"""Standings of a round: from the database beside a plain SQL mean, and the domain's part alone beside plain floats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import Float, Row, cast, func, select
from sqlalchemy.orm import Session

from judging.db.models import Assignment, Contest, Entry, SheetVersion
from judging.domain.rules import Round
from judging.domain.standings import compute_standings, resolve_tie_breakers
from judging.domain.values import Ballot, Standing
from judging.plugins import Registry
from judging.services.contests.editions import contest_rules
from judging.services.platform import Platform
from judging.services.results.standings import find_aggregator, load_ballots, round_standings
from tools.bench.contests import Filled, fill_contest
from tools.bench.measure import Bound, Figure, Peer, measure_in_turns
from tools.bench.sizes import Sizes
from tools.bench.stores import SQLITE, Stores, count_statements

SHEETS = 5
_PROVINCE = 231
_SECONDS_EACH = 0.00025
_MOST_ON_SERVER = 2_000


def round_by_round(stores: Stores, engines: Sequence[str], sizes: Sizes) -> Iterator[Figure]:
    """Time the standings of a round at several sizes on each engine; the domain's part needs one engine only."""
    for engine in engines:
        for entries, times in sizes.standings:
            if engine == SQLITE or entries <= _MOST_ON_SERVER:
                with stores.installation(engine) as platform:
                    filled = _filled(platform, entries)
                    if engine == SQLITE:
                        with platform.database.reading() as session:
                            yield _in_domain(platform.registry, session, filled, entries, times)
                    yield _from_database(platform, filled, engine, entries, times)


def _bound(entries: int) -> Bound:
    # An organiser who opens the page of a province must not notice; the country's may take what a slow page takes.
    if entries <= _PROVINCE:
        return Bound(seconds=0.05, reason="a province's standings within 50 ms")
    return Bound(seconds=_SECONDS_EACH * entries, reason="in proportion: 0.25 ms an entry")


def _filled(platform: Platform, entries: int) -> Filled:
    with platform.database.writing() as session:
        return fill_contest(session, platform.registry, entries=entries, sheets=SHEETS, submitted=True)


def _from_database(platform: Platform, filled: Filled, engine: str, entries: int, times: int) -> Figure:
    ours, plain = partial(_read_standings, platform, filled), partial(_read_means, platform, filled)
    agree = [one.entry for one in ours()][:1] == [one.alias for one in plain()][:1]
    with count_statements(platform) as statements:
        ours()
    timing, peer = measure_in_turns(ours, plain, times=times)
    return Figure(
        benchmark="standings",
        case=f"{entries:,} entries × {SHEETS} sheets, {engine}",
        timing=timing,
        bound=_bound(entries),
        peer=Peer(name="SQL AVG of stored totals (floats)", timing=peer),
        notes={"statements": len(statements), "same first place": "yes" if agree else "no"},
    )


def _read_standings(platform: Platform, filled: Filled) -> tuple[Standing, ...]:
    with platform.database.reading() as session:
        contest = session.get_one(Contest, filled.contest_id)
        return round_standings(session, registry=platform.registry, contest=contest, round_key=filled.round_key)


def _read_means(platform: Platform, filled: Filled) -> Sequence[Row[tuple[str, float]]]:
    mean = func.avg(cast(SheetVersion.total, Float)).label("mean")
    query = (
        select(Entry.alias, mean)
        .join(Assignment, Assignment.entry_id == Entry.id)
        .join(
            SheetVersion,
            (SheetVersion.assignment_id == Assignment.id) & (SheetVersion.number == Assignment.sheet_version),
        )
        .where(
            Assignment.contest_id == filled.contest_id,
            Assignment.round == filled.round_key,
            Assignment.state == "submitted",
        )
        .group_by(Entry.alias)
        .order_by(mean.desc(), Entry.alias)
    )
    with platform.database.reading() as session:
        return session.execute(query).all()


def _in_domain(registry: Registry, session: Session, filled: Filled, entries: int, times: int) -> Figure:
    contest = session.get_one(Contest, filled.contest_id)
    rules = contest_rules(registry, contest)
    judged = rules.rounds[0]
    ballots = load_ballots(session, contest=contest, round_key=judged.key)
    ours = partial(
        compute_standings,
        judged,
        ballots,
        aggregator=find_aggregator(registry, judged),
        tie_breakers=resolve_tie_breakers(rules, judged, registry.tie_breakers),
        entries={ballot.entry: ("", None) for ballot in ballots},
    )
    timing, peer = measure_in_turns(ours, partial(_float_means, judged, ballots), times=times)
    return Figure(
        benchmark="standings, domain alone",
        case=f"{entries:,} entries × {SHEETS} sheets",
        timing=timing,
        peer=Peer(name="float means, sorted", timing=peer),
        notes={"per sheet": f"{timing.median / len(ballots) * 1e6:.1f} µs"},
    )


def _float_means(judged: Round, ballots: Sequence[Ballot]) -> list[tuple[float, str]]:
    """What the same standings would be without exactness, tie-breaks and means by criterion."""
    keys = [key for criterion in judged.rubric.criteria for key, _, _ in criterion.scales]
    totals: dict[str, list[float]] = defaultdict(list)
    for ballot in ballots:
        totals[ballot.entry].append(sum(float(ballot.marks[key]) for key in keys))
    return sorted(((sum(own) / len(own), entry) for entry, own in totals.items()), reverse=True)
