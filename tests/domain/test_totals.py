"""Totals are exact fractions; they become six places once, half-even."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.rubric import Criterion, Rubric
from judging.domain.totals import as_decimal_string, criterion_values, exact_sum, over_one, running_total, sheet_total
from judging.errors import RulesError
from tests.domain.builders import D, lam_dong_rubric, marks_on, plain_rubric, rich_rubric, scale


def test_sheet_total_of_the_lam_dong_coefficients_goes_from_20_to_100() -> None:
    rubric = lam_dong_rubric()
    keys = [criterion.key for criterion in rubric.criteria]

    assert rubric.maximum == 100
    assert sheet_total(rubric, dict.fromkeys(keys, D(5))) == 100
    assert sheet_total(rubric, dict.fromkeys(keys, D(1))) == 20
    assert sheet_total(rubric, {**dict.fromkeys(keys, D(1)), "innovation": D(3)}) == 28


def test_sheet_total_rescales_ninety_to_a_hundred_exactly() -> None:
    rubric = Rubric(criteria=(Criterion(key="plan", label="Plan", scale=scale(90)),), total=D(100))

    assert sheet_total(rubric, {"plan": D(82)}) == Fraction(8200, 90)
    assert sheet_total(rubric, {"plan": D(90)}) == 100


def test_sheet_total_counts_sections_as_shares_of_their_weight() -> None:
    marks = {"idea.new": D(2), "idea.useful": D(1), "talk": D(4), "answers": D(1)}

    total = sheet_total(rich_rubric(), marks)

    # (3 of 7) of 30 and (13 of 17) of 60, brought from 90 to 100
    assert total == (Fraction(3, 7) * 30 + Fraction(13, 17) * 60) * 100 / 90


def test_criterion_values_add_sub_criteria_and_apply_the_coefficient() -> None:
    values = criterion_values(rich_rubric(), {"idea.new": D(2), "idea.useful": D(1), "talk": D(4)})

    assert values == {"idea": 3, "talk": 12}


def test_sheet_total_refuses_a_sheet_that_lacks_a_mark() -> None:
    with pytest.raises(RulesError, match="Effect"):
        sheet_total(plain_rubric(), {"novelty": D(1)})

    assert running_total(plain_rubric(), {"novelty": D("1.5")}) == Fraction(3, 2)


@given(marks_on(rich_rubric()))
def test_sheet_total_lies_on_the_total_scale(marks: dict[str, Decimal]) -> None:
    assert 0 <= sheet_total(rich_rubric(), marks) <= 100


@given(marks_on(plain_rubric()))
def test_sheet_total_is_the_plain_sum_of_decimals(marks: dict[str, Decimal]) -> None:
    assert sheet_total(plain_rubric(), marks) == Fraction(sum(marks.values(), Decimal(0)))


def told_plainly(rubric: Rubric, marks: dict[str, Decimal]) -> Fraction:
    """The total as the rules put it into words, fraction by fraction."""

    def line(criterion: Criterion) -> Fraction:
        given = [Fraction(marks[key]) for key, _, _ in criterion.scales if key in marks]
        return sum(given, Fraction(0)) * Fraction(criterion.weight)

    lines = {criterion.key: line(criterion) for criterion in rubric.criteria}
    raw = sum(lines.values(), Fraction(0))
    if rubric.sections:
        raw = Fraction(0)
        for section in rubric.sections:
            own = [criterion for criterion in rubric.criteria if criterion.section == section.key]
            highest = sum((Fraction(one.maximum) * Fraction(one.weight) for one in own), Fraction(0))
            raw += sum((lines[one.key] for one in own), Fraction(0)) / highest * Fraction(section.weight)
    return raw if rubric.total is None else raw * Fraction(rubric.total) / Fraction(rubric.raw_maximum)


# Far more places than any scale has: a total stays exact whatever it is made of.
ODD_MARKS = st.decimals(min_value=0, max_value=30, allow_nan=False, allow_infinity=False, places=11) | st.decimals(
    min_value=0, max_value=30, allow_nan=False, allow_infinity=False, places=1
)


@pytest.mark.parametrize("rubric", [plain_rubric(), lam_dong_rubric(), rich_rubric()])
@given(st.data())
def test_totals_are_what_the_rules_say_in_words(rubric: Rubric, data: st.DataObject) -> None:
    keys = [key for criterion in rubric.criteria for key, _, _ in criterion.scales]
    marks = data.draw(st.dictionaries(st.sampled_from(keys), ODD_MARKS))

    assert running_total(rubric, marks) == told_plainly(rubric, marks)
    whole = dict.fromkeys(keys, D("0.5")) | marks
    assert sheet_total(rubric, whole) == told_plainly(rubric, whole)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(275, 3), "91.666667"),
        (Fraction(0), "0.000000"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(5, 10_000_000), "0.000000"),
        (Fraction(15, 10_000_000), "0.000002"),
        (Fraction(25, 10_000_000), "0.000002"),
        (Fraction(-1, 3), "-0.333333"),
        (Fraction(10**30) + Fraction(1, 2), "1" + "0" * 30 + ".500000"),
    ],
)
def test_as_decimal_string_rounds_half_even_to_six_places(value: Fraction, text: str) -> None:
    assert as_decimal_string(value) == text


@given(st.fractions())
def test_as_decimal_string_is_within_half_a_place(value: Fraction) -> None:
    assert abs(Fraction(as_decimal_string(value)) - value) <= Fraction(1, 2_000_000)


@given(st.lists(st.fractions(max_denominator=60)))
def test_over_one_brings_fractions_to_one_denominator(values: list[Fraction]) -> None:
    numerators, denominator = over_one(values)

    assert [Fraction(one, denominator) for one in numerators] == values
    assert exact_sum(values) == sum(values)
