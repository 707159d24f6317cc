"""The ranking that follows from a tally: one text whatever the order of its parts, and what the product publishes."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from judging.db.models import Contest, Publication
from judging.domain.ledger.faults import LeafError, NotRecountable
from judging.domain.ledger.recount import (
    count_standings,
    differing_scores,
    recount,
    recount_advance,
    score_text,
    who_advances,
)
from judging.domain.ledger.tally import Tally
from judging.domain.scoring import CORE_AGGREGATORS
from judging.domain.strategies import Aggregator, TieBreaker
from judging.domain.totals import as_decimal_string
from judging.domain.values import Ballot, Grant, Score
from judging.services.results.prizes import list_prizes
from judging.services.results.tallies import count_tally, stored_tally
from judging.services.score_log.heads import newest_log
from judging.services.score_log.replay import replay
from tests.demo.made import made_once, opened
from tests.domain.builders import a_round, ballots_on, coarse_rubric, quota, some_rules
from tests.ledger.conftest import KINDS, kind_rules
from tests.ledger.played import play, with_aggregator

RULES = some_rules(
    rounds=(a_round(coarse_rubric(), quota=quota(2)),), tie_breaks=("criterion:novelty", "chair-vote"), divisions=("x",)
)


def tally_of(ballots: list[Ballot], **more: Any) -> Tally:
    entries = {one.entry: ("a", "x") for one in ballots}
    return Tally(contest="spring-2026", ballots={"final": ballots}, entries=entries, **more)


@given(
    ballots=ballots_on(coarse_rubric(), consensus=True), seed=st.integers(0, 99), key=st.sampled_from(CORE_AGGREGATORS)
)
def test_ranking_does_not_depend_on_the_order_of_anything(ballots: list[Ballot], seed: int, key: Aggregator) -> None:
    rules = replace(RULES, rounds=(replace(RULES.rounds[0], aggregator=key.key),))
    shuffled = list(ballots)
    Random(seed).shuffle(shuffled)
    tally = tally_of(ballots)
    turned = replace(tally_of(shuffled), entries=dict(sorted(tally.entries.items(), reverse=True)))

    assert recount(rules, tally).ranking == recount(rules, turned).ranking


@given(ballots=ballots_on(coarse_rubric()))
def test_ranking_is_canonical_json_by_alias(ballots: list[Ballot]) -> None:
    found = recount(RULES, tally_of(ballots, prizes=[Grant(entry="e-1", level="b"), Grant(entry="e-0", level="a")]))
    plain = json.loads(found.ranking)

    assert rfc8785.dumps(plain) == found.ranking
    assert plain["prizes"] == [
        {"board": "", "entry": "e-0", "level": "a"}, {"board": "", "entry": "e-1", "level": "b"},
    ]  # fmt: skip
    (judged,) = plain["rounds"]
    assert [(one["entry"], one["rank"], one["score"]) for one in judged["standings"]] == [
        (one.entry, one.rank, as_decimal_string(one.score.value)) for one in found.standings["final"]
    ]


@given(value=st.fractions() | st.integers(-(10**12), 10**12).map(lambda number: Fraction(number, 2 * 10**6)))
def test_score_text_is_the_decimal_string(value: Fraction) -> None:
    assert score_text(value) == as_decimal_string(value)


def test_entries_out_of_play_have_no_place_and_did_not_advance() -> None:
    ballots = [Ballot(judge="j-1", entry=f"e-{number}", marks={"novelty": Decimal(1), "effect": Decimal(number)})
               for number in range(4)]  # fmt: skip
    tally = tally_of(ballots, advanced={"final": ("e-3", "e-2")})
    gone = replace(tally, entries={alias: belongs for alias, belongs in tally.entries.items() if alias != "e-3"})

    (judged,) = json.loads(recount(RULES, gone).ranking)["rounds"]

    assert judged["advanced"] == ["e-2"]
    assert [one["entry"] for one in judged["standings"]] == ["e-2", "e-1", "e-0"]


def test_who_advances_follows_gates_and_quota() -> None:
    ballots = [Ballot(judge="j-1", entry=f"e-{number}", marks={"novelty": Decimal(1), "effect": Decimal(number)})
               for number in range(4)]  # fmt: skip
    found, onward = recount_advance(RULES, tally_of(ballots), "final")

    assert onward == ("e-3", "e-2") == who_advances(RULES, count_standings(RULES, tally_of(ballots)), "final")
    assert json.loads(found.ranking)["rounds"][0]["advanced"] == list(onward)
    with pytest.raises(LeafError):
        recount_advance(RULES, tally_of(ballots), "nowhere")


def test_strategies_of_plugins_are_used_where_given_and_told_where_not() -> None:
    def combine(_judged: Any, ballots: Any) -> dict[str, Score]:
        return {one.entry: Score(value=Fraction(1), used=1) for one in ballots}

    rules = replace(
        RULES, rounds=(replace(RULES.rounds[0], aggregator="own"),), tie_breaks=("criterion:novelty", "by-name")
    )
    own = {"own": Aggregator(key="own", label="Own", combine=combine)}
    by_name = {"by-name": TieBreaker(key="by-name", label="Name", rank=lambda _context: {"e-1": Fraction(1)})}
    marks = {"novelty": Decimal(1), "effect": Decimal(1)}
    tally = tally_of([Ballot(judge="j-1", entry=entry, marks=marks) for entry in ("e-0", "e-1")])

    places = recount(rules, tally, aggregators=own, tie_breakers=by_name).standings["final"]
    assert [(one.entry, one.rank) for one in places] == [("e-1", 1), ("e-0", 2)]
    for known in (None, own):
        with pytest.raises(NotRecountable):
            recount(rules, tally, aggregators=known)


def test_sheet_that_lacks_a_mark_of_the_rules_is_told() -> None:
    tally = tally_of([Ballot(judge="j-1", entry="e-0", marks={"novelty": Decimal(1)})])
    with pytest.raises(LeafError):
        recount(RULES, tally)


def test_differing_scores_names_entries_that_one_side_lacks() -> None:
    one = [{"entry": "a", "score": "1"}, {"entry": "b", "score": "1"}, {"entry": "d", "score": "5"}]
    two = [{"entry": "a", "score": "2"}, {"entry": "c", "score": "1"}, {"entry": "d", "score": "5"}]
    assert differing_scores(one, two) == ["a", "b", "c"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("aggregator", [one.key for one in CORE_AGGREGATORS])
def test_played_contests_hold_ties_new_versions_and_acts(kind: str, aggregator: str) -> None:
    """What the checks of whole bundles are told with has everything in it that a recount must get right."""
    log = play(with_aggregator(kind_rules(kind), aggregator), seed=5, entries=18)
    plain = json.loads(log.ranking)
    places = [one for judged in plain["rounds"] for one in judged["standings"]]
    acts = Counter(leaf["type"] for _, leaf in log.fold.noted)

    assert any(one["tie"] for one in places)
    assert {"override", "recuse", "withdraw", "disqualify"} <= acts.keys()
    assert any(b'"supersedes"' in leaf for leaf in log.leaves)
    assert len(plain["rounds"]) == len(log.rules.rounds)
    assert all(judged["advanced"] for judged in plain["rounds"][:-1])


def test_ranking_of_the_demo_is_the_published_one() -> None:
    """Counted from what the database holds, it has the bytes whose hash the publication and the log's closing have."""
    folder, _ = made_once()
    with opened(folder) as platform, platform.database.reading() as session:
        contest = session.scalars(select(Contest).where(Contest.slug == "youth-creativity-2021")).one()
        publication = session.scalars(select(Publication).where(Publication.contest_id == contest.id)).one()
        prizes = list_prizes(session, contest=contest)
        tally = stored_tally(session, registry=platform.registry, contest=contest, prizes=prizes)
        counted = count_tally(platform.registry, contest, tally)
        log = newest_log(session, contest)
        assert log is not None
        read = replay(session, log, contest=contest, registry=platform.registry)

    assert read.fold.closing is not None
    assert counted.sha256 == publication.sha256 == read.fold.closing["ranking_sha256"]
    assert json.loads(counted.ranking) == publication.ranking
    assert [one["key"] for one in publication.ranking["rounds"]] == ["preliminary", "final"]
