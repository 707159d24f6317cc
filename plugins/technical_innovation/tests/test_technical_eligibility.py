"""What may enter: created and applied recently enough, not prized before, by people who did it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.api import ContestRules, Entry, Member, Problem, apply_settings
from judging_technical_innovation.eligibility import check_eligibility, find_first_year
from judging_technical_innovation.rules import RULES

TODAY = date(2021, 6, 30)


def refusals(rules: ContestRules = RULES, members: tuple[Member, ...] = (), **answers: object) -> list[Problem]:
    entry = Entry(id="1", alias="e-1", title="Kiln", category="education", answers=answers, members=members)
    return list(check_eligibility(rules, entry, TODAY))


def found(rules: ContestRules = RULES, members: tuple[Member, ...] = (), **answers: object) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in refusals(rules, members, **answers)]


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2015, [("created-too-early", "created_year"), ("applied-too-early", "applied_year")]),
        (2016, []),
        (2021, []),
    ],
)
def test_years_at_the_edge_of_five_years_before_submission(year: int, expected: list[tuple[str, str]]) -> None:
    assert found(created_year=year, applied_year=year) == expected


@pytest.mark.parametrize(("year", "refused"), [(2017, True), (2018, False)])
def test_years_since_a_year_that_the_organiser_set(year: int, refused: bool) -> None:
    rules = apply_settings(RULES, {"applied_since": 2018})

    assert bool(found(rules, created_year=year, applied_year=year)) is refused
    assert find_first_year(rules, TODAY) == 2018


def test_work_created_early_but_applied_late_names_both_years() -> None:
    (problem,) = refusals(created_year=2010, applied_year=2020)

    assert str(problem) == "Only work created in 2016 or later may enter; this one is of 2010."


def test_work_not_applied_yet_is_refused() -> None:
    assert found(created_year=2021, applied_year=2022) == [("not-applied-yet", "applied_year")]


def test_work_applied_before_it_was_created_is_refused() -> None:
    assert found(created_year=2020, applied_year=2019) == [("applied-before-created", "applied_year")]


@given(created=st.integers(1990, 2030), applied=st.integers(1990, 2030))
def test_years_pass_exactly_when_they_stand_in_order_inside_the_window(created: int, applied: int) -> None:
    assert (found(created_year=created, applied_year=applied) == []) == (2016 <= created <= applied <= 2021)


def test_years_not_answered_yet_are_no_fault_of_this_check() -> None:
    assert found() == []


def test_work_already_prized_is_refused() -> None:
    assert found(prized=True, earlier_prizes="Second prize, 2019") == [("already-prized", "prized")]


def test_work_already_prized_where_allowed_must_name_the_prizes() -> None:
    rules = apply_settings(RULES, {"prized_allowed": True})

    assert found(rules, prized=True, earlier_prizes=" ") == [("prizes-not-named", "earlier_prizes")]
    assert found(rules, prized=True, earlier_prizes="Second prize, 2019") == []


@pytest.mark.parametrize("answer", [False, None])
def test_work_not_prized_may_enter(answer: object) -> None:
    assert found(prized=answer) == []


def test_organisation_that_enters_must_be_named() -> None:
    assert found(applicant="organisation", unit="") == [("organisation-missing", "unit")]
    assert found(applicant="organisation", unit="Provincial hospital") == []
    assert found(applicant="person") == []


def test_author_without_a_contribution_is_refused_by_name() -> None:
    members = (Member(name="Lan", share=Decimal(100), is_lead=True), Member(name="Nam", share=Decimal(0)))

    problems = refusals(members=members)

    assert [(problem.code, problem.where, problem.params["name"]) for problem in problems] == [
        ("no-contribution", "members", "Nam")
    ]
