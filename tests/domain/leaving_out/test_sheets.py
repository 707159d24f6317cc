"""One sheet at a time: what it does to its entry, and how near the top a sheet for a friend is named (T14)."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.leaving_out.ground import Ground
from judging.domain.leaving_out.judges import leave_each_out, leave_out
from judging.domain.leaving_out.sheets import how_far_apart
from judging.domain.leaving_out.values import SheetEffect
from tests.domain.builders import some_rules
from tests.domain.leaving_out.cases import FIRST, LAST, friendly_contest, ground, grounds, sheets

FINAL = "final"
SEEDS = range(40)


def place_of(made: Ground, pair: tuple[str, str]) -> int:
    """Where the report names the judge's sheet for the entry; the first is 1."""
    found = leave_each_out(made, [FINAL], sheets=None).sheets
    assert found is not None
    return 1 + [(one.judge, one.change.entry) for one in found].index(pair)


@given(grounds())
def test_sheet_moves_its_entry_as_counting_everything_anew_does(made: Ground) -> None:
    before = {(key, one.entry): one for key, places in made.count().items() for one in places}

    for one in leave_each_out(made, [FIRST, LAST], sheets=None).sheets or ():
        key, entry = one.change.round, one.change.entry
        kept = [
            two for two in made.tally.ballots[key]
            if two.consensus or (two.judge, two.entry) != (one.judge, entry)
        ]  # fmt: skip
        other = replace(made, tally=replace(made.tally, ballots={**made.tally.ballots, key: kept}))
        after = {two.entry: two for two in other.count()[key]}.get(entry)
        assert one.change.before == before[key, entry].rank
        assert one.change.after == (after.rank if after else None)
        assert one.change.shift == (after.score.value - before[key, entry].score.value if after else None)


@given(grounds())
def test_every_own_sheet_of_an_entry_in_play_is_told_once(made: Ground) -> None:
    found = leave_each_out(made, [FIRST, LAST], sheets=None).sheets or ()

    told = [(one.change.round, one.judge, one.change.entry) for one in found]
    assert sorted(told) == sorted(
        (key, one.judge, one.entry)
        for key, own in made.tally.ballots.items()
        for one in own
        if not one.consensus and one.entry in made.tally.entries
    )


def test_how_far_apart_clears_a_judge_who_is_strict_with_everybody() -> None:
    mild = {f"e-{n}": Fraction(50 + n) for n in range(6)}
    totals = {entry: {"mild": total, "other": total, "strict": total - 20} for entry, total in mild.items()}

    assert set(how_far_apart(totals).values()) == {Fraction(0)}


def test_how_far_apart_names_the_sheet_that_departs_from_its_judges_habit() -> None:
    totals = {f"e-{n}": {"mild": Fraction(50), "strict": Fraction(30)} for n in range(5)}
    totals["e-3"]["strict"] = Fraction(50)

    apart = how_far_apart(totals)

    assert apart["strict", "e-3"] == Fraction(20)
    assert max(apart, key=lambda pair: apart[pair]) == ("strict", "e-3")


def test_how_far_apart_says_nothing_of_what_cannot_be_compared() -> None:
    assert how_far_apart({"e-a": {"one": Fraction(5)}, "e-b": {"two": Fraction(5), "three": Fraction(9)}}) == {}


@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.dictionaries(st.sampled_from("uvwxyz"), st.fractions(0, 100), min_size=1)
    )
)
def test_how_far_apart_is_the_residual_of_entries_and_judges_after_one_step(
    totals: dict[str, dict[str, Fraction]],
) -> None:
    shared = {entry: own for entry, own in totals.items() if len(own) > 1}

    def departure(judge: str, entry: str, habits: dict[str, Fraction]) -> Fraction:
        others = [total - habits.get(one, 0) for one, total in shared[entry].items() if one != judge]
        return shared[entry][judge] - sum(others) / Fraction(len(others))

    read = {judge: [entry for entry, own in shared.items() if judge in own] for judge in "uvwxyz"}
    habits = {
        judge: sum(departure(judge, entry, {}) for entry in own) / Fraction(len(own))
        for judge, own in read.items()
        if own
    }
    assert how_far_apart(totals) == {
        (judge, entry): departure(judge, entry, habits)
        - sum(departure(judge, other, habits) for other in own if other != entry) / Fraction(len(own) - 1)
        for judge, own in read.items()
        for entry in own
        if len(own) > 1
    }


def test_sheets_are_told_in_full_before_they_are_cut() -> None:
    made, _ = friendly_contest(3, favour=18)

    whole, cut = leave_each_out(made, [FINAL], sheets=None), leave_each_out(made, [FINAL], sheets=7)

    assert whole.sheets is not None
    assert (cut.sheets, cut.mover) == (whole.sheets[:7], whole.mover)
    assert whole.mover is not None
    assert whole.mover.change.distance == max(one.change.distance for one in whole.sheets)


def test_sheet_that_moves_most_ranks_is_named() -> None:
    totals = {f"e-{n}": 50 + n for n in range(5)}
    made = ground(some_rules(), {FINAL: sheets(one=totals, two={**totals, "e-0": 90})})

    mover = leave_each_out(made, [FINAL]).mover

    assert isinstance(mover, SheetEffect)
    assert (mover.judge, mover.change.entry, mover.change.before, mover.change.after) == ("two", "e-0", 1, 5)


@pytest.mark.parametrize(
    ("favour", "measured"),
    [
        # Three times the spread of the sheets on one entry (10 points: 8 from judge to judge, 6 within each).
        (30, (33, 37, 39)),
        # Three times a judge's own spread (6 points): less than two judges often differ by, and told much less often.
        (18, (7, 17, 27)),
    ],
)
def test_sheet_for_a_friend_is_named_near_the_top(favour: int, measured: tuple[int, int, int]) -> None:
    places = [place_of(*friendly_contest(seed, favour=favour)) for seed in SEEDS]

    first, three, ten = (sum(place <= most for place in places) for most in (1, 3, 10))
    assert first >= measured[0]
    assert three >= measured[1]
    assert ten >= measured[2]


def test_friend_of_a_judge_falls_without_that_judge() -> None:
    falls = largest = 0
    for seed in SEEDS:
        made, (judge, entry) = friendly_contest(seed, favour=30)
        effect = leave_out(made, [FINAL], judge)
        assert effect is not None
        falls += any(one.entry == entry and one.after is not None and one.after > one.before for one in effect.ranks)
        largest += effect.largest is not None and effect.largest.entry == entry

    assert falls >= 36
    assert largest >= 28
