"""Who may enter: firms to the day of their age, limits per person, leader and organisation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.api import ContestRules, Entry, Member, Problem, apply_settings
from judging_startup.eligibility import check_eligibility, last_day_to_enter
from judging_startup.rules import RULES

TODAY = date(2021, 9, 15)
CERTIFICATE = {"firm_registration": 1}
DAY = timedelta(days=1)


def refusals(
    rules: ContestRules = RULES,
    *,
    member: Member | None = None,
    items: Mapping[str, int] = CERTIFICATE,
    today: date = TODAY,
    **answers: object,
) -> list[Problem]:
    entry = Entry(
        id="1",
        alias="e-1",
        title="Star anise oil",
        category="agriculture",
        division="project",
        answers=answers,
        items=items,
        members=(member,) if member else (),
    )
    return list(check_eligibility(rules, entry, today))


@pytest.mark.parametrize(
    ("registered_on", "codes"),
    [
        (TODAY.replace(year=2016) - DAY, ["firm-too-old"]),
        (TODAY.replace(year=2016), []),
        (TODAY.replace(year=2016) + DAY, []),
        (TODAY, []),
        (TODAY + DAY, ["not-registered-yet"]),
    ],
)
def test_firm_at_the_edge_of_five_years(registered_on: date, codes: list[str]) -> None:
    problems = refusals(registered=True, registered_on=registered_on)

    assert [problem.code for problem in problems] == codes
    assert {problem.where for problem in problems} <= {"registered_on"}


def test_firm_too_old_says_the_limit_and_the_last_day() -> None:
    (problem,) = refusals(registered=True, registered_on="2016-09-14")

    assert problem.params == {"years": 5, "registered": date(2016, 9, 14), "last": date(2021, 9, 14)}


@pytest.mark.parametrize(("today", "refused"), [(date(2021, 2, 28), False), (date(2021, 3, 1), True)])
def test_firm_of_29_february_reaches_its_age_on_the_28th(today: date, refused: bool) -> None:
    assert bool(refusals(registered=True, registered_on=date(2016, 2, 29), today=today)) is refused


@given(registered_on=st.dates(date(1990, 1, 1), date(2100, 12, 31)), years=st.integers(1, 20))
def test_last_day_to_enter_moves_with_the_registration_by_whole_years(registered_on: date, years: int) -> None:
    last = last_day_to_enter(registered_on, years)

    assert last.year == registered_on.year + years
    assert last.month == registered_on.month
    assert last.day == registered_on.day or (registered_on.day, last.day) == (29, 28)
    assert last <= last_day_to_enter(registered_on + DAY, years)


@pytest.mark.parametrize(("years", "codes"), [(3, ["firm-too-old"]), (10, []), (0, [])])
def test_firm_years_are_a_setting(years: int, codes: list[str]) -> None:
    rules = apply_settings(RULES, {"firm_years": years})

    assert [problem.code for problem in refusals(rules, registered=True, registered_on="2016-09-14")] == codes


@pytest.mark.parametrize("answer", [None, "", "soon"])
def test_registered_firm_without_a_date_is_refused(answer: object) -> None:
    problems = refusals(registered=True, registered_on=answer)

    assert [(problem.code, problem.where) for problem in problems] == [("registration-date-missing", "registered_on")]


def test_registered_firm_without_its_certificate_is_refused() -> None:
    problems = refusals(registered=True, registered_on="2020-01-01", items={})

    assert [(problem.code, problem.where) for problem in problems] == [("registration-missing", "firm_registration")]


@pytest.mark.parametrize("registered", [False, None])
def test_plan_without_a_firm_needs_no_registration(registered: object) -> None:
    assert refusals(registered=registered, registered_on=None, items={}) == []


def test_organisation_that_enters_must_be_named() -> None:
    assert [problem.where for problem in refusals(applicant="organisation", organisation=" ")] == ["organisation"]
    assert refusals(applicant="organisation", organisation="Youth union") == []
    assert refusals(applicant="group") == []


@pytest.mark.parametrize(("others", "refused"), [(0, False), (2, False), (3, True)])
def test_person_in_many_entries_is_held_to_three(others: int, refused: bool) -> None:
    assert bool(refusals(applicant="person", member=Member(name="Tú", other_entries=others))) is refused


@pytest.mark.parametrize(
    ("leads", "is_lead", "limit", "codes"),
    [
        (0, True, 1, []),
        (1, True, 1, ["too-many-leads"]),
        (1, False, 1, []),
        (1, True, 2, []),
        (2, True, 2, ["too-many-leads"]),
        (2, True, 0, []),
    ],
)
def test_leader_of_two_entries_is_refused_where_one_is_the_limit(
    leads: int, is_lead: bool, limit: int, codes: list[str]
) -> None:
    rules = apply_settings(RULES, {"leads_per_person": limit})
    member = Member(name="Tú", is_lead=is_lead, other_entries=leads, other_leads=leads)

    assert [problem.code for problem in refusals(rules, member=member)] == codes
