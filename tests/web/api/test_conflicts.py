"""Conflicts for programs: ties to units, force by two persons, and a judge whom a conflict keeps away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.db.models import Account, Assignment, Contest, Entry, EntryFile, FileCopy, Judge
from judging.domain.conflicts import ConflictKind
from judging.domain.permissions import Actor, Role
from judging.services.judges.conflicts.recusals import declare_conflict
from tests.factories import NOW, give_role, make_account, make_assignment
from tests.services.office import PRELIMINARY, Office, hold_contest
from tests.web.api.programs import Program, done

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.db.session import Database
    from judging.plugins import Registry

    Acting = Callable[..., Program]

WHY = "No other judge knows this field."
DRAFT: dict[str, Any] = {"marks": {}, "state": "draft"}


@pytest.fixture
def held(database: Database, registry: Registry) -> Office:
    """The first judge has the first entry."""
    with database.writing() as session:
        made = hold_contest(session, registry, entries=2, judges=2)
        make_assignment(session, made.entries[0], made.judges[0], round_key=PRELIMINARY)
        for judge in made.judges:
            assert judge.account.email
        return made


@pytest.fixture
def second(database: Database, held: Office) -> Account:
    with database.writing() as session:
        account = make_account(session)
        give_role(session, session.get_one(Contest, held.contest.id), account, "committee")
    return account


def bar(database: Database, held: Office, *, judge: int = 0, entry: int = 0) -> None:
    with database.writing() as session:
        declare_conflict(
            session, judge=session.get_one(Judge, held.judges[judge].id),
            entry=session.get_one(Entry, held.entries[entry].id), kind=ConflictKind.TEACHER, reason="", now=NOW,
            actor=Actor(account_id=held.desk.id, roles=frozenset({Role.ORGANISER})),
        )  # fmt: skip


def sheet_of(database: Database, held: Office, judge: int = 0, entry: int = 0) -> str:
    with database.reading() as session:
        query = select(Assignment.id).where(
            Assignment.judge_id == held.judges[judge].id, Assignment.entry_id == held.entries[entry].id
        )
        return f"/assignments/{session.scalars(query).one()}/sheet"


def test_barred_judge_is_refused_by_put_and_sees_nothing_with_any_tag(
    acting: Acting, held: Office, database: Database
) -> None:
    """T13: the direct PUT is a 403, and what the judge had read before opens nothing again."""
    judge, elsewhere = acting(held.judges[0].account, "judge"), acting(held.judges[0].account, "judge")
    address = sheet_of(database, held)
    tag = judge.get(address).headers["ETag"]
    assert judge.get(address, If_None_Match=tag).status_code == 304
    assert len(done(judge.get("/me/assignments"))["items"]) == 1
    entry = f"/entries/{held.entries[0].id}"
    assert judge.get(entry).status_code == 200

    bar(database, held)

    for program in (judge, elsewhere):
        refused = program.put(address, DRAFT, If_Match=tag)
        assert (refused.status_code, "conflict of interest" in refused.text) == (403, True)
        assert "teacher" not in refused.text.lower()
        assert program.get(address, If_None_Match=tag).status_code == 404
        assert program.get(entry).status_code == 404
        assert program.post(address.replace("/sheet", "/recuse"), {"kind": "teacher"}).status_code == 404
        assert done(program.get("/me/assignments"))["items"] == []
    # Another judge's sheet stays what it is to everybody else: nothing.
    assert acting(held.judges[1].account, "judge").put(address, DRAFT, If_Match=tag).status_code == 404


def test_files_of_an_entry_close_with_the_next_request(acting: Acting, held: Office, database: Database) -> None:
    item = next(one.key for one in held.rules.dossier if not one.office_only)
    with database.writing() as session:
        file = EntryFile(
            entry_id=held.entries[0].id, item=item, filename="a.pdf", media_type="application/pdf", size=1,
            sha256="0" * 64, key="k", uploaded_at=NOW,
        )  # fmt: skip
        session.add(file)
        session.flush()
        session.add(FileCopy(file_id=file.id, state="waiting"))
        session.flush()
        address = f"/entries/{held.entries[0].id}/files/{file.id}"
    judge = acting(held.judges[0].account, "judge")
    before = judge.get(address).status_code

    bar(database, held)

    assert (before, judge.get(address).status_code) == (409, 404)


def test_force_is_refused_without_reason_and_without_a_second_person(
    acting: Acting, held: Office, second: Account, database: Database
) -> None:
    bar(database, held, judge=1)
    desk, other = acting(held.desk), acting(second)
    base = f"/contests/{held.contest.slug}/forced-assignments"
    body = {"round": PRELIMINARY, "judge": held.judges[1].alias, "entry": held.entries[0].alias}

    assert desk.post(base, body).status_code == 422
    blank = desk.post(base, {**body, "reason": " "})
    assert (blank.status_code, blank.json and blank.json["errors"][0]["pointer"]) == (422, "#/reason")
    assert other.post(base, {**body, "reason": WHY}).status_code == 404
    assert desk.post(base, {**body, "judge": "j-nobody", "reason": WHY}).status_code == 404
    made = done(desk.post(base, {**body, "reason": WHY}), 201)
    assert (made["state"], made["conflicts"]) == ("proposed", ["teacher"])
    decision = f"{base}/{made['id']}/decision"
    assert desk.post(decision, {"verdict": "approve"}).status_code == 403
    with database.reading() as session:
        assert len(session.scalars(select(Assignment)).all()) == 1

    assert done(other.post(decision, {"verdict": "approve"}))["state"] == "approved"

    judge = acting(held.judges[1].account, "judge")
    address = sheet_of(database, held, judge=1)
    assert judge.get(address).status_code == 200
    assert [one["id"] for one in done(other.get(base))["items"]] == [made["id"]]
    assert acting(held.judges[1].account).get(base).status_code == 404


def test_judge_declares_units_by_program(acting: Acting, held: Office, database: Database) -> None:
    judge = acting(held.judges[0].account, "judge")
    base = f"/contests/{held.contest.slug}/conflicts/units"
    address = sheet_of(database, held)

    faulty = judge.post(base, {"units": [{"unit": "–", "kind": "child"}]})
    assert (faulty.status_code, faulty.json and faulty.json["errors"][0]["pointer"]) == (422, "#/units/0")
    unknown = done(judge.post(base, {"units": [{"unit": "THCS Không Ai", "kind": "child"}]}))
    known = done(judge.post(base, {"units": [{"unit": "trường THCS Mẫu 12", "kind": "child"}]}))

    assert unknown == known == {"recorded": 1}
    assert judge.get(address).status_code == 404
    assert done(judge.post(base, {"units": []})) == {"recorded": 0}
