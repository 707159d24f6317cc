"""The list of contests and opening a new one, in the browser's words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.db.models import Account, Contest, Organisation, Panel
from judging.services.platform import Platform
from tests.factories import give_office, give_role, make_account, make_contest, make_organisation

SignIn = Callable[[FlaskClient, Account], str]
CountQueries = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def organisation(platform: Platform) -> Organisation:
    with platform.database.writing() as session:
        return make_organisation(session, name="Sở mẫu")


@pytest.fixture
def organiser(platform: Platform, organisation: Organisation) -> Account:
    with platform.database.writing() as session:
        account = make_account(session)
        give_office(session, organisation, account, "organiser")
        return account


def form_of(token: str, organisation: Organisation, **changes: str) -> dict[str, str]:
    return {
        "csrf_token": token,
        "kind": "startup",
        "organisation": organisation.id,
        "title": "Khởi nghiệp 2026",
        "title_en": "Start-ups 2026",
        "slug": "startup-2026",
        "year": "2026",
        "edition": "3",
        "opens_at": "2026-03-01T08:00",
        "closes_at": "2026-06-30T17:00",
        **changes,
    }


def test_list_shows_the_contests_of_ones_offices_and_no_others(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account, organisation: Organisation
) -> None:
    with platform.database.writing() as session:
        make_contest(session, platform.registry, organisation=organisation, title_en="By organisation")
        mine = make_contest(session, platform.registry, title_en="By contest")
        give_role(session, mine, organiser, "secretary")
        make_contest(session, platform.registry, title_en="Somebody else's")
    sign_in(client, organiser)

    page = client.get("/organise/").text

    assert ("By organisation" in page, "By contest" in page, "Somebody else" in page) == (True, True, False)


def test_list_makes_the_same_queries_for_many_contests(
    *,
    client: FlaskClient,
    platform: Platform,
    sign_in: SignIn,
    organiser: Account,
    organisation: Organisation,
    count_queries: CountQueries,
) -> None:
    sign_in(client, organiser)
    counts = []
    for more in (10, 35):
        with platform.database.writing() as session:
            for _ in range(more):
                make_contest(session, platform.registry, organisation=organisation)
        with count_queries() as statements:
            assert client.get("/organise/").status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_form_comes_filled_in_with_titles_in_both_languages(
    client: FlaskClient, sign_in: SignIn, organiser: Account
) -> None:
    sign_in(client, organiser)

    kinds = client.get("/organise/new").text
    form = client.get("/organise/new?kind=youth-creativity").text

    assert "Technical innovation contest" in kinds
    assert 'value="Youth creativity contest ' in form
    assert 'value="youth-creativity-' in form
    assert form.count('type="datetime-local"') == 5


def test_opened_contest_has_dates_in_utc_and_a_panel_for_each_category(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account, organisation: Organisation
) -> None:
    token = sign_in(client, organiser)

    answer = client.post("/organise/new", data=form_of(token, organisation))

    assert answer.status_code == 302
    assert answer.location == "/organise/startup-2026/settings"
    with platform.database.reading() as session:
        contest = session.scalars(select(Contest)).one()
        assert contest.closes_at is not None
        assert contest.closes_at.isoformat() == "2026-06-30T10:00:00+00:00"
        assert (contest.edition, contest.phase, contest.settings) == (3, "draft", {})
        assert len(session.scalars(select(Panel)).all()) == len(platform.registry.rules("startup").categories)
    assert client.get("/organise/startup-2026/settings").status_code == 200


def test_refused_form_keeps_what_was_typed_and_says_why(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account, organisation: Organisation
) -> None:
    token = sign_in(client, organiser)

    answer = client.post(
        "/organise/new",
        data=form_of(token, organisation, slug="Khởi nghiệp", closes_at="2026-01-01T17:00", title_en="My own title"),
    )

    assert answer.status_code == 422
    assert "My own title" in answer.text
    assert "2026-01-01T17:00" in answer.text
    assert "must come after" in answer.text
    with platform.database.reading() as session:
        assert session.scalars(select(Contest)).all() == []


def test_organisation_of_others_cannot_be_chosen(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    with platform.database.writing() as session:
        elsewhere = make_organisation(session)
    token = sign_in(client, organiser)

    answer = client.post("/organise/new", data=form_of(token, elsewhere))

    assert answer.status_code == 422
    with platform.database.reading() as session:
        assert session.scalars(select(Contest)).all() == []


def test_person_who_runs_no_organisation_finds_no_form(
    client: FlaskClient, platform: Platform, sign_in: SignIn
) -> None:
    with platform.database.writing() as session:
        stranger = make_account(session)
    sign_in(client, stranger)

    assert client.get("/organise/new").status_code == 404
    assert "Open a new contest" not in client.get("/organise/").text
