"""What a rubric refuses to be, and what it answers about itself."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.rubric import Band, CommentRule, Criterion, Part, Rubric, Scale, Section
from judging.errors import RulesError
from tests.domain.builders import D, lam_dong_rubric, rich_rubric, scale, son_la_rubric
from tests.domain.generated import bands_on, rubrics, scales


def criterion(key: str = "novelty", **changes: Any) -> Criterion:
    return Criterion(**{"key": key, "label": key.capitalize(), "scale": scale(10), **changes})


def band(key: str, low: int | str, high: int | str) -> Band:
    return Band(key=key, label=key, low=D(low), high=D(high))


def part(key: str) -> Part:
    return Part(key=key, label=key, scale=scale(5))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: scale("NaN"), "A scale takes ordinary numbers only."),
        (lambda: scale("Infinity"), "A scale takes ordinary numbers only."),
        (lambda: scale(10, step="NaN"), "A scale takes ordinary numbers only."),
        (lambda: scale(10, low=-1), "A scale must rise from 0 or more: -1 to 10 does not."),
        (lambda: scale(5, low=5), "A scale must rise from 0 or more: 5 to 5 does not."),
        (lambda: scale(3, low=5), "A scale must rise from 0 or more: 5 to 3 does not."),
        (lambda: scale(10, step="0"), "Steps of 0 do not lead from 0 to 10."),
        (lambda: scale(10, step="-1"), "Steps of -1 do not lead from 0 to 10."),
        (lambda: scale(10, step="3"), "Steps of 3 do not lead from 0 to 10."),
        (lambda: scale(5, low=1, step="1.5"), "Steps of 1.5 do not lead from 1 to 5."),
        (lambda: band("new", 5, 4), "Band “new” must not end before it begins."),
        (lambda: band("new", -1, 4), "Band “new” must not end before it begins."),
        (lambda: criterion(parts=(part("a"),)), "Criterion “Novelty” has both a scale and sub-criteria."),
        (lambda: criterion(scale=None, bands=(band("new", 1, 2),)), "Criterion “Novelty” has bands but no scale."),
        (lambda: criterion(weight=D(0)), "The coefficient of “Novelty” must be above 0."),
        (lambda: criterion(weight=D("NaN")), "The coefficient of “Novelty” must be above 0."),
        (
            lambda: criterion(scale=None, comment=CommentRule.NONE),
            "Criterion “Novelty” takes neither a mark nor a comment.",
        ),
        (
            lambda: criterion(scale=None, parts=(part("same"), part("same"))),
            "The sub-criterion key “same” stands twice.",
        ),
        (lambda: criterion(bands=(band("a", 1, 2), band("a", 3, 4))), "The band key “a” stands twice."),
        (lambda: criterion(bands=(band("a", 3, 6), band("b", 0, 3))), "Bands “b” and “a” of “Novelty” overlap."),
        (lambda: criterion(bands=(band("a", 8, 11),)), "Band “a” does not lie on the scale of “Novelty”."),
        (lambda: criterion(bands=(band("a", "1.5", 3),)), "Band “a” does not lie on the scale of “Novelty”."),
        (
            lambda: Section(key="stage", label="Stage", weight=D(0)),
            "The weight of section “Stage” must be above 0.",
        ),
        (lambda: Rubric(criteria=()), "A rubric needs at least one criterion that takes a mark."),
        (
            lambda: Rubric(criteria=(criterion(scale=None),)),
            "A rubric needs at least one criterion that takes a mark.",
        ),
        (lambda: Rubric(criteria=(criterion(), criterion())), "The criterion key “novelty” stands twice."),
        (lambda: Rubric(criteria=(criterion(),), total=D(0)), "The total scale of a rubric must be above 0."),
        (lambda: Rubric(criteria=(criterion(),), total=D("Infinity")), "The total scale of a rubric must be above 0."),
        (
            lambda: Rubric(criteria=(criterion(section="stage"),), sections=()),
            "Criterion “Novelty” must count in one of the rubric's sections.",
        ),
        (
            lambda: Rubric(criteria=(criterion(),), sections=(Section(key="stage", label="Stage", weight=D(1)),)),
            "Criterion “Novelty” must count in one of the rubric's sections.",
        ),
        (
            lambda: Rubric(
                criteria=(criterion(section="a"), criterion("remark", scale=None, section="b")),
                sections=(Section(key="a", label="A", weight=D(1)), Section(key="b", label="B", weight=D(1))),
            ),
            "No criterion counts in section “B”.",
        ),
    ],
)
def test_contradiction_is_refused_by_name(make: Callable[[], object], told: str) -> None:
    with pytest.raises(RulesError) as refused:
        make()

    assert str(refused.value) == told


@pytest.mark.parametrize(
    "key", ["", "Novelty", "nô-vel", "novel ty", "1st", "a--b", "a-", "a.b", "novelty\n", "a" * 61]
)
def test_key_is_refused(key: str) -> None:
    with pytest.raises(RulesError, match="is not a key"):
        criterion(key)


@pytest.mark.parametrize("key", ["a", "novelty", "effect-2", "adult_help", "a" * 60])
def test_key_is_taken(key: str) -> None:
    assert criterion(key).key == key


@given(one=scales(), steps=st.integers(-3, 45))
def test_scale_holds_its_steps_and_nothing_between_or_beyond(one: Scale, steps: int) -> None:
    mark = one.low + steps * one.step

    assert one.holds(mark) is (one.low <= mark <= one.high)
    assert not one.holds(mark + one.step / 2)


@given(data=st.data(), one=scales())
def test_mark_lies_in_at_most_one_band(data: st.DataObject, one: Scale) -> None:
    bands = data.draw(bands_on(one))
    mark = one.low + data.draw(st.integers(0, int((one.high - one.low) / one.step))) * one.step

    holding = [each for each in bands if each.holds(mark)]

    assert len(holding) <= 1
    assert criterion(scale=one, bands=bands).band_of(mark) == (holding[0] if holding else None)


@pytest.mark.parametrize(
    ("mark", "key"), [("30", "new"), ("27", "new"), ("26.5", None), ("26", "fair"), ("0.5", None), ("0", "none")]
)
def test_band_of_a_mark_on_the_initiative_form(mark: str, key: str | None) -> None:
    (novelty,) = son_la_rubric().criteria

    found = novelty.band_of(D(mark))

    assert (found.key if found else None) == key


def test_mark_keys_of_every_sort_of_criterion() -> None:
    keys = [[key for key, _, _ in each.scales] for each in rich_rubric().criteria]

    assert keys == [["idea.new", "idea.useful"], ["talk"], ["answers"], []]


def test_maximum_adds_sub_criteria_and_counts_coefficients() -> None:
    idea, talk, _, remark = rich_rubric().criteria

    assert (idea.maximum, talk.maximum, remark.maximum) == (7, 5, 0)
    assert remark.is_comment_only
    # 5 x (3 + 3 + 4 + 2 + 2 + 2 + 1 + 1 + 1 + 1), the table that Lâm Đồng uses.
    assert lam_dong_rubric().maximum == 100


def test_maximum_is_the_weights_of_the_sections_or_the_stated_total() -> None:
    assert rich_rubric().raw_maximum == 90
    assert rich_rubric().maximum == 100


@given(rubric=rubrics())
def test_every_mark_key_of_a_rubric_is_its_own(rubric: Rubric) -> None:
    keys = [key for each in rubric.criteria for key, _, _ in each.scales]

    assert keys
    assert len(set(keys)) == len(keys)
    assert rubric.maximum > 0
    assert all(rubric.criterion(each.key) == each for each in rubric.criteria)
    assert rubric.criterion("no-such-criterion") is None


def test_scale_may_begin_above_zero_and_have_quarter_steps() -> None:
    one = Scale(low=D(1), high=D(3), step=D("0.25"))

    assert [one.holds(Decimal(mark)) for mark in ("0.75", "1", "1.25", "1.3", "3", "3.25")] == [
        False, True, True, False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: band("new", "NaN", 4), id="band of NaN"),
        pytest.param(lambda: scale("1e40"), id="scale too high to divide into steps"),
        pytest.param(lambda: scale(10, step="1e-40"), id="step too small to divide by"),
    ],
)
def test_number_that_cannot_be_reckoned_with_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(RulesError):
        make()
