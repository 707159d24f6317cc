"""Without one judge: by hand for what it names, by properties against counting everything anew."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.awards import AwardPlan
from judging.domain.leaving_out.ground import Ground, Standings, settle
from judging.domain.leaving_out.judges import leave_each_out, leave_out
from judging.domain.leaving_out.values import GatePassed, Onward, PrizeChange, PrizePlace, RankChange
from judging.domain.ledger.faults import NotRecountable
from judging.domain.rules import Award, Gate, GateScope, Round
from judging.domain.strategies import Aggregator, TieBreaker, TieContext
from judging.domain.values import Ballot, Grant, Score
from tests.domain.builders import AGGREGATORS, D, a_round, ballot, quota, some_rules
from tests.domain.leaving_out.cases import FIRST, LAST, crowded_contest, ground, grounds, sheets

FINAL = "final"
GOLD, SILVER = PrizePlace("gold", ""), PrizePlace("silver", "")


def small(**more: object) -> Ground:
    """Of three judges the third alone puts e-b before e-a; e-c was read by nobody but them."""
    ballots = sheets(one={"e-a": 60, "e-b": 50}, two={"e-a": 60, "e-b": 50}, three={"e-a": 20, "e-b": 50, "e-c": 10})
    rules = some_rules(
        awards=[Award(key="gold", label="Gold", planned=1), Award(key="silver", label="Silver", planned=1)],
        gates=[Gate(key="half", label="Half", scope=GateScope.PRIZE, round=FINAL, minimum=D(50))],
    )
    return ground(rules, {FINAL: ballots}, **more)


def test_leave_out_names_ranks_prizes_gates_and_entries_left_without_a_sheet() -> None:
    effect = leave_out(small(), [FINAL], "three")

    assert effect is not None
    assert (effect.sheets, effect.moved, effect.distance) == (3, 2, 2)
    assert effect.ranks == (
        RankChange(FINAL, "e-b", 1, 2, Fraction(0)),
        RankChange(FINAL, "e-a", 2, 1, Fraction(40, 3)),
    )
    assert effect.largest == RankChange(FINAL, "e-a", 2, 1, Fraction(40, 3))
    assert effect.without_sheet == (RankChange(FINAL, "e-c", 3, None, None),)
    assert effect.gates == (GatePassed("half", "e-a", would=True),)
    assert effect.prizes == (
        PrizeChange("e-a", None, GOLD, waits=False),
        PrizeChange("e-b", GOLD, SILVER, waits=False),
    )


def test_entry_left_without_a_sheet_is_not_said_to_stand_last_nor_to_fail_a_gate() -> None:
    effect = leave_out(small(), [FINAL], "three")

    assert effect is not None
    assert "e-c" not in {one.entry for one in effect.ranks}
    assert "e-c" not in {one.entry for one in effect.gates}


def test_judge_on_whom_nothing_hangs_is_told_so() -> None:
    effect = leave_out(small(), [FINAL], "one")

    assert effect is not None
    assert (effect.moved, effect.prizes, effect.gates, effect.onward, effect.without_sheet) == (0, (), (), (), ())
    assert effect.largest == RankChange(FINAL, "e-a", 2, 2, Fraction(-20, 3))


def test_judge_without_a_sheet_of_their_own_has_no_effect_at_all() -> None:
    assert leave_out(small(), [FINAL], "nobody") is None


def test_judges_come_in_the_order_of_what_hangs_on_them() -> None:
    report = leave_each_out(small(), [FINAL])

    assert [one.judge for one in report.judges] == ["three", "one", "two"]
    assert report.judges[0].weight > report.judges[1].weight == report.judges[2].weight


def test_leave_out_names_who_goes_on_and_who_does_not() -> None:
    rules = some_rules(rounds=[a_round(key=FIRST, quota=quota(1)), a_round(key=LAST)])
    ballots = sheets(one={"e-a": 60, "e-b": 50}, two={"e-a": 10, "e-b": 50})

    effect = leave_out(ground(rules, {FIRST: ballots}, prizes=None), [FIRST], "two")

    assert effect is not None
    assert effect.onward == (Onward(FIRST, "e-a", would=True), Onward(FIRST, "e-b", would=False))
    assert effect.prizes == ()


def test_prize_is_not_called_lost_where_a_tie_would_have_to_be_voted_on() -> None:
    rules = some_rules(awards=[Award(key="gold", label="Gold", planned=1)])
    ballots = sheets(one={"e-a": 60, "e-b": 60}, two={"e-a": 50, "e-b": 40})

    effect = leave_out(ground(rules, {FINAL: ballots}), [FINAL], "two")

    assert effect is not None
    assert effect.prizes == (PrizeChange("e-a", GOLD, None, waits=True),)


def test_prize_that_waits_for_a_vote_now_is_not_called_won() -> None:
    rules = some_rules(awards=[Award(key="gold", label="Gold", planned=1)])
    ballots = sheets(one={"e-a": 50, "e-b": 60}, two={"e-a": 60, "e-b": 50})

    effect = leave_out(ground(rules, {FINAL: ballots}), [FINAL], "two")

    assert effect is not None
    assert effect.prizes == (PrizeChange("e-b", None, GOLD, waits=True),)


def test_consensus_of_a_panel_stays_whoever_typed_it() -> None:
    own = sheets(one={"e-a": 60, "e-b": 50}, two={"e-a": 60, "e-b": 50})
    agreed = [replace(sheets(one={"e-b": 70})[0], judge="typist", consensus=True)]
    made = ground(some_rules(rounds=[a_round(aggregator="consensus")]), {FINAL: [*own, *agreed]})

    report = leave_each_out(made, [FINAL])

    assert {one.judge for one in report.judges} == {"one", "two"}
    assert all(one.moved == 0 for one in report.judges)


def test_only_sheets_of_the_rounds_asked_for_are_left_out() -> None:
    rules = some_rules(rounds=[a_round(key=FIRST), a_round(key=LAST)])
    ballots = sheets(one={"e-a": 60, "e-b": 50}, two={"e-a": 10, "e-b": 50})
    made = ground(rules, {FIRST: ballots, LAST: ballots})

    one_round, both = leave_out(made, [LAST], "two"), leave_out(made, [FIRST, LAST], "two")

    assert one_round is not None
    assert both is not None
    assert (one_round.sheets, {one.round for one in one_round.ranks}) == (2, {LAST})
    assert (both.sheets, {one.round for one in both.ranks}) == (4, {FIRST, LAST})


def test_tie_broken_by_another_round_moves_with_that_rounds_sheets() -> None:
    rules = some_rules(rounds=[a_round(key=FIRST), a_round(key=LAST)], tie_breaks=["earlier-round"])
    first = sheets(one={"e-a": 60, "e-b": 50}, two={"e-a": 10, "e-b": 50})
    made = ground(rules, {FIRST: first, LAST: sheets(one={"e-a": 50, "e-b": 50})})

    effect = leave_out(made, [FIRST], "two")

    assert effect is not None
    assert RankChange(LAST, "e-a", 2, 1, Fraction(0)) in effect.ranks


def test_most_cuts_the_names_and_not_the_count() -> None:
    report = leave_each_out(small(), [FINAL], most=1)

    assert (len(report.judges[0].ranks), report.judges[0].moved) == (1, 2)


def spread_out(judged: Round, ballots: Sequence[Ballot]) -> dict[str, Score]:
    """Looks across judges: an entry's score is that of all sheets less those of the others."""
    whole = sum(one.marks["effect"] for one in ballots)
    own: dict[str, Decimal] = {}
    for one in ballots:
        own[one.entry] = own.get(one.entry, D(0)) + one.marks["effect"]
    return {entry: Score(value=Fraction(2 * mark - whole), used=1) for entry, mark in own.items()}


def test_plugins_way_of_combining_is_asked_anew_and_its_sheets_are_not_told_apart() -> None:
    rules = some_rules(rounds=[a_round(aggregator="spread-out")])
    ways = {**AGGREGATORS, "spread-out": Aggregator(key="spread-out", label="Spread", combine=spread_out)}
    ballots = sheets(one={"e-a": 60, "e-b": 50}, two={"e-a": 10, "e-b": 50})
    made = ground(rules, {FINAL: ballots}, aggregators=ways)

    report = leave_each_out(made, [FINAL])

    assert report.sheets is None
    without = settle(made, made.without("two", [FINAL]).count()).standings[FINAL]
    effect = next(one for one in report.judges if one.judge == "two")
    assert {one.entry: one.after for one in effect.ranks} == {one.entry: one.rank for one in without}


def test_way_of_combining_that_nobody_offers_is_refused() -> None:
    made = ground(some_rules(rounds=[a_round(aggregator="nobody's")]), {FINAL: sheets(one={"e-a": 60})})

    with pytest.raises(NotRecountable):
        leave_each_out(made, [FINAL])


def test_plugins_tie_break_is_asked_anew() -> None:
    def rank(context: TieContext) -> dict[str, Fraction]:
        # Of two that somebody outdid e-b stands first: nothing that an entry's own sheets could tell.
        values = [one.value for one in context.scores.values()]
        return {
            entry: Fraction(sum(value > own.value for value in values) * (entry == "e-b"))
            for entry, own in context.scores.items()
        }

    made = ground(
        some_rules(tie_breaks=["odd"]),
        {FINAL: sheets(one={"e-a": 60, "e-b": 60, "e-c": 90}, two={"e-c": 0})},
        tie_breakers={"odd": TieBreaker(key="odd", label="Odd", rank=rank)},
    )

    effect = leave_out(made, [FINAL], "two")

    assert not made.is_local
    assert effect is not None
    # With all sheets e-a and e-b share the first place; then e-c outdoes both.
    assert {one.entry: (one.before, one.after) for one in effect.ranks} == {"e-a": (1, 3), "e-b": (1, 2), "e-c": (3, 1)}


def test_plugins_prizes_are_given_from_whole_standings() -> None:
    def prizes(standings: Standings) -> AwardPlan:
        lucky = [one.entry for one in standings[FINAL] if any(tie.ahead for tie in one.tie)]
        return AwardPlan(grants=tuple(Grant(entry=one, level="gold") for one in lucky))

    rules = some_rules(awards=[Award(key="gold", label="Gold", planned=9)], tie_breaks=["criterion:novelty"])
    tied = [ballot("one", "e-a", novelty=10, effect=20), ballot("one", "e-b", novelty=20, effect=10)]
    apart = [ballot("two", "e-a", novelty=0, effect=50), ballot("two", "e-b", novelty=0, effect=0)]

    effect = leave_out(ground(rules, {FINAL: [*tied, *apart]}, prizes=prizes), [FINAL], "two")

    assert effect is not None
    assert effect.prizes == (PrizeChange("e-b", None, GOLD, waits=False),)


def anew(made: Ground) -> Ground:
    """The same contest, for which everything is counted anew: its ways of combining are said to be somebody else's."""
    whole = replace(made, aggregators={key: replace(way, help="the same") for key, way in AGGREGATORS.items()})
    assert made.is_local
    assert not whole.is_local
    return whole


@given(grounds(), st.sampled_from([(FIRST,), (LAST,), (FIRST, LAST)]), st.sampled_from([None, 0, 1, 3]))
def test_report_is_that_of_counting_everything_anew(made: Ground, rounds: tuple[str, ...], most: int | None) -> None:
    report = leave_each_out(made, rounds, most=most)

    assert report.judges == leave_each_out(anew(made), rounds, most=most).judges
    # Whoever gives the prizes by the same rules, from whole standings, gives the same.
    assert report == leave_each_out(replace(made, by_rules=False), rounds, most=most)


@pytest.mark.parametrize("most", [None, 5])
def test_report_on_many_entries_is_that_of_counting_everything_anew(most: int | None) -> None:
    made = crowded_contest(seed=8)

    report = leave_each_out(made, (FIRST, LAST), most=most)

    assert report.judges == leave_each_out(anew(made), (FIRST, LAST), most=most).judges
    assert min(one.moved for one in report.judges) > 100
    assert all(one.onward and one.gates and one.prizes for one in report.judges)


@given(grounds(), st.sampled_from([(FIRST,), (LAST,), (FIRST, LAST)]))
def test_prizes_are_asked_for_with_the_standings_that_counting_everything_anew_gives(
    made: Ground, rounds: tuple[str, ...]
) -> None:
    seen: list[object] = []

    def note(standings: Standings) -> AwardPlan:
        assert {type(places) for places in standings.values()} == {tuple}
        seen.append(dict(standings))
        return AwardPlan()

    judges = [one.judge for one in leave_each_out(replace(made, prizes=note, by_rules=False), rounds).judges]

    assert seen == [made.count(), *(made.without(judge, rounds).count() for judge in sorted(judges))]


def test_prizes_by_the_rules_are_given_without_whole_standings() -> None:
    seen: list[Standings] = []

    def note(standings: Standings) -> AwardPlan:
        seen.append(standings)
        return AwardPlan()

    report = leave_each_out(replace(small(), prizes=note), [FINAL])

    assert len(seen) == 1
    assert len(report.judges) == 3


@given(grounds(), st.sampled_from([(FIRST,), (LAST,), (FIRST, LAST)]))
def test_ranks_told_are_those_of_the_standings_without_the_judge(made: Ground, rounds: tuple[str, ...]) -> None:
    before = made.count()

    for effect in leave_each_out(made, rounds, most=None).judges:
        after = made.without(effect.judge, rounds).count()
        moved = {
            (key, one.entry): (one.rank, {two.entry: two.rank for two in after[key]}.get(one.entry))
            for key, places in before.items()
            for one in places
        }
        told = {(one.round, one.entry): (one.before, one.after) for one in (*effect.ranks, *effect.without_sheet)}
        assert told == {place: ranks for place, ranks in moved.items() if ranks[0] != ranks[1]}


@given(grounds(), st.randoms(use_true_random=False))
def test_order_of_the_sheets_does_not_matter(made: Ground, random: Random) -> None:
    mixed = {key: random.sample(list(own), len(own)) for key, own in made.tally.ballots.items()}
    other = replace(made, tally=replace(made.tally, ballots=mixed))

    assert leave_each_out(made, [FIRST, LAST]) == leave_each_out(other, [FIRST, LAST])
