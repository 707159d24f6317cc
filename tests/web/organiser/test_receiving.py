"""Things handed in: the label, receiving by its code, the lists, taking back; and what the contestant sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.db.models import Account, AuditEvent, Contest, Entry, Handover
from judging.domain.receiving import receiving_code
from judging.services.platform import Platform
from tests.factories import give_role, make_account, make_contest, make_entry

SignIn = Callable[[FlaskClient, Account], str]


@pytest.fixture
def contest(platform: Platform) -> Contest:
    with platform.database.writing() as session:
        return make_contest(session, platform.registry, phase="screening")


@pytest.fixture
def owner(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session, name="Nông Mẫu Bình")


@pytest.fixture
def entry(platform: Platform, contest: Contest, owner: Account) -> Entry:
    with platform.database.writing() as session:
        return make_entry(session, contest, owner=owner, state="submitted")


@pytest.fixture
def secretary(platform: Platform, contest: Contest) -> Account:
    with platform.database.writing() as session:
        made = make_account(session, name="Lò Mẫu Thư Ký")
        give_role(session, contest, made, "secretary")
        return made


def code_of(platform: Platform, contest: Contest, entry: Entry) -> str:
    rules = platform.registry.rules("youth-creativity")
    return receiving_code(rules, contest_id=contest.id, number=entry.number, item="model")


def receive(client: FlaskClient, contest: Contest, token: str, **values: str) -> object:
    return client.post(f"/organise/{contest.slug}/receiving", data={**values, "csrf_token": token})


def test_thing_is_received_by_its_code_and_its_people_see_it(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest, entry: Entry, owner: Account,
    secretary: Account,
) -> None:  # fmt: skip
    token = sign_in(client, secretary)
    assert entry.title in client.get(f"/organise/{contest.slug}/receiving?show=missing").text

    answer = receive(
        client, contest, token, code=code_of(platform, contest, entry).lower(), place="Kệ 3", note="Nắp bị nứt"
    )

    assert answer.status_code == 302, answer.text  # type: ignore[attr-defined]  # an answer of the test client
    listed = client.get(f"/organise/{contest.slug}/receiving?show=received").text
    for text in (entry.title, "Kệ 3", "Nắp bị nứt", "Lò Mẫu Thư Ký"):
        assert text in listed
    assert entry.title not in client.get(f"/organise/{contest.slug}/receiving?show=missing").text
    assert "Kệ 3" in client.get(f"/organise/entries/{entry.id}").text
    sign_in(client, owner)
    page = client.get(f"/entries/{entry.id}/").text
    assert re.search(r"Received on .* by Lò Mẫu Thư Ký\.", page)
    # Where it stands and in what condition is the office's own note.
    assert "Kệ 3" not in page
    assert "Nắp bị nứt" not in page


def test_thing_received_twice_or_by_a_wrong_code_is_refused_with_what_was_typed(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest, entry: Entry, secretary: Account
) -> None:
    token = sign_in(client, secretary)
    code = code_of(platform, contest, entry)
    receive(client, contest, token, code=code)

    again = receive(client, contest, token, code=code, place="Kệ 4")
    wrong = receive(client, contest, token, code="ST-041-1-AAAA", place="Kệ 5")

    assert again.status_code == wrong.status_code == 422  # type: ignore[attr-defined]  # answers of the test client
    assert "This was received already." in again.text  # type: ignore[attr-defined]  # as above
    assert "That is no code of this contest." in wrong.text  # type: ignore[attr-defined]  # as above
    assert 'value="Kệ 5"' in wrong.text  # type: ignore[attr-defined]  # as above
    with platform.database.reading() as session:
        assert len(session.scalars(select(Handover)).all()) == 1


def test_handover_is_taken_back_only_with_a_reason_and_stays_on_record(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest, entry: Entry, secretary: Account
) -> None:
    token = sign_in(client, secretary)
    receive(client, contest, token, code=code_of(platform, contest, entry))
    with platform.database.reading() as session:
        row = session.scalars(select(Handover)).one()
    address = f"/organise/{contest.slug}/receiving/undo"

    refused = client.post(address, data={"handover": row.id, "reason": " ", "csrf_token": token})
    done = client.post(address, data={"handover": row.id, "reason": "Nhầm bài", "csrf_token": token})

    assert (refused.status_code, done.status_code) == (422, 302)
    assert entry.title in client.get(f"/organise/{contest.slug}/receiving").text
    with platform.database.reading() as session:
        kept = session.get_one(Handover, row.id)
        assert (kept.undone_by_id, kept.undone_reason) == (secretary.id, "Nhầm bài")
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.contest_id == contest.id)).all()
        assert {"item-received", "item-receipt-undone"} <= set(actions)
    receive(client, contest, token, code=code_of(platform, contest, entry))
    with platform.database.reading() as session:
        assert len(session.scalars(select(Handover).where(Handover.undone_at.is_(None))).all()) == 1


def test_handover_of_another_contest_is_not_found(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest, entry: Entry, secretary: Account
) -> None:
    token = sign_in(client, secretary)
    receive(client, contest, token, code=code_of(platform, contest, entry))
    with platform.database.writing() as session:
        row = session.scalars(select(Handover)).one()
        other = make_contest(session, platform.registry)
        give_role(session, other, session.get_one(Account, secretary.id), "secretary")
        slug = other.slug

    answer = client.post(
        f"/organise/{slug}/receiving/undo", data={"handover": row.id, "reason": "x", "csrf_token": token}
    )

    assert answer.status_code == 404


def test_auditor_reads_the_list_and_cannot_receive(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest, entry: Entry
) -> None:
    with platform.database.writing() as session:
        auditor = make_account(session)
        give_role(session, contest, auditor, "auditor")
    token = sign_in(client, auditor)

    page = client.get(f"/organise/{contest.slug}/receiving").text

    assert entry.title in page
    assert "Record as received" not in page
    assert receive(client, contest, token, code=code_of(platform, contest, entry)).status_code == 404  # type: ignore[attr-defined]  # an answer


def test_label_has_code_square_place_and_hours_as_the_office_wrote_them(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest, entry: Entry, owner: Account
) -> None:
    with platform.database.writing() as session:
        organiser = make_account(session)
        give_role(session, contest, organiser, "organiser")
    token = sign_in(client, organiser)
    said = {"contact": "Cô Mẫu, 0205 000 000", "place": "Phòng 12, <b>tầng 1</b>", "hours": "Thứ Hai đến thứ Sáu"}
    client.post(f"/organise/{contest.slug}/settings/office", data={**said, "csrf_token": token})
    sign_in(client, owner)

    page = client.get(f"/entries/{entry.id}/label/model").text

    assert code_of(platform, contest, entry) in page
    assert "Phòng 12, &lt;b&gt;tầng 1&lt;/b&gt;" in page
    assert "Thứ Hai đến thứ Sáu" in page
    assert 'src="data:image/svg+xml' in page
    assert client.get(f"/entries/{entry.id}/label/pictures").status_code == 404


def test_label_of_another_person_is_not_found(
    client: FlaskClient, sign_in: SignIn, platform: Platform, entry: Entry
) -> None:
    with platform.database.writing() as session:
        stranger = make_account(session)
    sign_in(client, stranger)

    assert client.get(f"/entries/{entry.id}/label/model").status_code == 404


def test_list_makes_the_same_queries_for_one_and_for_many_entries(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest, entry: Entry, secretary: Account,
    count_queries: Callable,
) -> None:  # fmt: skip
    token = sign_in(client, secretary)
    receive(client, contest, token, code=code_of(platform, contest, entry))
    address = f"/organise/{contest.slug}/receiving?show=all"
    client.get(address)
    with count_queries() as few:
        client.get(address)
    with platform.database.writing() as session:
        for _ in range(5):
            make_entry(session, session.get_one(Contest, contest.id))
    with count_queries() as many:
        client.get(address)

    assert len(many) == len(few)
