"""Conflicts by page: the office's lists and acts, a judge's ties, and a sight that ends with the next request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import (
    Account,
    Assignment,
    Conflict,
    ConflictStatement,
    Contest,
    Entry,
    ForcedAssignment,
    Judge,
    UnitsAnswer,
)
from judging.services.judges.conflicts.gate import is_barred
from tests.factories import give_role, make_account, make_assignment, make_contest, make_entry, make_judge
from tests.services.office import PRELIMINARY, Office, hold_contest, set_round

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from judging.db.session import Database
    from judging.plugins import Registry

    SignIn = Callable[[FlaskClient, Account], str]

WHY = "Told by a neighbour"


@pytest.fixture
def held(database: Database, registry: Registry) -> Office:
    """Two entries in an open round; the first judge shares the unit of all of them, which nobody has looked for yet."""
    with database.writing() as session:
        made = hold_contest(session, registry, entries=2, judges=3)
        set_round(session, made, PRELIMINARY, "open")
        return made


class Desk:
    """Somebody at the office, with a browser."""

    def __init__(self, app: Flask, sign_in: SignIn, account: Account, slug: str) -> None:
        self.client, self.slug = app.test_client(), slug
        self.client.set_cookie("lang", "en")
        self.token = sign_in(self.client, account)

    def read(self, path: str = "") -> TestResponse:
        return self.client.get(f"/organise/{self.slug}/conflicts{path}")

    def act(self, path: str = "", **form: str) -> TestResponse:
        return self.client.post(f"/organise/{self.slug}/conflicts{path}", data={"csrf_token": self.token, **form})


@pytest.fixture
def desk(app: Flask, sign_in: SignIn, held: Office) -> Desk:
    return Desk(app, sign_in, held.desk, held.contest.slug)


def code(held: Office, entry: int = 0) -> str:
    return str(held.entries[entry].number)


def bars(database: Database, held: Office, judge: int = 0, entry: int = 0) -> bool:
    with database.reading() as session:
        return is_barred(session, judge_id=held.judges[judge].id, entry_id=held.entries[entry].id)


def test_office_bars_a_judge_and_sets_it_aside_with_a_reason(desk: Desk, held: Office, database: Database) -> None:
    given = {"judge": held.judges[0].id, "code": code(held), "kind": "teacher"}
    refused = desk.act(**given)
    assert (refused.status_code, "Write down the reason." in refused.text) == (422, True)
    assert desk.act(**given, unit="THPT A", reason=WHY).status_code == 422

    assert desk.act(**given, reason=WHY).status_code == 302

    assert bars(database, held)
    page = desk.read().text
    assert WHY in page
    assert "set by the office" in page
    assert "No conflict is in this list." in desk.read("?state=hint").text
    assert "No conflict is in this list." in desk.read("?source=detected").text
    with database.reading() as session:
        row = session.scalars(select(Conflict)).one()
    assert desk.act(f"/{row.id}/withdraw", reason="").status_code == 422
    assert desk.act(f"/{row.id}/withdraw", reason="Another teacher").status_code == 302
    assert not bars(database, held)
    assert "Another teacher" in desk.read("?state=aside").text


def test_unit_set_by_the_office_bars_from_all_its_entries_until_it_is_withdrawn(
    desk: Desk, held: Office, database: Database
) -> None:
    tie = {"judge": held.judges[1].id, "kind": "child", "unit": "Trường THCS Mẫu 12", "reason": WHY}
    assert desk.act(**tie).status_code == 302
    assert [bars(database, held, 1, entry) for entry in (0, 1)] == [True, True]
    assert desk.act(**tie).status_code == 422
    with database.reading() as session:
        said = session.scalars(select(ConflictStatement)).one()

    assert desk.act(f"/units/{said.id}/withdraw", reason="The child left school").status_code == 302

    assert [bars(database, held, 1, entry) for entry in (0, 1)] == [False, False]
    assert "The child left school" in desk.read().text
    assert desk.act(f"/units/{held.judges[0].id}/withdraw", reason=WHY).status_code == 404


def test_search_finds_clashes_and_the_office_takes_the_judge_off(desk: Desk, held: Office, database: Database) -> None:
    with database.writing() as session:
        entry, judge = session.get_one(Entry, held.entries[0].id), session.get_one(Judge, held.judges[0].id)
        make_assignment(session, entry, judge, round_key=PRELIMINARY)
        entry.answers = {"mentor": judge.account.name}
    desk.act("/search")
    assert "Bars, and the judge still has the entry" in desk.read().text
    with database.reading() as session:
        row = session.scalars(select(Conflict)).one()

    assert desk.act(f"/{row.id}/take-off", reason="Is the mentor").status_code == 302

    with database.reading() as session:
        assert session.scalars(select(Assignment.state)).one() == "recused"
    assert "Bars, and the judge still has the entry" not in desk.read().text


def test_kinds_become_hints_and_surnames_are_shown(desk: Desk, held: Office, database: Database) -> None:
    with database.writing() as session:
        entry, judge = session.get_one(Entry, held.entries[0].id), session.get_one(Judge, held.judges[0].id)
        judge.account.name, judge.unit = "Nông Thị Khảo", entry.unit
        make_assignment(session, entry, judge, round_key=PRELIMINARY)
    desk.act("/search")
    assert bars(database, held)

    assert desk.act("/terms", bars="mentor").status_code == 302

    assert not bars(database, held)
    page = desk.read("/terms").text
    assert "Nông Mẫu Bình" in page
    assert "Hint only" in desk.read("?state=hint").text


def test_force_is_proposed_by_one_and_approved_by_another(
    app: Flask, sign_in: SignIn, desk: Desk, held: Office, database: Database
) -> None:
    with database.writing() as session:
        account = make_account(session)
        give_role(session, session.get_one(Contest, held.contest.id), account, "committee")
    desk.act(judge=held.judges[0].id, code=code(held), kind="teacher", reason=WHY)
    given = {"judge": held.judges[0].id, "code": code(held), "round": PRELIMINARY}
    assert desk.act("/forced", **given).status_code == 422
    assert desk.act("/forced", **given, reason="Nobody else").status_code == 302
    with database.reading() as session:
        forced = session.scalars(select(ForcedAssignment)).one()
    assert desk.act(f"/forced/{forced.id}", verdict="approve").status_code == 403
    assert "Approve and assign" not in desk.read("/forced").text
    assert bars(database, held)
    second = Desk(app, sign_in, account, held.contest.slug)
    assert "Approve and assign" in second.read("/forced").text

    assert second.act(f"/forced/{forced.id}", verdict="approve").status_code == 302

    assert not bars(database, held)
    assert "Lifted by two persons" in desk.read("?state=lifted").text
    assert "Approved by a second person" in desk.client.get(f"/organise/{desk.slug}/assignment").text
    assert second.act(f"/forced/{forced.id}", verdict="reject").status_code == 422
    assert second.act(f"/forced/{forced.id}", verdict="maybe").status_code == 404


def test_pages_are_closed_to_an_organiser_who_judges(
    app: Flask, sign_in: SignIn, held: Office, database: Database
) -> None:
    with database.writing() as session:
        contest = session.get_one(Contest, held.contest.id)
        account = session.get_one(Account, held.judges[2].account_id)
        give_role(session, contest, account, "organiser")
    both = Desk(app, sign_in, account, held.contest.slug)

    assert [both.read(path).status_code for path in ("", "/terms", "/forced")] == [403, 403, 403]
    assert both.act(judge=held.judges[0].id, code=code(held), kind="teacher", reason=WHY).status_code == 403


class Judging(Desk):
    """A judge, with a browser."""

    def read(self, path: str = "") -> TestResponse:
        return self.client.get(f"/judge/{self.slug}/conflicts{path}")

    def say(self, **form: object) -> TestResponse:
        data = {"csrf_token": self.token, **form}
        return self.client.post(f"/judge/{self.slug}/conflicts/units", data=data)


def test_units_are_asked_before_any_entry_and_the_answer_tells_of_none(
    app: Flask, sign_in: SignIn, registry: Registry, database: Database
) -> None:
    with database.writing() as session:
        contest = make_contest(session, registry, phase="judging")
        judge = make_judge(session, contest, conflicts_declared_at=None)
        session.flush()
        session.delete(session.get_one(UnitsAnswer, judge.id))
        tied = make_entry(session, contest, unit="THCS Bí Mật", title="Tied work")
        free = make_entry(session, contest, unit="THCS Khác", title="Other work")
        readings = [make_assignment(session, one, judge, round_key=PRELIMINARY) for one in (tied, free)]
        account = judge.account
    person = Judging(app, sign_in, account, contest.slug)
    asked = person.read()
    assert (asked.status_code, asked.headers["Location"]) == (302, f"/judge/{contest.slug}/conflicts/units")
    page = person.read("/units").text
    assert "Tied work" not in page
    assert "Bí Mật" not in page
    assert person.say().status_code == 422
    assert person.say(unit="THCS Bí Mật").status_code == 422

    told = person.say(unit=["truong thcs bi mat", "Nhà máy không ai dự thi"], kind=["teacher", "spouse"])

    assert told.status_code == 302
    after = person.read("/units").text
    assert "Tied work" not in after
    listed = person.read().text
    assert "Other work" in listed
    assert "Tied work" not in listed
    assert person.client.get(f"/judge/sheets/{readings[0].id}").status_code == 404
    with database.reading() as session:
        assert session.scalars(select(Conflict.entry_id)).all() == [tied.id]


def test_answer_to_a_unit_is_the_same_whether_it_has_entries_or_not(
    app: Flask, sign_in: SignIn, held: Office, database: Database
) -> None:
    answers = []
    for judge, unit in zip(held.judges, ("THCS Mẫu 12", "THCS Không Ai"), strict=False):
        with database.reading() as session:
            account = session.get_one(Account, judge.account_id)
        person = Judging(app, sign_in, account, held.contest.slug)
        told = person.say(unit=unit, kind="child", then="")
        answers.append((told.status_code, told.headers["Location"], person.read("/units").text.replace(unit, "…")))
    one, other = (
        (status, place, [line for line in page.splitlines() if "csrf" not in line and "@example.vn" not in line])
        for status, place, page in answers
    )

    assert one[:2] == other[:2]
    assert len(one[2]) == len(other[2])
