"""Small contests, and drawn ones, from which judges are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from judging.domain.awards import AwardPlan, grant_awards
from judging.domain.leaving_out.ground import Ground, Standings
from judging.domain.ledger.tally import Tally
from judging.domain.rules import Award, Board, ContestRules, Gate, GateScope
from judging.domain.values import Ballot
from tests.domain.builders import AGGREGATORS, D, a_round, coarse_rubric, marks_on, plain_rubric, quota, some_rules

FIRST, LAST = "first", "last"
TIE_BREAKS = ("later-round", "criterion:novelty", "earlier-round", "chair-vote")


def ground(rules: ContestRules, ballots: Mapping[str, Sequence[Ballot]], **more: Any) -> Ground:
    """All entries with a ballot in category a, no plugins, prizes by the core's rules unless `more` has others."""
    tally = Tally(
        contest="contest",
        ballots=ballots,
        entries=more.pop("entries", {one.entry: ("a", None) for own in ballots.values() for one in own}),
        votes=more.pop("votes", {}),
    )

    def prizes(standings: Standings) -> AwardPlan:
        by_round = {key: {one.entry: one for one in found} for key, found in standings.items()}
        return grant_awards(rules, standings[rules.rounds[-1].key], by_round=by_round)

    values: dict[str, Any] = {
        "aggregators": AGGREGATORS,
        "tie_breakers": {},
        "prizes": prizes,
        "by_rules": "prizes" not in more,
        **more,
    }
    return Ground(rules=rules, tally=tally, **values)


def sheets(**totals: Mapping[str, int | str]) -> list[Ballot]:
    """For each judge the totals by entry, given under the only criterion that counts."""
    return [
        Ballot(judge=judge, entry=entry, marks={"novelty": D(0), "effect": D(total)})
        for judge, own in totals.items()
        for entry, total in own.items()
    ]


@st.composite
def grounds(draw: st.DrawFn) -> Ground:
    """Two rounds of few different marks, in which ties, gates, quotas, votes and prizes abound."""
    way = st.sampled_from(["mean", "median", "consensus", "trimmed-mean"])
    rubric = coarse_rubric()
    places = st.none() | st.integers(1, 4)
    limit = draw(places)
    boards = st.sampled_from(Board)
    rules = some_rules(
        rounds=[
            a_round(
                rubric,
                key=FIRST,
                aggregator=draw(way),
                quota=None if limit is None else quota(limit, board=draw(boards)),
            ),
            a_round(rubric, key=LAST, aggregator=draw(way)),
        ],
        awards=[
            Award(key="gold", label="Gold", planned=1, board=draw(boards)),
            Award(key="silver", label="Silver", planned=draw(st.integers(0, 3)), board=draw(boards)),
        ],
        gates=[draw(gates(f"gate-{number}")) for number in range(draw(st.integers(0, 2)))],
        tie_breaks=draw(st.lists(st.sampled_from(TIE_BREAKS), unique=True)),
        divisions=draw(st.sampled_from([(), ("junior",)])),
    )
    entries = [f"e-{number}" for number in range(draw(st.integers(1, 6)))]
    belongs = {one: (draw(st.sampled_from("ab")), draw(st.sampled_from([None, "junior"]))) for one in entries}
    ballots = {key: draw(ballots_of([*entries, "e-gone"])) for key in (FIRST, LAST)}
    votes = draw(st.dictionaries(st.sampled_from(entries), st.integers(1, 2)))
    return ground(rules, ballots, entries=belongs, votes={FIRST: votes, LAST: votes})


@st.composite
def gates(draw: st.DrawFn, key: str) -> Gate:
    scope = draw(st.sampled_from(GateScope))
    return Gate(
        key=key,
        label="Gate",
        scope=scope,
        round=draw(st.sampled_from([FIRST, LAST])),
        minimum=D(draw(st.integers(0, 5))),
        level=draw(st.sampled_from(["gold", "silver"])) if scope is GateScope.LEVEL else None,
        criterion=draw(st.sampled_from([None, "novelty"])),
        no_zero=draw(st.booleans()),
    )


@st.composite
def ballots_of(draw: st.DrawFn, entries: Sequence[str]) -> list[Ballot]:
    marks = marks_on(coarse_rubric())
    ballots = [
        Ballot(judge=f"j-{judge}", entry=entry, marks=draw(marks), consensus=judge == 6)
        for entry in entries
        for judge in draw(st.sets(st.integers(0, 6), max_size=6))
    ]
    return draw(st.permutations(ballots))


def crowded_contest(seed: int) -> Ground:
    """Two rounds of 120 entries, 12 judges and 5 sheets an entry, marks so few that every place is shared by some."""
    random = Random(seed)
    rubric = coarse_rubric()
    entries = [f"e-{number:03}" for number in range(120)]
    rules = some_rules(
        rounds=[
            a_round(rubric, key=FIRST, quota=quota(30, board=Board.CATEGORY)),
            a_round(rubric, key=LAST, aggregator="median"),
        ],
        awards=[
            Award(key="gold", label="Gold", planned=2, board=Board.CATEGORY),
            Award(key="silver", label="Silver", planned=25),
        ],
        gates=[
            Gate(key="onward", label="Onward", scope=GateScope.ADVANCE, round=FIRST, minimum=D(2)),
            Gate(key="prize", label="Prize", scope=GateScope.PRIZE, round=LAST, minimum=D(2), no_zero=True),
            Gate(key="best", label="Best", scope=GateScope.LEVEL, round=FIRST, minimum=D(3), level="gold"),
        ],
        tie_breaks=["criterion:novelty", "earlier-round", "chair-vote"],
    )
    ballots = {
        key: [
            Ballot(
                judge=f"j-{judge:02}",
                entry=entry,
                marks={"novelty": D(random.randint(0, 2)), "effect": D(random.randint(0, 3))},
            )
            for entry in entries
            for judge in random.sample(range(12), 5)
        ]
        for key in (FIRST, LAST)
    }
    votes = {entry: random.randint(1, 9) for entry in entries[::3]}
    belongs = {entry: (random.choice("ab"), None) for entry in entries}
    return ground(rules, ballots, entries=belongs, votes={LAST: votes})


def friendly_contest(seed: int, *, favour: int) -> tuple[Ground, tuple[str, str]]:
    """A round of 40 entries, 12 judges and 5 sheets an entry in which one sheet is `favour` points too high.

    Entries differ by 10 points, judges by 8 and a judge from day to day by 6 (standard deviations). Returns the judge
    and the friend's entry too.
    """
    random = Random(seed)
    severity = [random.gauss(0, 8) for _ in range(12)]
    load = [0] * 12
    totals: dict[tuple[int, int], float] = {}
    for entry in range(40):
        worth = random.gauss(60, 10)
        for judge in sorted(range(12), key=lambda one: (load[one], random.random()))[:5]:
            load[judge] += 1
            totals[judge, entry] = worth + severity[judge] + random.gauss(0, 6)
    pair = random.choice(sorted(totals))
    totals[pair] += favour
    ballots = [
        Ballot(judge=f"j-{judge:02}", entry=f"e-{entry:02}", marks=_marks(total))
        for (judge, entry), total in totals.items()
    ]
    rules = some_rules(
        rounds=[a_round(plain_rubric())],
        awards=[Award(key="gold", label="Gold", planned=1), Award(key="silver", label="Silver", planned=4)],
        tie_breaks=["criterion:novelty"],
    )
    return ground(rules, {"final": ballots}), (f"j-{pair[0]:02}", f"e-{pair[1]:02}")


def _marks(total: float) -> dict[str, Decimal]:
    halves = round(2 * min(max(total, 0), 100))
    return {"novelty": D(halves * 3 // 10) / 2, "effect": D(halves - halves * 3 // 10) / 2}
