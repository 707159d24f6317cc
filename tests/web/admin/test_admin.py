"""The administration pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.db.models import Account, Organisation, OrganisationRole
from judging.services.platform import Platform
from tests.factories import give_office, make_account, make_contest, make_organisation
from tests.letters import link_in
from tests.web.letter_pages import follow

SignIn = Callable[[FlaskClient, Account], str]
CountQueries = Callable[[], AbstractContextManager[list[str]]]
PAGES = ("/admin/", "/admin/organisations", "/admin/accounts", "/admin/accounts/new")


@pytest.fixture
def administrator(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session, is_administrator=True, name="Quản Trị Mẫu")


def test_organiser_finds_no_administration(client: FlaskClient, platform: Platform, sign_in: SignIn) -> None:
    with platform.database.writing() as session:
        organiser = make_account(session)
        give_office(session, make_organisation(session, name="Bí mật"), organiser, "organiser")
    token = sign_in(client, organiser)

    assert [client.get(page).status_code for page in PAGES] == [404] * len(PAGES)
    answer = client.post(f"/admin/accounts/{organiser.id}/password", data={"csrf_token": token})
    assert answer.status_code == 404


def test_plugins_and_the_contests_that_wait_for_one_are_shown(
    client: FlaskClient, platform: Platform, sign_in: SignIn, administrator: Account
) -> None:
    with platform.database.writing() as session:
        lost = make_contest(session, platform.registry, phase="draft", title_en="Robots 2021")
        lost.kind = "robotics"
    sign_in(client, administrator)

    page = client.get("/admin/").text

    assert "youth_creativity" in page
    assert "Robots 2021" in page
    assert "robotics" in page


def test_organisation_is_made_and_an_organiser_appointed(
    client: FlaskClient, platform: Platform, sign_in: SignIn, administrator: Account
) -> None:
    token = sign_in(client, administrator)
    made = client.post("/admin/organisations", data={"csrf_token": token, "name": "Sở Mẫu", "slug": "so-mau"})

    appointed = client.post(
        made.location, data={"csrf_token": token, "email": "ba@example.vn", "name": "Mẫu Ba", "role": "organiser"}
    )

    assert re.search(r'class="account-link">http[^<]+<', appointed.text) is not None
    assert "Mẫu Ba" in client.get(made.location).text
    with platform.database.reading() as session:
        role = session.scalars(select(OrganisationRole)).one()
        organisation = session.scalars(select(Organisation)).one()
    client.post(f"/admin/organisations/{organisation.id}/roles/{role.id}/remove", data={"csrf_token": token})
    assert "Mẫu Ba" not in client.get(made.location).text


def test_wrong_organisation_form_is_shown_again(client: FlaskClient, sign_in: SignIn, administrator: Account) -> None:
    token = sign_in(client, administrator)

    answer = client.post("/admin/organisations", data={"csrf_token": token, "name": "Sở Mẫu", "slug": "Sở"})

    assert (answer.status_code, 'value="Sở Mẫu"' in answer.text) == (422, True)


def test_account_is_closed_opened_and_signed_out(
    client: FlaskClient, platform: Platform, sign_in: SignIn, administrator: Account
) -> None:
    with platform.database.writing() as session:
        person = make_account(session, name="Mẫu Năm")
    browser = client.application.test_client()
    sign_in(browser, person)
    token = sign_in(client, administrator)

    client.post(f"/admin/accounts/{person.id}/disable", data={"csrf_token": token})

    assert browser.get("/account").status_code == 302
    assert "Closed" in client.get("/admin/accounts?q=Năm").text
    client.post(f"/admin/accounts/{person.id}/enable", data={"csrf_token": token})
    sign_in(browser, person)
    client.post(f"/admin/accounts/{person.id}/sign-out", data={"csrf_token": token})
    assert browser.get("/account").status_code == 302


def test_own_account_cannot_be_closed(
    client: FlaskClient, platform: Platform, sign_in: SignIn, administrator: Account
) -> None:
    token = sign_in(client, administrator)

    answer = client.post(f"/admin/accounts/{administrator.id}/disable", data={"csrf_token": token})

    assert answer.status_code == 409
    assert client.get("/admin/").status_code == 200


def test_link_of_a_new_account_and_of_a_new_password_are_shown_once(
    client: FlaskClient, platform: Platform, sign_in: SignIn, administrator: Account
) -> None:
    token = sign_in(client, administrator)

    made = client.post("/admin/accounts/new", data={"csrf_token": token, "email": "tu@example.vn", "name": "Mẫu Tư"})
    with platform.database.reading() as session:
        person = session.scalars(select(Account).where(Account.email == "tu@example.vn")).one()
    again = client.post(f"/admin/accounts/{person.id}/password", data={"csrf_token": token})

    links = [re.findall(r'class="account-link">([^<]+)<', page.text) for page in (made, again)]
    assert [len(found) for found in links] == [1, 1]
    assert links[0] != links[1]
    browser = client.application.test_client()
    assert follow(browser, link_in(links[1][0])).status_code == 200
    assert made.headers["Cache-Control"] == "no-store"


def test_list_of_accounts_makes_the_same_queries_for_many(
    client: FlaskClient, platform: Platform, sign_in: SignIn, administrator: Account, count_queries: CountQueries
) -> None:
    sign_in(client, administrator)
    counts, last = [], ""
    for more in (10, 90):
        with platform.database.writing() as session:
            for _ in range(more):
                make_account(session)
        with count_queries() as statements:
            page = client.get("/admin/accounts")
        last = page.text
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert "Page 1 of 3" in last


def test_list_of_organisations_makes_the_same_queries_for_many(
    client: FlaskClient, platform: Platform, sign_in: SignIn, administrator: Account, count_queries: CountQueries
) -> None:
    sign_in(client, administrator)
    counts = []
    for more in (10, 30):
        with platform.database.writing() as session:
            for _ in range(more):
                make_organisation(session)
        with count_queries() as statements:
            assert client.get("/admin/organisations").status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]
