"""Who must agree, on the very days on which the answer changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.country import PROFILES, VIETNAM, GivenBy, age_band, age_on, bands_of, is_child, who_must_consent

SELF, GUARDIAN = frozenset({GivenBy.SELF}), frozenset({GivenBy.GUARDIAN})
BOTH = SELF | GUARDIAN
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2040, 12, 31))


@pytest.mark.parametrize(
    ("on", "needed"),
    [
        (date(2019, 3, 9), GUARDIAN),
        (date(2019, 3, 10), BOTH),
        (date(2028, 3, 9), BOTH),
        (date(2028, 3, 10), SELF),
    ],
)
def test_vietnam_asks_the_child_from_the_seventh_birthday_and_the_guardian_before_the_sixteenth(
    on: date, needed: frozenset[GivenBy]
) -> None:
    assert who_must_consent(date(2012, 3, 10), on, VIETNAM) == needed


@pytest.mark.parametrize("age", [13, 14, 15, 16])
def test_member_states_of_the_union_choose_between_13_and_16(age: int) -> None:
    profile = PROFILES[f"eu-{age}"]
    assert who_must_consent(date(2010, 7, 1), date(2010 + age, 6, 30), profile) == BOTH
    assert who_must_consent(date(2010, 7, 1), date(2010 + age, 7, 1), profile) == SELF


def test_born_on_29_february_reaches_an_age_on_1_march_of_a_common_year() -> None:
    born = date(2008, 2, 29)
    assert who_must_consent(born, date(2015, 2, 28), VIETNAM) == GUARDIAN
    assert who_must_consent(born, date(2015, 3, 1), VIETNAM) == BOTH
    assert who_must_consent(born, date(2024, 2, 29), VIETNAM) == SELF


def test_unknown_age_is_a_child_only_among_children() -> None:
    assert who_must_consent(None, date(2021, 1, 1), VIETNAM, among_children=True) == BOTH
    assert who_must_consent(None, date(2021, 1, 1), VIETNAM) == SELF


@given(born=days, on=days, key=st.sampled_from(sorted(PROFILES)))
def test_somebody_always_has_to_agree_and_the_guardian_exactly_for_children(born: date, on: date, key: str) -> None:
    profile = PROFILES[key]
    needed = who_must_consent(born, on, profile)
    assert needed
    assert (GivenBy.GUARDIAN in needed) == is_child(born, on, profile)


@given(born=days, first=days, later=st.integers(min_value=0, max_value=20_000), key=st.sampled_from(sorted(PROFILES)))
def test_growing_older_never_brings_the_guardian_back(born: date, first: date, later: int, key: str) -> None:
    profile = PROFILES[key]
    if GivenBy.GUARDIAN not in who_must_consent(born, first, profile):
        assert who_must_consent(born, first + timedelta(days=later), profile) == SELF


@given(born=days, on=days)
def test_age_grows_by_one_on_one_day_of_a_year(born: date, on: date) -> None:
    steps = [age_on(born, on + timedelta(days=day + 1)) - age_on(born, on + timedelta(days=day)) for day in range(365)]
    assert set(steps) <= {0, 1}
    assert sum(steps) <= 1


@given(born=days, on=days)
def test_band_tells_no_more_than_the_band(born: date, on: date) -> None:
    band = age_band(born, on, VIETNAM)
    assert band in VIETNAM.age_bands
    if VIETNAM.age_bands[0].low <= age_on(born, on) <= VIETNAM.age_bands[-1].high:
        assert band is not None
        assert band.low <= age_on(born, on) <= band.high


def test_bands_of_a_team_are_told_once_each_and_from_the_youngest_on() -> None:
    births = [date(2007, 1, 1), date(2013, 1, 1), None, date(2006, 1, 1)]
    assert bands_of(births, date(2021, 6, 1), VIETNAM) == ("6–9", "14–19")
