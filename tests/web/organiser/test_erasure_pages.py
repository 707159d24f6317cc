"""Erasing an entry by page and by program, and how an erased one is shown afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from judging.db.models import Account, Assignment, AuditEvent, Entry, Judge
from judging.db.session import Database
from judging.plugins import Registry
from judging.services.results.prizes import settle_prizes
from judging.services.results.publication import publish_results
from tests.factories import NOW, give_role, make_account
from tests.services.office import FINAL, Office, finish_rounds, hold_contest

SHARES = ("0.9", "0.85", "0.8", "0.75", "0.5")
FORM = {"reason": "Theo đơn số 7.", "sure": "1"}

SignIn = Callable[[FlaskClient, Account], str]


@pytest.fixture
def published(database: Database, registry: Registry) -> Office:
    with database.writing() as session:
        held = hold_contest(session, registry, entries=5)
        finish_rounds(session, held, SHARES)
        settle_prizes(session, registry=registry, contest=held.contest, actor=held.organiser, now=NOW)
        publish_results(
            session, registry=registry, contest=held.contest, decision="12/QĐ", actor=held.organiser, now=NOW
        )
    return held


def _address(held: Office) -> str:
    return f"/organise/entries/{held.entries[0].id}/erase"


def test_page_says_what_goes_and_names_nobody(client: FlaskClient, sign_in: SignIn, published: Office) -> None:
    sign_in(client, published.desk)

    page = client.get(_address(published))

    assert page.status_code == 200
    for sentence in ("What goes", "What stays, and why", "for five years", "cannot be undone"):
        assert sentence in page.text
    assert published.entries[0].title not in page.text
    assert f'href="{_address(published)}"' in client.get(f"/organise/entries/{published.entries[0].id}").text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"reason": "x"}, "Confirm that you know"),
        ({"reason": " ", "sure": "1"}, "Write the reason."),
        ({"reason": "Em Nông Mẫu Bình xin rút", "sure": "1"}, "write it without names"),
    ],
)
def test_refused_erasure_changes_nothing_and_keeps_the_reason(
    client: FlaskClient, sign_in: SignIn, database: Database, published: Office, form: dict[str, str], says: str
) -> None:
    token = sign_in(client, published.desk)

    answer = client.post(_address(published), data={"csrf_token": token, **form})

    assert answer.status_code == 422
    assert says in answer.text
    assert form["reason"] in answer.text
    with database.reading() as session:
        assert session.get_one(Entry, published.entries[0].id).erased_at is None


@pytest.mark.parametrize("with_sheets", [False, True])
def test_erased_entry_is_shown_as_erased_everywhere(
    client: FlaskClient, sign_in: SignIn, database: Database, published: Office, *, with_sheets: bool
) -> None:
    token = sign_in(client, published.desk)
    entry, slug = published.entries[0], published.contest.slug
    results = f"/contests/{slug}/results"
    assert entry.title in client.get(results).text

    form = {**FORM, "csrf_token": token, **({"with_sheets": "1"} if with_sheets else {})}
    answer = client.post(_address(published), data=form)

    assert (answer.status_code, answer.location) == (302, _address(published))
    pages = [
        results, f"/organise/entries/{entry.id}", f"/organise/{slug}/entries", f"/organise/{slug}/entries.csv",
        f"/organise/{slug}/rounds/{FINAL}/standings", f"/organise/{slug}/prizes",
    ]  # fmt: skip
    for address in pages:
        page = client.get(address)
        assert page.status_code == 200, address
        assert "(erased)" in page.text or (with_sheets and "standings" in address), address
        assert entry.title not in page.text, address
    for address in (f"/organise/{slug}/rounds/{FINAL}/progress", f"/organise/{slug}/record", f"/organise/{slug}/"):
        assert client.get(address).status_code == 200, address
    again = client.get(_address(published)).text
    assert "were erased at" in again
    assert ("Erase for good" in again) is not with_sheets


@pytest.mark.parametrize("with_sheets", [False, True])
def test_judges_pages_of_an_erased_entry_open(
    client: FlaskClient, sign_in: SignIn, database: Database, published: Office, *, with_sheets: bool
) -> None:
    token = sign_in(client, published.desk)
    form = {**FORM, "csrf_token": token, **({"with_sheets": "1"} if with_sheets else {})}
    assert client.post(_address(published), data=form).status_code == 302
    with database.reading() as session:
        judge = session.get_one(Judge, published.judges[0].id)
        account = session.get_one(Account, judge.account_id)
        reading = session.query(Assignment).filter_by(entry_id=published.entries[0].id, judge_id=judge.id).one()
    client.post("/logout", data={"csrf_token": token})
    sign_in(client, account)

    listed = client.get(f"/judge/{published.contest.slug}/?round={FINAL}")
    receipt = client.get(f"/judge/sheets/{reading.id}/receipt")

    assert (listed.status_code, receipt.status_code) == (200, 200)
    assert "(erased)" in listed.text
    assert "(erased)" in receipt.text
    assert client.get(f"/judge/sheets/{reading.id}/receipts/1").status_code == (404 if with_sheets else 200)


@pytest.mark.parametrize("role", ["secretary", "committee", "auditor"])
def test_page_is_not_there_for_others(
    client: FlaskClient, sign_in: SignIn, database: Database, published: Office, role: str
) -> None:
    with database.writing() as session:
        account = make_account(session)
        give_role(session, published.contest, account, role)
    token = sign_in(client, account)

    assert client.get(_address(published)).status_code == 404
    assert client.post(_address(published), data={**FORM, "csrf_token": token}).status_code == 404
    assert "/erase" not in client.get(f"/organise/entries/{published.entries[0].id}").text


def test_administrator_erases_without_seeing_the_entry(
    client: FlaskClient, sign_in: SignIn, database: Database, published: Office
) -> None:
    with database.writing() as session:
        admin = make_account(session, is_administrator=True)
    token = sign_in(client, admin)

    assert client.get(f"/organise/entries/{published.entries[0].id}").status_code == 404
    assert client.post(_address(published), data={**FORM, "csrf_token": token}).status_code == 302
    with database.reading() as session:
        event = session.query(AuditEvent).filter_by(action="entry-erased").one()
        assert (event.actor_id, event.subject_id) == (admin.id, published.entries[0].id)
