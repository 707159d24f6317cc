"""The office's page of booths: the minutes, the places, who stands where, and letting a booth go by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import AuditEvent, Booth, BoothLease, LeaseRound
from tests.factories import give_role, make_account, make_assignment
from tests.services.office import PRELIMINARY, Office, hold_contest

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.services.platform import Platform

    SignIn = Callable[[FlaskClient, Account], str]


@pytest.fixture
def held(platform: Platform) -> Office:
    with platform.database.writing() as session:
        made = hold_contest(session, platform.registry, entries=3, judges=2)
        for entry in made.entries:
            for judge in made.judges:
                assert judge.account.email
                make_assignment(session, entry, judge, round_key=PRELIMINARY)
        return made


@pytest.fixture
def booths(held: Office) -> str:
    return f"/organise/{held.contest.slug}/rounds/{PRELIMINARY}/booths"


@pytest.fixture
def token(client: FlaskClient, held: Office, sign_in: SignIn) -> str:
    """The organiser is signed in on `client`; a token for the posts that follow."""
    return sign_in(client, held.desk)


@pytest.fixture
def standing(client: FlaskClient, held: Office, booths: str, token: str, sign_in: SignIn) -> str:
    """Booths are kept for 15 minutes and the first judge stands at one; the id of the reading."""
    assert client.post(booths, data={"csrf_token": token, "minutes": "15"}).location == booths
    phone = client.application.test_client()
    ask = f"/judge/{held.contest.slug}/rounds/{PRELIMINARY}/next"
    phone.post(ask, data={"csrf_token": sign_in(phone, held.judges[0].account)})
    return phone.get(ask).text.partition("/judge/sheets/")[2][:36]


def account_with(platform: Platform, held: Office, role: str) -> Account:
    with platform.database.writing() as session:
        made = make_account(session)
        give_role(session, session.merge(held.contest), made, role)
        assert made.email
        return made


def test_office_sets_the_minutes_and_takes_them_back(
    client: FlaskClient, platform: Platform, held: Office, booths: str, token: str
) -> None:
    assert booths in client.get(booths.replace("/booths", "/timetable")).text
    for typed, kept in (("15", 15), ("", 0), ("0", 0), ("20", 20)):
        assert client.post(booths, data={"csrf_token": token, "minutes": typed}).location == booths
        with platform.database.reading() as session:
            assert session.scalars(select(LeaseRound.minutes)).one() == kept
    assert "Each is kept for 20 minutes." in client.get(booths).text


@pytest.mark.parametrize("typed", ["-1", "241", "soon", "1.5"])
def test_minutes_that_make_no_sense_are_refused_and_shown_again(
    client: FlaskClient, platform: Platform, booths: str, token: str, typed: str
) -> None:
    answer = client.post(booths, data={"csrf_token": token, "minutes": typed})

    assert answer.status_code == 422
    assert "Type a whole number from 0 to 240." in answer.text
    assert f'value="{typed}"' in answer.text
    with platform.database.reading() as session:
        assert session.scalars(select(LeaseRound)).all() == []


def test_office_names_booths_and_sees_who_stands_where(
    client: FlaskClient, platform: Platform, held: Office, booths: str, token: str, standing: str
) -> None:
    names = {f"booth-{entry.id}": f"Gian {number}" for number, entry in enumerate(held.entries)}
    assert client.post(f"{booths}/names", data={"csrf_token": token, **names}).status_code == 302

    page = client.get(booths).text
    assert f"/organise/assignments/{standing}/booth/release" in page
    progress = client.get(booths.replace("/booths", "/progress/live")).text
    for text in (page, progress):
        assert "Who stands where" in text
        assert held.judges[0].account.name in text
        assert "Booths that wait longest" in text
        assert "None yet" in text
    assert "/booth/release" not in progress, "what is asked for again and again holds no form"
    with platform.database.reading() as session:
        assert sorted(session.scalars(select(Booth.name))) == ["Gian 0", "Gian 1", "Gian 2"]


def test_booth_of_no_entry_of_the_round_is_refused(
    client: FlaskClient, platform: Platform, booths: str, token: str
) -> None:
    answer = client.post(f"{booths}/names", data={"csrf_token": token, "booth-x": "Gian 1"})

    assert answer.status_code == 422
    assert "An entry left the round in the meantime." in answer.text
    with platform.database.reading() as session:
        assert session.scalars(select(Booth)).all() == []


def test_office_releases_a_booth_by_hand_once(
    client: FlaskClient, platform: Platform, held: Office, booths: str, token: str, standing: str
) -> None:
    release = f"/organise/assignments/{standing}/booth/release"
    assert client.post(release, data={"csrf_token": token}).location == f"{booths}#floor"
    assert "The booth is free." in client.get(booths).text
    client.post(release, data={"csrf_token": token})
    assert "The judge does not have this booth any more." in client.get(booths).text

    with platform.database.reading() as session:
        assert session.scalars(select(BoothLease.state)).all() == ["released"]
        acts = [act for act in session.scalars(select(AuditEvent.action)) if act.startswith("booth-")]
        assert acts == ["booth-taken", "booth-released"]
    audit = client.get(f"/organise/{held.contest.slug}/record").text
    assert "Booth released by the office" in audit
    assert "Judge led to a booth" in audit


@pytest.mark.parametrize(("role", "reads"), [("committee", True), ("auditor", True), ("judge", False)])
def test_only_the_desk_acts_and_judges_see_nothing(
    client: FlaskClient, platform: Platform, held: Office, booths: str, standing: str, sign_in: SignIn, role: str,
    reads: bool,
) -> None:  # fmt: skip
    someone = held.judges[1].account if role == "judge" else account_with(platform, held, role)
    other = client.application.test_client()
    other_token = sign_in(other, someone)

    page = other.get(booths)
    assert page.status_code == (200 if reads else 404)
    assert "/booth/release" not in page.text
    assert 'name="minutes"' not in page.text
    for address in (booths, f"{booths}/names", f"/organise/assignments/{standing}/booth/release"):
        assert other.post(address, data={"csrf_token": other_token, "minutes": "5"}).status_code == 404
    with platform.database.reading() as session:
        assert session.scalars(select(BoothLease.state)).all() == ["standing"]
        assert session.scalars(select(LeaseRound.minutes)).all() == [15]
