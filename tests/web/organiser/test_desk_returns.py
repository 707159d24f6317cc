"""The desk's pages for dossiers that are with their authors, and for one decision on many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from judging.db.models import Account, Contest, Entry, ReturnTerm, Screening
from tests.factories import NOW, give_role, make_account, make_entry
from tests.services.office import Office, hold_contest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from judging.services.platform import Platform

SignIn = Callable[["FlaskClient", Account], str]


@pytest.fixture
def held(platform: Platform) -> Office:
    """Three dossiers; the first was returned, and its date has passed long ago."""
    with platform.database.writing() as session:
        office = hold_contest(session, platform.registry, phase="screening", state="submitted")
        entry = office.entries[0]
        entry.state = "returned"
        session.flush()
        told = Screening(entry_id=entry.id, verdict="returned", reason="Thiếu dấu.", by_id=office.desk.id, at=NOW)
        session.add(told)
        session.flush()
        session.add(ReturnTerm(screening_id=told.id, entry_id=entry.id, until=NOW + timedelta(days=3), items=[]))
        session.flush()
        session.expunge_all()
    return office


def _states(platform: Platform, held: Office) -> list[str]:
    with platform.database.reading() as session:
        return [session.get_one(Entry, entry.id).state for entry in held.entries]


def test_overdue_dossier_is_found_and_gets_a_later_date(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    token, entry = sign_in(client, held.desk), held.entries[0]
    queue = f"/organise/{held.contest.slug}/screening?flag=overdue"
    assert [one.id in client.get(queue).text for one in held.entries] == [True, False, False]
    assert "Its date has passed" in client.get(f"/organise/entries/{entry.id}/desk").text

    address, form = f"/organise/entries/{entry.id}/return-date", {"csrf_token": token, "later": "2099-01-31"}
    refused = client.post(address, data=form)
    assert (refused.status_code, 'value="2099-01-31"' in refused.text) == (422, True)
    assert client.post(address, data={**form, "reason-later": "Em ốm."}).status_code == 302

    assert entry.id not in client.get(queue).text
    assert "Its date has passed" not in client.get(f"/organise/entries/{entry.id}/desk").text
    with platform.database.reading() as session:
        assert f"{session.query(ReturnTerm).one().until:%Y-%m-%d %H:%M}" == "2099-01-31 16:59"


def test_later_date_is_not_for_whoever_only_reads(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    with platform.database.writing() as session:
        auditor = make_account(session)
        give_role(session, held.contest, auditor, "auditor")
        session.flush()
        session.expunge_all()
    token = sign_in(client, auditor)
    data = {"csrf_token": token, "later": "2099-01-31", "reason-later": "Em ốm."}
    assert client.post(f"/organise/entries/{held.entries[0].id}/return-date", data=data).status_code == 404


@pytest.mark.parametrize(
    ("verdict", "after", "told"), [("returned", "returned", "2099"), ("rejected", "ineligible", "cannot take part")]
)
def test_many_are_decided_after_their_letters_were_shown(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office, verdict: str, after: str, told: str
) -> None:
    token, address = sign_in(client, held.desk), f"/organise/{held.contest.slug}/screening"
    form = {
        "csrf_token": token, "verdict": verdict, "entry": [held.entries[1].id, held.entries[2].id],
        f"reason-{verdict}": "Thiếu dấu của trường.", "until": "2099-01-31",
    }  # fmt: skip

    preview = client.post(address, data=form)

    assert preview.status_code == 200
    assert preview.text.count("the office has checked the dossier") == 2
    assert told in preview.text
    assert _states(platform, held)[1:] == ["submitted", "submitted"]
    assert client.post(address, data={**form, "act": "apply"}).status_code == 302
    assert _states(platform, held)[1:] == [after, after]


def test_many_without_a_reason_keep_their_ticks(client: FlaskClient, sign_in: SignIn, held: Office) -> None:
    token, address = sign_in(client, held.desk), f"/organise/{held.contest.slug}/screening"
    form = {"csrf_token": token, "verdict": "rejected", "entry": held.entries[1].id}

    answer = client.post(address, data=form)

    assert answer.status_code == 422
    assert f'value="{held.entries[1].id}" checked' in " ".join(answer.text.split())
    assert client.post(address, data={**form, "verdict": "admitted"}).status_code == 422


def test_queue_of_overdue_ones_and_preview_ask_as_often_for_many_as_for_few(
    platform: Platform, client: FlaskClient, sign_in: SignIn, held: Office
) -> None:
    token, address = sign_in(client, held.desk), f"/organise/{held.contest.slug}/screening?flag=overdue"
    statements: list[str] = []
    event.listen(
        platform.database.engine, "before_cursor_execute",
        lambda _conn, _cursor, statement, *_rest: statements.append(statement),
    )  # fmt: skip

    def count(entries: list[str]) -> tuple[int, int]:
        statements.clear()
        assert client.get(address).text.count("Its date has passed: ") == len(entries)
        listed = len(statements)
        form = {"csrf_token": token, "verdict": "rejected", "entry": entries, "reason-rejected": "Quá hạn."}
        assert client.post(address, data=form).text.count("cannot take part, for") == len(entries)
        return listed, len(statements) - listed

    few = count([held.entries[0].id])
    with platform.database.writing() as session:
        more = [make_entry(session, session.get_one(Contest, held.contest.id), state="returned") for _ in range(8)]
        for entry in more:
            told = Screening(entry_id=entry.id, verdict="returned", reason="Thiếu.", by_id=held.desk.id, at=NOW)
            session.add(told)
            session.flush()
            session.add(ReturnTerm(screening_id=told.id, entry_id=entry.id, until=NOW + timedelta(days=3), items=[]))
        ids = [held.entries[0].id, *(entry.id for entry in more)]
    assert count(ids) == few
