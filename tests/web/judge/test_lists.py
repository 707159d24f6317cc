"""The judge's lists: what is left, and that their length costs no queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from judging.db.models import Judge
from tests.factories import make_account, make_assignment, make_entry, make_sheet
from tests.services.sheets.cases import make_case

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case


def add_entries(platform: Platform, case: Case, count: int, *, submitted: bool = False) -> None:
    with platform.database.writing() as session:
        judge = session.get_one(Judge, case.judge.id)
        contest = session.merge(case.contest)
        for position in range(count):
            assignment = make_assignment(
                session, make_entry(session, contest), judge, round_key="preliminary", position=position + 2
            )
            if submitted:
                make_sheet(session, assignment, case.judged)


@pytest.mark.usefixtures("token")
def test_home_says_what_is_left_and_leads_to_the_next_sheet(client: FlaskClient, address: str) -> None:
    page = client.get("/judge/").text

    assert "1 entry waits for your sheet" in page
    assert f'href="{address}"' in page


def test_home_of_somebody_who_judges_nothing_says_so(
    client: FlaskClient, platform: Platform, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    with platform.database.writing() as session:
        account = make_account(session)
    sign_in(client, account)

    assert "Nothing waits for you" in client.get("/judge/").text


@pytest.mark.usefixtures("token")
def test_contest_of_another_judge_is_not_found(client: FlaskClient, platform: Platform) -> None:
    with platform.database.writing() as session:
        other = make_case(session, platform.registry)

    assert client.get(f"/judge/{other.contest.slug}/").status_code == 404
    assert client.get(f"/judge/{other.contest.slug}/conflicts").status_code == 404


@pytest.mark.usefixtures("token")
def test_contest_list_is_split_into_pages(client: FlaskClient, platform: Platform, case: Case) -> None:
    add_entries(platform, case, 70)

    first, second = (client.get(f"/judge/{case.contest.slug}/?page={number}").text for number in (1, 2))

    assert (first.count('<th scope="row" class="main">'), second.count('<th scope="row" class="main">')) == (60, 11)


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("submitted", [False, True])
def test_lists_cost_the_same_queries_whatever_their_length(
    client: FlaskClient,
    platform: Platform,
    case: Case,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
    *,
    submitted: bool,
) -> None:
    def cost(path: str) -> int:
        with count_queries() as statements:
            assert client.get(path).status_code == 200
        return len(statements)

    paths = ["/judge/", f"/judge/{case.contest.slug}/", f"/judge/sheets/{case.assignment.id}"]
    add_entries(platform, case, 10, submitted=submitted)
    few = [cost(path) for path in paths]
    add_entries(platform, case, 50, submitted=submitted)

    assert [cost(path) for path in paths] == few


@pytest.mark.usefixtures("token")
def test_conflicts_page_costs_the_same_queries_whatever_its_length(
    client: FlaskClient,
    platform: Platform,
    case: Case,
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    with platform.database.writing() as session:
        session.get_one(Judge, case.judge.id).conflicts_declared_at = None
    add_entries(platform, case, 10)
    with count_queries() as few:
        client.get(f"/judge/{case.contest.slug}/conflicts")
    add_entries(platform, case, 40)
    with count_queries() as many:
        answer = client.get(f"/judge/{case.contest.slug}/conflicts")

    assert answer.status_code == 200
    assert len(many) == len(few)
