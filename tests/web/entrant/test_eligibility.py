"""The page before the form: yes, no or ask the office, with the rule, the setting behind it and whom to ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.db.models import Account, Contest, Entry, OfficeDesk
from judging.services.platform import Platform
from tests.factories import make_account, make_contest
from tests.web.conftest import csrf_token

SignIn = Callable[[FlaskClient, Account], str]


@pytest.fixture
def contest(platform: Platform) -> Contest:
    with platform.database.writing() as session:
        made = make_contest(
            session, platform.registry, settings={"born_from": "2003-07-15", "born_until": "2015-07-31"}
        )
        session.add(OfficeDesk(contest_id=made.id, contact="Cô Mẫu, 0205 000 000"))
        return made


def ask(client: FlaskClient, contest: Contest, **values: str) -> str:
    """Answer the questions and return the page with the verdict."""
    token = csrf_token(client, f"/contests/{contest.slug}/enter")
    answers: dict[str, Any] = {"answer_own_work": "y", "born-0": "2009-05-31", **values, "csrf_token": token}
    return client.post(f"/contests/{contest.slug}/enter", data=answers, follow_redirects=True).text


def test_yes_is_told_to_a_guest_and_nothing_is_stored(
    client: FlaskClient, platform: Platform, contest: Contest
) -> None:
    page = ask(client, contest)

    assert "Yes, you may enter." in page
    assert "Make an account" in page
    with platform.database.reading() as session:
        assert session.scalars(select(Entry)).all() == []


def test_no_gives_the_rule_and_the_setting_with_its_value_and_origin(client: FlaskClient, contest: Contest) -> None:
    page = ask(client, contest, **{"born-0": "2003-07-14", "people": "6", "other_leads": "2", "other_entries": "2"})

    assert "No, not with these answers." in page
    for text in (
        "authors must be born on 15 Jul 2003 or later", "Authors born on or after:", "Set for this contest",
        "The most authors of an entry: 5. There are 6.", "1 to 5", "Most entries led by one author:",
        "Our own default: no official text gives a figure",
    ):  # fmt: skip
        assert text in page
    assert "Begin the entry" not in page


def test_missing_birth_date_is_for_the_office_whose_contact_is_shown(client: FlaskClient, contest: Contest) -> None:
    page = ask(client, contest, **{"people": "2", "born-1": ""})

    assert "Ask the office." in page
    assert "Give the birth date of every author." in page
    assert "Cô Mẫu, 0205 000 000" in page
    assert "Begin the entry" not in page


def _dates(page: str) -> int:
    return page.count('name="born-')


def test_one_author_sees_one_date_and_a_team_as_many_as_it_says(client: FlaskClient, contest: Contest) -> None:
    assert _dates(client.get(f"/contests/{contest.slug}/enter").text) == 1

    asked = ask(client, contest, people="3")

    assert (_dates(asked), "Now the birth date of each author" in asked) == (3, True)
    assert 'value="2009-05-31"' in asked
    assert 'id="verdict"' not in asked
    answered = ask(client, contest, **{"people": "3", "born-1": "2010-01-01", "born-2": "2011-01-01"})
    assert ("Yes, you may enter." in answered, _dates(answered)) == (True, 3)


def test_date_that_was_typed_stays_shown_when_the_team_is_said_to_be_smaller(
    client: FlaskClient, contest: Contest
) -> None:
    page = ask(client, contest, **{"people": "1", "born-1": "2010-01-01"})
    assert _dates(page) == 2


def test_contact_is_not_shown_where_nothing_is_to_be_asked(client: FlaskClient, contest: Contest) -> None:
    assert "Cô Mẫu" not in ask(client, contest)


def test_draft_is_not_begun_with_answers_that_do_not_let_one_in(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest
) -> None:
    with platform.database.writing() as session:
        pupil = make_account(session)
    token = sign_in(client, pupil)
    for values in ({"people": "2"}, {"born-0": "1999-01-01"}, {"answer_own_work": ""}):
        ask(client, contest, **values)
        client.post(f"/contests/{contest.slug}/begin", data={"csrf_token": token})

    with platform.database.reading() as session:
        assert session.scalars(select(Entry)).all() == []


@pytest.mark.parametrize("name", ["people", "other_entries", "other_leads"])
@pytest.mark.parametrize("text", ["-1", "two", "99999999999"])
def test_number_that_cannot_be_read_is_told_at_its_field(
    client: FlaskClient, contest: Contest, name: str, text: str
) -> None:
    page = ask(client, contest, **{name: text})

    assert f'id="{name}-error"' in page
    assert f'value="{text}"' in page
