"""The people pages: judges, panels and office."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.db.models import Account, Contest, ContestRole, Judge, Panel
from judging.services.platform import Platform
from tests.factories import give_role, make_account, make_contest, make_judge, make_panel
from tests.web.conftest import csrf_token

SignIn = Callable[[FlaskClient, Account], str]
CountQueries = Callable[[], AbstractContextManager[list[str]]]
SLUG = "cuoc-thi"


@pytest.fixture
def organiser(platform: Platform) -> Account:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, slug=SLUG, phase="open")
        account = make_account(session)
        give_role(session, contest, account, "organiser")
        return account


def panel_of(platform: Platform, name: str, *categories: str) -> Panel:
    with platform.database.writing() as session:
        contest = session.scalars(select(Contest)).one()
        return make_panel(session, contest, name=name, categories=categories)


def test_new_judge_signs_in_with_the_password_shown_once(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    panel = panel_of(platform, "Tiểu ban 1", "software")
    token = sign_in(client, organiser)

    answer = client.post(
        f"/organise/{SLUG}/people/judges/new",
        data={"csrf_token": token, "email": "tam@example.vn", "name": "Mẫu Tám", "capacity": "24", "chairs": panel.id},
    )

    shown = re.search(r'class="password-shown">([^<]+)<', answer.text)
    assert answer.status_code == 200
    assert shown is not None
    assert shown.group(1) not in client.get(f"/organise/{SLUG}/people").text
    assert "Tiểu ban 1 (chair)" in client.get(f"/organise/{SLUG}/people").text
    browser = client.application.test_client()
    entered = browser.post(
        "/login",
        data={"email": "tam@example.vn", "password": shown.group(1), "csrf_token": csrf_token(browser)},
    )
    assert entered.status_code == 302


def test_wrong_judge_form_keeps_what_was_typed(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    token = sign_in(client, organiser)

    answer = client.post(
        f"/organise/{SLUG}/people/judges/new",
        data={"csrf_token": token, "email": "tam@example.vn", "name": "Mẫu Tám", "capacity": "nhiều"},
    )

    assert answer.status_code == 422
    assert 'value="Mẫu Tám"' in answer.text
    with platform.database.reading() as session:
        assert session.scalars(select(Judge)).all() == []


def test_judge_changes_and_leaves(client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account) -> None:
    with platform.database.writing() as session:
        judge = make_judge(session, session.scalars(select(Contest)).one())
    token = sign_in(client, organiser)
    address = f"/organise/{SLUG}/people/judges/{judge.id}"

    assert client.get(address).status_code == 200
    client.post(address, data={"csrf_token": token, "unit": "Trường Mẫu", "capacity": "12"})
    client.post(f"{address}/active", data={"csrf_token": token, "active": "0"})

    with platform.database.reading() as session:
        found = session.get_one(Judge, judge.id)
        assert (found.unit, found.capacity, found.is_active) == ("Trường Mẫu", 12, False)


def test_judge_of_another_contest_is_not_there(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    with platform.database.writing() as session:
        other = make_judge(session, make_contest(session, platform.registry), unit="Bí mật")
    sign_in(client, organiser)

    answer = client.get(f"/organise/{SLUG}/people/judges/{other.id}")

    assert (answer.status_code, "Bí mật" in answer.text) == (404, False)


def test_categories_are_merged_into_one_panel(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    panel = panel_of(platform, "Tiểu ban 1")
    token = sign_in(client, organiser)
    address = f"/organise/{SLUG}/people/panels"
    form = {"csrf_token": token, "row-0-key": panel.id, "row-0-id": panel.id, "row-0-name": "Tiểu ban 1",
            "category-software": panel.id, "category-environment": panel.id}  # fmt: skip

    grown = client.post(address, data={**form, "act": "add"})
    answer = client.post(
        address,
        data={**form, "act": "save", "row-1-key": "new-1", "row-1-id": "", "row-1-name": "Tiểu ban 2",
              "category-learning-aids": "new-1"},
    )  # fmt: skip

    assert (grown.status_code, 'value="new-1"' in grown.text) == (200, True)
    assert answer.status_code == 302
    with platform.database.reading() as session:
        panels = session.execute(select(Panel.name, Panel.categories).order_by(Panel.position)).all()
    assert [tuple(row) for row in panels] == [
        ("Tiểu ban 1", ["software", "environment"]), ("Tiểu ban 2", ["learning-aids"]),
    ]  # fmt: skip


def test_role_is_given_and_taken_back(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    with platform.database.writing() as session:
        make_account(session, email="ba@example.vn", name="Mẫu Ba")
    token = sign_in(client, organiser)
    client.post(
        f"/organise/{SLUG}/people/staff", data={"csrf_token": token, "email": "ba@example.vn", "role": "secretary"}
    )
    assert "Mẫu Ba" in client.get(f"/organise/{SLUG}/people").text
    with platform.database.reading() as session:
        role = session.scalars(select(ContestRole).where(ContestRole.role == "secretary")).one()

    client.post(f"/organise/{SLUG}/people/staff/{role.id}/remove", data={"csrf_token": token})

    with platform.database.reading() as session:
        assert session.scalars(select(ContestRole.role)).all() == ["organiser"]


def test_judges_are_searched_and_filtered_by_panel(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    panel = panel_of(platform, "Tiểu ban 1")
    with platform.database.writing() as session:
        contest = session.scalars(select(Contest)).one()
        make_judge(session, contest, account=make_account(session, name="Mẫu Một"), panel=session.merge(panel))
        make_judge(session, contest, account=make_account(session, name="Mẫu Hai"))
    sign_in(client, organiser)

    found = client.get(f"/organise/{SLUG}/people?q=Hai").text
    seated = client.get(f"/organise/{SLUG}/people?panel={panel.id}").text

    assert ("Mẫu Hai" in found, "Mẫu Một" in found) == (True, False)
    assert ("Mẫu Hai" in seated, "Mẫu Một" in seated) == (False, True)


def test_people_page_makes_the_same_queries_for_many_judges(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account, count_queries: CountQueries
) -> None:
    panel = panel_of(platform, "Tiểu ban 1")
    sign_in(client, organiser)
    counts = []
    for more in (10, 30):
        with platform.database.writing() as session:
            contest = session.scalars(select(Contest)).one()
            for _ in range(more):
                make_judge(session, contest, panel=session.merge(panel))
        with count_queries() as statements:
            assert client.get(f"/organise/{SLUG}/people").status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_secretary_sees_the_people_and_changes_nothing(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    with platform.database.writing() as session:
        secretary = make_account(session)
        give_role(session, session.scalars(select(Contest)).one(), secretary, "secretary")
    token = sign_in(client, secretary)

    page = client.get(f"/organise/{SLUG}/people")
    answer = client.post(
        f"/organise/{SLUG}/people/staff",
        data={"csrf_token": token, "email": secretary.email, "role": "organiser"},
    )

    assert (page.status_code, "Give a role" in page.text, answer.status_code) == (200, False, 404)
