"""What stands beside the sheet: notes, setting aside, why a sheet is open again, earlier versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import Assignment, SheetAside, SheetNote
from judging.domain.draft_merge import EMPTY, version_of
from tests.factories import NOW, give_role, make_account, make_assignment, make_entry, make_sheet
from tests.services.sheets.cases import add_colleague

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from typing import Any

    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case

    Counting = Callable[[], AbstractContextManager[list[str]]]
    SignIn = Callable[[FlaskClient, Account], str]

WHY = {"aside-kind": "other", "aside-words": "Chờ mô hình đến"}


@pytest.fixture
def second(platform: Platform, case: Case) -> str:
    """Another entry of the judge's, after the first."""
    with platform.database.writing() as session:
        contest = session.merge(case.contest)
        entry = make_entry(session, contest)
        return make_assignment(session, entry, session.merge(case.judge), round_key="preliminary", position=2).id


def office_of(platform: Platform, case: Case, role: str) -> Account:
    with platform.database.writing() as session:
        account = make_account(session)
        give_role(session, session.merge(case.contest), account, role)
        assert account.email
        return account


def test_entry_set_aside_leads_on_to_the_next_and_shows_why_it_waits(
    client: FlaskClient, address: str, token: str, case: Case, second: str
) -> None:
    answer = client.post(f"{address}/aside", data={"csrf_token": token, **WHY})

    assert answer.location == f"/judge/sheets/{second}"
    page = client.get(address).text
    assert "You set this entry aside." in page
    assert "Chờ mô hình đến" in page
    assert 'name="aside-kind"' not in page
    listed = client.get(f"/judge/{case.contest.slug}/").text
    assert listed.index(f"/judge/sheets/{second}") < listed.rindex(address)
    assert "For later" in listed


def test_reason_that_says_nothing_changes_nothing(
    client: FlaskClient, platform: Platform, address: str, token: str
) -> None:
    answer = client.post(f"{address}/aside", data={"csrf_token": token, "aside-kind": "other", "aside-words": ""})

    assert answer.location == f"{address}#aside"
    assert "Say in a few words what it waits for." in client.get(address).text
    with platform.database.reading() as session:
        assert session.scalars(select(SheetAside)).all() == []


def test_judge_puts_an_entry_back(client: FlaskClient, platform: Platform, address: str, token: str) -> None:
    client.post(f"{address}/aside", data={"csrf_token": token, **WHY})

    answer = client.post(f"{address}/aside/end", data={"csrf_token": token})

    assert answer.location == address
    assert "You set this entry aside." not in client.get(address).text
    with platform.database.reading() as session:
        assert session.scalars(select(SheetAside)).one().ended_at is not None


def test_office_reads_the_reason_and_its_answer_reaches_the_sheet(
    client: FlaskClient, platform: Platform, address: str, token: str, case: Case, sign_in: SignIn
) -> None:
    client.post(f"{address}/aside", data={"csrf_token": token, **WHY})
    desk = client.application.test_client()
    desk_token = sign_in(desk, office_of(platform, case, "secretary"))

    page = desk.get(f"/organise/{case.contest.slug}/rounds/preliminary/progress").text
    assert "Chờ mô hình đến" in page
    answer = desk.post(
        f"/organise/assignments/{case.assignment.id}/aside", data={"csrf_token": desk_token, "answer": "Ở bàn số 3"}
    )

    assert answer.status_code == 302
    again = desk.get(f"/organise/{case.contest.slug}/rounds/preliminary/progress").text
    assert "Chờ mô hình đến" not in again
    sheet = client.get(address).text
    assert "The office says that this entry can be judged now." in sheet
    assert "Ở bàn số 3" in sheet


def test_auditor_reads_the_reason_and_has_no_form(
    client: FlaskClient, platform: Platform, address: str, token: str, case: Case, sign_in: SignIn
) -> None:
    client.post(f"{address}/aside", data={"csrf_token": token, **WHY})
    desk = client.application.test_client()
    desk_token = sign_in(desk, office_of(platform, case, "auditor"))

    page = desk.get(f"/organise/{case.contest.slug}/rounds/preliminary/progress").text

    assert "Chờ mô hình đến" in page
    assert 'name="answer"' not in page
    act = desk.post(f"/organise/assignments/{case.assignment.id}/aside", data={"csrf_token": desk_token})
    assert act.status_code == 404


def test_note_is_kept_by_form_and_by_script_and_shown_to_its_judge_alone(
    client: FlaskClient, platform: Platform, address: str, token: str, case: Case, sign_in: SignIn
) -> None:
    with platform.database.writing() as session:
        colleague = add_colleague(session, case)
        assert colleague.account.email

    kept = client.post(f"{address}/note", data={"csrf_token": token, "note": "Hỏi về pin", "note-base": EMPTY})
    saved = client.post(
        f"{address}/note",
        data={"csrf_token": token, "note": "Hỏi về pin và giá", "note-base": version_of("Hỏi về pin")},
        headers={"Accept": "application/json"},
    )

    assert kept.location == f"{address}#note"
    assert set(saved.get_json()) == {"saved_at", "time", "version"}
    assert "Hỏi về pin và giá" in client.get(address).text
    assert "Hỏi về pin" not in client.get(f"{address}/review").text
    other = client.application.test_client()
    other_token = sign_in(other, colleague.account)
    assert "Hỏi về pin" not in other.get(f"/judge/sheets/{colleague.assignment.id}").text
    assert other.post(f"{address}/note", data={"csrf_token": other_token, "note": "x"}).status_code == 404
    with platform.database.reading() as session:
        assert session.scalars(select(SheetNote.text)).one() == "Hỏi về pin và giá"


def test_reopened_sheet_says_why_and_leads_to_what_was_submitted(
    client: FlaskClient, platform: Platform, address: str, case: Case, token: str
) -> None:
    assert token
    with platform.database.writing() as session:
        sheet = session.get_one(Assignment, case.assignment.id)
        make_sheet(session, sheet, case.judged)
        sheet.state, sheet.reason = "reopened", "Lệch 30 điểm"

    page = client.get(address).text

    assert "Lệch 30 điểm" in page
    assert f'href="{address}/receipt"' in page


def test_earlier_version_shows_its_own_marks(
    client: FlaskClient, platform: Platform, address: str, case: Case, typed: dict[str, Any]
) -> None:
    client.post(address, data={**typed, "action": "submit"})
    with platform.database.writing() as session:
        sheet = session.get_one(Assignment, case.assignment.id)
        sheet.state, sheet.changed_at = "reopened", NOW
    client.post(address, data={**typed, "m-form": "10", "action": "submit"})

    receipt = client.get(f"{address}/receipt").text
    first = client.get(f"{address}/versions/1").text

    assert f'href="{address}/versions/1"' in receipt
    assert "79.5" in first
    assert "A later version has taken its place." in first
    assert "A later version has taken its place." not in client.get(f"{address}/versions/2").text
    assert client.get(f"{address}/versions/3").status_code == 404


def test_earlier_version_of_a_colleague_is_not_found(
    client: FlaskClient, platform: Platform, case: Case, token: str
) -> None:
    assert token
    with platform.database.writing() as session:
        colleague = add_colleague(session, case)
        make_sheet(session, colleague.assignment, case.judged)
        where = colleague.assignment.id

    assert client.get(f"/judge/sheets/{where}/versions/1").status_code == 404


def test_list_of_what_is_set_aside_takes_as_many_statements_for_many_as_for_one(
    client: FlaskClient, platform: Platform, case: Case, token: str, sign_in: SignIn, count_queries: Counting
) -> None:
    assert token
    desk = client.application.test_client()
    sign_in(desk, office_of(platform, case, "organiser"))
    where = f"/organise/{case.contest.slug}/rounds/preliminary/progress"
    found = []
    for number in (1, 6):
        with platform.database.writing() as session:
            for _each in range(number):
                colleague = add_colleague(session, case)
                session.add(SheetAside(assignment_id=colleague.assignment.id, kind="file-broken", words="", at=NOW))
        desk.get(where)
        with count_queries() as statements:
            page = desk.get(where).text
        found.append((len(statements), page.count('name="answer"')))

    assert [shown for _, shown in found] == [1, 7]
    assert found[0][0] == found[1][0]
