"""The office's page of blind repeats: setting them, finding an entry by its code, and how steady judges are."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.db.models import Account, BlindRepeat, RepeatPlan
from judging.domain.repeats import reading_code
from tests.factories import give_role, make_account, make_assignment, make_judge, make_sheet
from tests.services.judges.repeat_cases import ROUND, Shown, make_desk, save, set_number, submit
from tests.services.sheets.cases import WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.services.platform import Platform

    SignIn = Callable[[FlaskClient, Account], str]


@pytest.fixture
def shown(platform: Platform) -> Shown:
    """Two judges of the same eight entries with a repeat each; `Shown` is that of the first one."""
    with platform.database.writing() as session:
        case, readings = make_desk(session, platform.registry)
        other = make_judge(session, case.contest)
        for place, one in enumerate(readings, start=1):
            make_assignment(session, one.entry, other, round_key=ROUND, position=place)
        assert set_number(session, platform.registry, case, 1) == 2
        repeat = session.scalars(
            select(BlindRepeat).where(BlindRepeat.assignment_id.in_([one.id for one in readings]))
        ).one()
        assert repeat.first.entry.title
        assert case.judge.account.name
        return Shown(case=case, readings=readings, repeat=repeat)


@pytest.fixture
def where(shown: Shown) -> str:
    return f"/organise/{shown.case.contest.slug}/rounds/{ROUND}/repeats"


def person(platform: Platform, shown: Shown, *roles: str) -> Account:
    with platform.database.writing() as session:
        account = make_account(session)
        for role in roles:
            give_role(session, session.merge(shown.case.contest), account, role)
        assert account.email
        return account


@pytest.fixture
def token(client: FlaskClient, platform: Platform, shown: Shown, sign_in: SignIn) -> str:
    """An organiser is signed in on `client`."""
    return sign_in(client, person(platform, shown, "organiser"))


def finish(platform: Platform, shown: Shown, *, novelty: str = "20", left: int = 0) -> None:
    """The first judge submits all but `left` sheets and the repeat, which differs by what `novelty` does."""
    with platform.database.writing() as session:
        for one in shown.readings[: len(shown.readings) - left]:
            marks = {key: Decimal(text) for key, text in WHOLE.items()}
            make_sheet(session, session.merge(one), shown.case.judged, marks=marks)
        here = Shown(case=shown.case, readings=[], repeat=session.get_one(BlindRepeat, shown.repeat.id))
        save(session, platform.registry, here, marks={**WHOLE, "novelty": novelty})
        submit(session, platform.registry, here)


def test_number_is_set_by_page_with_a_word_on_what_judges_then_see(
    client: FlaskClient, platform: Platform, token: str, where: str, shown: Shown
) -> None:
    page = client.get(where).text
    assert "judges of the round see a code in place of number and title" in page

    refused = client.post(where, data={"csrf_token": token, "per_judge": "9"})
    answer = client.post(where, data={"csrf_token": token, "per_judge": "0"})

    assert refused.status_code == 422
    assert "from 0 to 3" in refused.text
    assert answer.location == where
    with platform.database.reading() as session:
        assert session.get_one(RepeatPlan, (shown.case.contest.id, ROUND)).per_judge == 0
        assert session.scalars(select(BlindRepeat)).all() == []


def test_round_that_is_not_blind_says_why_it_has_none(client: FlaskClient, token: str, where: str) -> None:
    final = where.replace(ROUND, "final")

    page = client.get(final).text
    refused = client.post(final, data={"csrf_token": token, "per_judge": "1"})

    assert "There can be no repeats in this round." in page
    assert 'name="per_judge"' not in page
    assert refused.status_code == 422


def test_page_without_a_round_leads_to_the_present_one(client: FlaskClient, token: str, where: str) -> None:
    assert token
    assert client.get(where.split("/rounds/", maxsplit=1)[0] + "/repeats").location == where


def test_code_that_a_judge_names_is_looked_up(client: FlaskClient, token: str, where: str, shown: Shown) -> None:
    assert token
    plain = client.get(where, query_string={"code": reading_code(shown.readings[3].id)}).text
    repeat = client.get(where, query_string={"code": reading_code(shown.repeat.id).upper()}).text
    none = client.get(where, query_string={"code": "r-000000"}).text

    assert shown.readings[3].entry.title in plain
    assert "a repeat, do not tell the judge" not in plain
    assert shown.first.entry.title in repeat
    assert "a repeat, do not tell the judge" in repeat
    assert "No judge has an entry under this code" in none


def test_figures_are_shown_once_all_sheets_of_the_judge_are_in(
    client: FlaskClient, platform: Platform, token: str, where: str, shown: Shown
) -> None:
    assert token
    finish(platform, shown, left=1)
    assert "Still marking." in client.get(where).text
    assert "Differences of" not in client.get(where).text
    with platform.database.writing() as session:
        marks = {key: Decimal(text) for key, text in WHOLE.items()}
        make_sheet(session, session.merge(shown.readings[-1]), shown.case.judged, marks=marks)

    page = client.get(where).text

    assert f"Differences of {shown.case.judge.account.name}" in page
    assert "Only 1 pair: too few to conclude anything from." in page
    assert "A question to a person, no verdict." in page
    assert "4.00" in page
    assert "-4.00" in page
    file = client.get(f"{where}.csv").text
    assert shown.case.judge.account.name in file
    assert "4.00" in file


def test_only_organisers_and_auditors_who_do_not_judge_read_it(
    client: FlaskClient, platform: Platform, where: str, shown: Shown, sign_in: SignIn
) -> None:
    def status(account: Account, path: str = where) -> int:
        browser = client.application.test_client()
        sign_in(browser, account)
        return browser.get(path).status_code

    both = person(platform, shown, "organiser")
    with platform.database.writing() as session:
        make_judge(session, session.merge(shown.case.contest), account=session.merge(both))

    assert status(person(platform, shown, "auditor")) == 200
    for account in (both, shown.case.account, person(platform, shown, "secretary", "committee")):
        for path in (where, f"{where}.csv"):
            assert status(account, path) in (403, 404), account.name


def test_repeat_that_was_set_aside_is_listed_with_the_reason(
    client: FlaskClient, platform: Platform, token: str, where: str, shown: Shown
) -> None:
    assert token
    with platform.database.writing() as session:
        row = session.get_one(BlindRepeat, shown.repeat.id)
        row.aside_kind, row.aside_words, row.aside_at = "other", "Chờ mô hình", row.given_at

    page = client.get(where).text

    assert "Repeats that judges set aside" in page
    assert "Chờ mô hình" in page


def test_other_pages_of_the_office_know_nothing_of_repeats(
    client: FlaskClient, platform: Platform, token: str, where: str, shown: Shown
) -> None:
    assert token
    before = _counts(client, where)
    finish(platform, shown, left=8)

    assert _counts(client, where) == before


def _counts(client: FlaskClient, where: str) -> dict[str, Any]:
    base = where.removesuffix("/repeats")
    pages = {rest: client.get(base + rest).text for rest in ("/progress", "/standings", "/standings.csv")}
    return {rest: re.sub(r'csrf_token"[^>]*|nonce-[^"]*', "", page) for rest, page in pages.items()}
