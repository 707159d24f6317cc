"""Who may enter: both birth dates to the day, limits per author, own work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.api import ContestRules, Entry, Member, Problem, apply_settings
from judging_youth_creativity.eligibility import check_eligibility, find_birth_window
from judging_youth_creativity.rules import RULES

TODAY = date(2018, 7, 20)
FIRST, LAST = date(1999, 7, 15), date(2012, 7, 31)
LANG_SON_2018 = apply_settings(RULES, {"born_from": "1999-07-15", "born_until": "2012-07-31"})
DAY = timedelta(days=1)


def refusals(rules: ContestRules, *members: Member, own_work: object = True) -> list[Problem]:
    entry = Entry(
        id="1", alias="e-1", title="Rain gauge", category="software", members=members, answers={"own_work": own_work}
    )
    return list(check_eligibility(rules, entry, TODAY))


def codes(rules: ContestRules, *members: Member, own_work: object = True) -> list[str]:
    return [problem.code for problem in refusals(rules, *members, own_work=own_work)]


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (FIRST - DAY, ["too-old"]),
        (FIRST, []),
        (FIRST + DAY, []),
        (LAST - DAY, []),
        (LAST, []),
        (LAST + DAY, ["too-young"]),
    ],
)
def test_birth_date_at_the_edges_of_the_window(born: date, expected: list[str]) -> None:
    assert codes(LANG_SON_2018, Member(name="Hoa", born=born, is_lead=True)) == expected


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (FIRST - DAY, ["too-old"]),
        (LAST + DAY, []),
        (TODAY, []),
        (TODAY + DAY, ["too-young"]),
    ],
)
def test_birth_date_with_a_soft_lower_age_lets_younger_children_in(born: date, expected: list[str]) -> None:
    rules = apply_settings(LANG_SON_2018, {"soft_lower": True})

    assert codes(rules, Member(name="Hoa", born=born, is_lead=True)) == expected


def test_birth_date_too_early_names_the_author_and_both_dates() -> None:
    (problem,) = refusals(LANG_SON_2018, Member(name="Hoa", born=date(1999, 7, 14), is_lead=True))

    assert problem.where == "members"
    assert problem.params == {"name": "Hoa", "born": date(1999, 7, 14), "limit": FIRST}
    assert str(problem) == "Hoa was born on 1999-07-14: authors must be born on 1999-07-15 or later."


def test_birth_date_missing_is_a_refusal_not_a_pass() -> None:
    assert codes(LANG_SON_2018, Member(name="Hoa", is_lead=True)) == ["born-missing"]


def test_every_author_of_a_team_is_checked() -> None:
    young = Member(name="An", born=LAST + DAY)
    old = Member(name="Bình", born=FIRST - DAY)
    fine = Member(name="Chi", born=LAST, is_lead=True)

    found = refusals(LANG_SON_2018, young, fine, old)

    assert [(problem.code, problem.params["name"]) for problem in found] == [("too-young", "An"), ("too-old", "Bình")]


def test_window_left_open_is_the_ages_6_to_19_reached_in_the_year() -> None:
    assert find_birth_window(RULES, TODAY) == (date(1999, 1, 1), date(2012, 12, 31))


def test_window_with_one_date_set_keeps_the_other_open() -> None:
    rules = apply_settings(RULES, {"born_until": "2012-07-31"})

    assert find_birth_window(rules, TODAY) == (date(1999, 1, 1), LAST)


@given(born=st.dates(date(1980, 1, 1), date(2020, 12, 31)), soft=st.booleans())
def test_birth_date_has_at_most_one_fault_and_a_soft_bound_only_admits_more(born: date, soft: bool) -> None:
    author = Member(name="Hoa", born=born, is_lead=True)
    found = codes(apply_settings(LANG_SON_2018, {"soft_lower": soft}), author)

    assert (found == []) == (FIRST <= born <= (TODAY if soft else LAST))
    assert len(found) <= 1


@pytest.mark.parametrize(
    ("others", "leads", "is_lead", "expected"),
    [
        (2, 0, False, []),
        (3, 0, False, ["too-many-entries"]),
        (2, 1, True, []),
        (2, 2, True, ["too-many-leads"]),
        (2, 2, False, []),
        (3, 2, True, ["too-many-entries", "too-many-leads"]),
    ],
)
def test_author_in_many_entries_is_held_to_both_limits(
    others: int, leads: int, is_lead: bool, expected: list[str]
) -> None:
    author = Member(name="Hoa", born=LAST, is_lead=is_lead, other_entries=others, other_leads=leads)

    assert codes(LANG_SON_2018, author) == expected


def test_author_in_many_entries_without_limits_may_enter() -> None:
    rules = apply_settings(LANG_SON_2018, {"entries_per_author": 0, "leads_per_author": 0})

    assert codes(rules, Member(name="Hoa", born=LAST, is_lead=True, other_entries=50, other_leads=50)) == []


@pytest.mark.parametrize("answer", [False, None, "no"])
def test_own_work_not_stated_is_refused(answer: object) -> None:
    found = refusals(LANG_SON_2018, Member(name="Hoa", born=LAST, is_lead=True), own_work=answer)

    assert [(problem.code, problem.where) for problem in found] == [("own-work", "own_work")]
