"""The birth date of an author: told to the desk and the auditor; the committee reads an age band."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.factories import NOW, give_office, make_account, make_contest, make_entry, make_organisation
from tests.web.api.programs import done, program_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.db.session import Database
    from judging.services.platform import Platform

    SignIn = Callable[[FlaskClient, Account], str]

BORN = date(2008, 5, 4)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Nothing here depends on which database it is."""
    return sqlite_database


@pytest.mark.parametrize(
    ("role", "is_told"), [("secretary", True), ("organiser", True), ("auditor", True), ("committee", False)]
)
def test_birth_date_is_for_the_desk_and_the_auditor(
    app: Flask, client: FlaskClient, sign_in: SignIn, platform: Platform, role: str, *, is_told: bool
) -> None:
    with platform.database.writing() as session:
        home = make_organisation(session)
        contest = make_contest(session, platform.registry, organisation=home, phase="screening", closes_at=NOW)
        entry = make_entry(session, contest, members=({"name": "Nông Mẫu Bình", "born": BORN},), state="submitted")
        reader = make_account(session)
        give_office(session, home, reader, role)
    sign_in(client, reader)

    page = client.get(f"/organise/entries/{entry.id}").text
    told = done(program_of(app, platform, reader, scopes=("read",)).get(f"/entries/{entry.id}"))

    assert "Nông Mẫu Bình" in page
    assert ("4 May 2008" in page, ">10–13<" in page) == (is_told, not is_told)
    assert told["members"][0]["born"] == (BORN.isoformat() if is_told else None)
