"""The people pages: judges, panels and office."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.db.models import Account, Assignment, Contest, ContestRole, Judge, Panel
from judging.services.contests.editions import contest_rules
from judging.services.platform import Platform
from tests.factories import (
    NOW,
    give_role,
    make_account,
    make_assignment,
    make_contest,
    make_entry,
    make_judge,
    make_panel,
    make_sheet,
)
from tests.letters import last_letter, link_in
from tests.web.letter_pages import follow, press

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


def test_new_judge_begins_with_the_link_that_is_shown_once(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    panel = panel_of(platform, "Tiểu ban 1", "software")
    token = sign_in(client, organiser)

    answer = client.post(
        f"/organise/{SLUG}/people/judges/new",
        data={"csrf_token": token, "email": "tam@example.vn", "name": "Mẫu Tám", "capacity": "24", "chairs": panel.id},
    )

    shown = re.search(r'class="account-link">([^<]+)<', answer.text)
    assert answer.status_code == 200
    assert shown is not None
    assert shown.group(1) not in client.get(f"/organise/{SLUG}/people").text
    assert "Tiểu ban 1 (chair)" in client.get(f"/organise/{SLUG}/people").text
    assert link_in(last_letter(platform, "tam@example.vn")) == link_in(shown.group(1))
    browser = client.application.test_client()
    assert "Mẫu Tám" in follow(browser, link_in(shown.group(1))).text
    assert press(browser, password="mot hai ba bon nam").status_code == 302
    assert "tam@example.vn" in browser.get("/account").text


def test_judge_who_has_not_come_in_is_invited_again_and_only_the_newest_link_holds(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    token = sign_in(client, organiser)
    client.post(
        f"/organise/{SLUG}/people/judges/new",
        data={"csrf_token": token, "email": "tam@example.vn", "name": "Mẫu Tám", "capacity": "24"},
    )
    first = link_in(last_letter(platform, "tam@example.vn"))
    with platform.database.reading() as session:
        judge = session.scalars(select(Judge)).one()
    address = f"/organise/{SLUG}/people/judges/{judge.id}"
    assert "Send a new invitation" in client.get(address).text

    client.post(f"{address}/invite", data={"csrf_token": token})

    browser = client.application.test_client()
    assert follow(browser, first).status_code == 410
    assert follow(browser, link_in(last_letter(platform, "tam@example.vn"))).status_code == 200
    assert press(browser, act="without").status_code == 302
    assert "Send a new invitation" not in client.get(address).text


def test_naming_a_judge_answers_alike_for_known_and_unknown_addresses(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    with platform.database.writing() as session:
        make_account(session, email="an@example.vn", name="Bí Mật")
    token = sign_in(client, organiser)

    def answer(email: str) -> str:
        form = {"csrf_token": token, "email": email, "name": "Mẫu", "capacity": "24"}
        text = client.post(f"/organise/{SLUG}/people/judges/new", data=form).text
        return re.sub(r'(key=|csrf_token" value=")[^"<]+', "", text).replace(email, "…")

    assert answer("an@example.vn") == answer("be@example.vn")


def test_link_for_a_person_who_has_come_in_before_opens_nothing(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    with platform.database.writing() as session:
        make_account(session, email="an@example.vn")
    token = sign_in(client, organiser)
    client.post(
        f"/organise/{SLUG}/people/staff", data={"csrf_token": token, "email": "an@example.vn", "role": "secretary"}
    )
    browser = client.application.test_client()

    landed = follow(browser, link_in(last_letter(platform, "an@example.vn")))

    assert (landed.status_code, landed.headers["Location"]) == (302, "/login")
    assert browser.get("/account").status_code == 302


def test_lost_phone_of_a_judge_is_signed_out_by_the_organiser_who_sees_its_last_sheets(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    with platform.database.writing() as session:
        contest = session.scalars(select(Contest)).one()
        person = make_account(session, email="tam@example.vn")
        judge = make_judge(session, contest, account=person)
        reading = make_assignment(session, make_entry(session, contest, number=7), judge, round_key="preliminary")
        judged = contest_rules(platform.registry, contest).rounds[0]
        make_sheet(session, session.get_one(Assignment, reading.id), judged)
    phone, desk = client.application.test_client(), client.application.test_client()
    address = f"/organise/{SLUG}/people/judges/{judge.id}"
    with time_machine.travel(NOW - timedelta(minutes=1)):
        sign_in(phone, person)
        sign_in(desk, person)
    with time_machine.travel(NOW + timedelta(minutes=1)):
        token = sign_in(client, organiser)
        before = client.get(address).text
        answer = client.post(f"{address}/sign-out", data={"csrf_token": token})
        left = [browser.get("/account").status_code for browser in (phone, desk)]
        after = client.get(address).text

    assert (answer.status_code, left) == (302, [302, 302])
    assert (before.count("-007"), after.count("-007")) == (2, 2)
    assert (before.count(">signed out"), after.count(">signed out")) == (0, 2)


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
