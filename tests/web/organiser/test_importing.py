"""Importing entries by page: choose, look, say what the columns are, import."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from judging.db.models import Account, Entry, ImportSheet, Job
from judging.db.session import Database
from judging.plugins import Registry
from judging.services.entries.imports.kept import DROP_JOB, drop_old_sheet
from tests.factories import give_role, make_account, make_contest

SignIn = Callable[[FlaskClient, Account], str]
Counting = Callable[[], AbstractContextManager[list[str]]]
TABLE = "Title;Category;Author;Nobody knows\nXe;1;An Mẫu;Ý tưởng của em\nTàu;9;Bình Mẫu;x\n"


class Desk:
    def __init__(self, client: FlaskClient, sign_in: SignIn, database: Database, registry: Registry) -> None:
        self.client, self.database = client, database
        with database.writing() as session:
            self.contest = make_contest(session, registry, phase="open")
            self.account = make_account(session)
            give_role(session, self.contest, self.account, "secretary")
        self.token = sign_in(client, self.account)
        self.address = f"/organise/{self.contest.slug}/import"

    def bring(self, text: str = TABLE, name: str = "bang.csv") -> int:
        form = {"csrf_token": self.token, "file": (io.BytesIO(text.encode()), name)}
        return self.client.post(self.address, data=form, content_type="multipart/form-data").status_code

    def act(self, act: str, **form: str) -> str:
        answer = self.client.post(
            f"{self.address}/apply", data={"csrf_token": self.token, "act": act, **form}, follow_redirects=True
        )
        return answer.text

    def seal(self) -> str:
        found = re.search(r'name="seal" value="([0-9a-f]{64})"', self.client.get(self.address).text)
        assert found is not None
        return found.group(1)

    def count(self) -> int:
        with self.database.reading() as session:
            return (
                session.scalar(select(func.count()).select_from(Entry).where(Entry.contest_id == self.contest.id)) or 0
            )


@pytest.fixture
def desk(client: FlaskClient, sign_in: SignIn, database: Database, registry: Registry) -> Desk:
    return Desk(client, sign_in, database, registry)


def test_preview_shows_each_row_and_writes_nothing(desk: Desk) -> None:
    assert desk.bring() == 302
    page = desk.client.get(desk.address).text
    assert "bang.csv" in page
    assert "There is no such choice: 9." in page
    assert page.rindex("Tàu") < page.rindex("An Mẫu")
    assert desk.count() == 0


def test_refused_row_stops_the_import_until_it_is_left_out(desk: Desk) -> None:
    desk.bring()
    assert "Rows 3 cannot be imported" in desk.act("apply", seal=desk.seal())
    assert desk.count() == 0

    assert "Imported: 1 new, 0 changed, 0 unchanged, 1 left out." in desk.act("apply", seal=desk.seal(), sound="yes")
    assert desk.count() == 1
    with desk.database.reading() as session:
        assert session.scalars(select(ImportSheet)).all() == []


def test_person_says_what_a_column_is(desk: Desk) -> None:
    desk.bring()
    columns = {"column-0": "title", "column-1": "category", "column-2": "author-name", "column-3": "answer-idea"}
    assert re.search(r'<option value="answer-idea"\s+selected', desk.act("columns", **columns))
    desk.act("apply", seal=desk.seal(), sound="yes")
    with desk.database.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.contest_id == desk.contest.id)).one()
        assert entry.answers["idea"] == "Ý tưởng của em"


def test_import_of_another_preview_is_refused(desk: Desk) -> None:
    desk.bring()
    seal = desk.seal()
    desk.bring(TABLE.replace("Xe", "Xe đạp"))
    assert "Entries have changed since this preview was made" in desk.act("apply", seal=seal, sound="yes")
    assert desk.count() == 0


def test_table_is_taken_away_by_hand_and_after_a_day(desk: Desk) -> None:
    desk.bring()
    assert "The table was taken away" in desk.act("drop")
    assert "There is no table any more" in desk.act("apply", seal="x")
    desk.bring()
    with desk.database.reading() as session:
        job = session.scalars(
            select(Job).where(Job.name == DROP_JOB).order_by(Job.created_at.desc(), Job.id.desc())
        ).first()
        assert job is not None
        assert (job.run_after - job.created_at).days == 1
    drop_old_sheet(desk.database, job.payload)
    with desk.database.reading() as session:
        assert session.scalars(select(ImportSheet)).all() == []


@pytest.mark.parametrize(("text", "says"), [("", "Choose a file with a table"), ("\x00\x00", "no text file")])
def test_file_that_is_no_table_is_refused_in_words(desk: Desk, text: str, says: str) -> None:
    form = {"csrf_token": desk.token, "file": (io.BytesIO(text.encode()), "x.csv")}
    answer = desk.client.post(desk.address, data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert says in answer.text


def test_another_person_of_the_office_sees_none_of_it(desk: Desk, app: Flask, sign_in: SignIn) -> None:
    desk.bring()
    with desk.database.writing() as session:
        other = make_account(session)
        give_role(session, desk.contest, other, "organiser")
    browser = app.test_client()
    sign_in(browser, other)
    page = browser.get(desk.address)
    assert page.status_code == 200
    assert "bang.csv" not in page.text


def test_empty_table_has_a_column_for_all_that_is_looked_for(desk: Desk) -> None:
    answer = desk.client.get(f"{desk.address}/columns.csv")
    assert answer.mimetype == "text/csv"
    assert "Authors' birth dates" in answer.text
    assert desk.bring(answer.text) == 302
    assert "Not imported</option>" in desk.client.get(desk.address).text


def test_preview_of_many_rows_asks_the_database_no_more_often(desk: Desk, count_queries: Counting) -> None:
    asked = []
    for rows in (1, 3, 300):
        desk.bring("Title;Category;Author\n" + "".join(f"Xe {at};1;An Mẫu {at}\n" for at in range(rows)))
        with count_queries() as statements:
            assert f"Xe {rows - 1}" in desk.client.get(desk.address).text or rows > 200
        asked.append(len(statements))
        desk.act("apply", seal=desk.seal())
    # Before the first import there was nothing to compare with.
    assert asked[1] == asked[2]
