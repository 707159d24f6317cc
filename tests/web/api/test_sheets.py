"""A judge's sheet by program: drafts, submissions with receipts, repetitions, stale versions, closed doors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from judging.db.models import Assignment, Contest, ContestRound, IdempotentAnswer, Judge, SheetVersion
from judging.services.idempotency import KEPT
from judging.services.sheets.life import reopen_sheet
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, WHOLE_TOTAL, Case, add_colleague, make_case, office
from tests.web.api.programs import Program, done, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.services.platform import Platform

    Acting = Callable[..., Program]

SUBMITTED = {"marks": WHOLE, "comments": COMMENTS, "comment": COMMENT, "state": "submitted"}
DRAFT = {"marks": {"novelty": "24"}, "state": "draft"}


@pytest.fixture
def case(platform: Platform) -> Case:
    with platform.database.writing() as session:
        made = make_case(session, platform.registry)
        # What is read here stays readable after the session.
        assert made.account.email
        return made


@pytest.fixture
def judge(acting: Acting, case: Case) -> Program:
    return acting(case.account, "judge")


@pytest.fixture
def address(case: Case) -> str:
    return f"/assignments/{case.assignment.id}/sheet"


def keyed(**headers: str) -> dict[str, str]:
    return {"Idempotency_Key": f'"{uuid4()}"', **headers}


def test_sheet_is_read_saved_and_submitted_version_by_version(judge: Program, address: str, case: Case) -> None:
    read = judge.get(address)
    fresh = done(read)
    assert (fresh["state"], fresh["marks"], fresh["receipt"], fresh["left"]) == ("assigned", {}, None, 3)
    assert [one["key"] for one in fresh["rubric"]["criteria"]] == ["novelty", "use", "form", "advice"]

    saved = judge.put(address, DRAFT, If_Match=read.headers["ETag"])
    assert (saved.status_code, said(saved)["state"], said(saved)["receipt"]) == (200, "draft", None)
    submitted = judge.put(address, SUBMITTED, **keyed(If_Match=saved.headers["ETag"]))
    receipt = done(submitted, 201)["receipt"]
    assert set(receipt) == {"version", "code", "time", "total", "log", "index", "proof"}
    assert (receipt["version"], receipt["total"], said(submitted)["state"]) == (1, WHOLE_TOTAL, "submitted")
    assert len({read.headers["ETag"], saved.headers["ETag"], submitted.headers["ETag"]}) == 3
    locked = judge.get(address)
    assert (locked.headers["ETag"], done(locked)["receipt"]) == (submitted.headers["ETag"], {**receipt, "proof": None})
    assert judge.get(address.replace("/sheet", "/receipt")).text == receipt["proof"]
    assert said(locked)["closed"]
    assert judge.get(address, If_None_Match=locked.headers["ETag"]).status_code == 304


def test_list_of_work_says_what_is_open(judge: Program, case: Case) -> None:
    (work,) = done(judge.get("/me/assignments"))["items"]

    assert (work["id"], work["round"], work["state"]) == (case.assignment.id, "preliminary", "assigned")
    assert (work["open"], work["must_declare"], work["contest"]) == (True, False, case.contest.slug)
    assert done(judge.get("/me/assignments?state=submitted"))["items"] == []


def test_repeated_submission_is_answered_as_the_first_even_when_the_round_is_closed_since(
    judge: Program, address: str, platform: Platform, case: Case
) -> None:
    headers = keyed(If_None_Match="*")
    first = judge.put(address, SUBMITTED, **headers)
    with platform.database.writing() as session:
        session.query(ContestRound).filter_by(contest_id=case.contest.id, key="preliminary").one().state = "closed"

    again = judge.put(address, SUBMITTED, **headers)
    # The order of members and spaces says nothing.
    turned = judge.put(address, dict(reversed(SUBMITTED.items())), **headers)
    other = judge.put(address, {**SUBMITTED, "comment": COMMENT + " Hay."}, **headers)

    assert first.status_code == 201
    for answer in (again, turned):
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (201, first.data, first.headers["ETag"])
    assert (other.status_code, said(other)["type"].partition("#")[2]) == (422, "problem-other-request")


def test_key_of_another_person_is_no_key_of_mine(
    judge: Program, address: str, platform: Platform, acting: Acting, case: Case
) -> None:
    with platform.database.writing() as session:
        other = add_colleague(session, case)
        theirs, person = other.assignment.id, other.account
    headers = keyed(If_None_Match="*")

    assert judge.put(address, SUBMITTED, **headers).status_code == 201
    colleague = acting(person, "judge")
    assert colleague.put(f"/assignments/{theirs}/sheet", SUBMITTED, **headers).status_code == 201


def test_versions_that_do_not_agree_are_refused_with_the_sheet_as_it_is(judge: Program, address: str) -> None:
    assert judge.put(address, DRAFT).status_code == 200
    # From here on something would be lost.
    assert judge.put(address, DRAFT).status_code == 428
    for headers in ({"If_Match": '"v99"'}, {"If_None_Match": "*"}):
        stale = judge.put(address, SUBMITTED, **keyed(**headers))
        assert (stale.status_code, said(stale)["current"]["marks"]) == (412, {"novelty": "24"})
        assert stale.headers["ETag"] == judge.get(address).headers["ETag"]
    assert said(judge.get(address))["state"] == "draft"


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_what_is_no_mark_is_refused_at_its_place_and_not_kept(
    judge: Program, address: str, platform: Platform, state: str
) -> None:
    for mark in ("8,5", "NaN", "Infinity", "1e3", "１２", "+24", "1_0", "31", "-1", "24.5", "٢٤", "0x10", "24" * 9):
        body = {**SUBMITTED, "marks": {**WHOLE, "novelty": mark}, "state": state}
        answer = judge.put(address, body, **keyed(If_None_Match="*"))
        assert answer.status_code == 422, (mark, answer.text)
        assert [one["pointer"] for one in said(answer)["errors"]] == ["#/marks/novelty"], mark
    for raw in (
        b'{"marks": {"novelty": 24}, "state": "draft"}', b'{"marks": {"novelty": 1e309}, "state": "draft"}',
        b'{"marks": {"novelty": NaN}, "state": "draft"}', b'{"marks": {"novelty": null}, "state": "draft"}',
        b'{"marks": {"novelty": "24", "novelty": "3"}, "state": "draft"}', b'{"marks": {}, "state": "awarded"}',
        b'{"marks": {}, "state": "draft", "total": "100"}', b'{"marks": {"nothing": "3"}, "state": "draft"}',
    ):  # fmt: skip
        assert judge.call("PUT", address, raw, If_Match="*").status_code in (400, 422), raw
    with platform.database.reading() as session:
        kept = session.query(Assignment).one()
        assert kept.marks.get("novelty", "24") == "24"


def test_incomplete_sheet_is_no_submission(judge: Program, address: str, platform: Platform) -> None:
    answer = judge.put(address, {"marks": {"novelty": "24"}, "state": "submitted"}, **keyed(If_None_Match="*"))

    assert answer.status_code == 422
    assert {one["pointer"] for one in said(answer)["errors"]} == {
        "#/marks/use.easy", "#/marks/use.wide", "#/marks/form", "#/comments/form", "#/comment",
    }  # fmt: skip
    with platform.database.reading() as session:
        # Nothing of a refused request stays, its key included.
        assert session.query(SheetVersion).count() == session.query(IdempotentAnswer).count() == 0
        assert session.query(Assignment).one().draft_version == 0


def test_rubric_that_changed_is_told_with_the_new_one(judge: Program, address: str) -> None:
    digest = said(judge.get(address))["rubric"]["digest"]

    changed = judge.put(address, {**SUBMITTED, "rubric": "0" * 64}, **keyed(If_None_Match="*"))
    assert (changed.status_code, said(changed)["type"].partition("#")[2]) == (409, "problem-rubric-changed")
    assert said(changed)["current"]["rubric"]["digest"] == digest
    assert judge.put(address, {**SUBMITTED, "rubric": digest}, **keyed(If_None_Match="*")).status_code == 201


def test_reopened_sheet_becomes_the_next_version(judge: Program, address: str, platform: Platform, case: Case) -> None:
    first = judge.put(address, SUBMITTED, **keyed(If_None_Match="*"))
    closed = judge.put(address, SUBMITTED, **keyed(If_Match=first.headers["ETag"]))
    assert closed.status_code == 409
    with platform.database.writing() as session:
        assignment = session.get_one(Assignment, case.assignment.id)
        reopen_sheet(
            session, assignment=assignment, actor=office(session, case), reason="Xem lại", now=datetime.now(UTC)
        )

    assert judge.put(address, SUBMITTED, **keyed(If_Match=first.headers["ETag"])).status_code == 412
    second = judge.put(address, SUBMITTED, **keyed(If_Match=judge.get(address).headers["ETag"]))
    assert done(second, 201)["receipt"]["version"] == 2


def test_sheet_is_closed_by_round_phase_and_undeclared_conflicts(
    judge: Program, address: str, platform: Platform, case: Case
) -> None:
    def refused(change: Callable[[Any], None]) -> str:
        with platform.database.writing() as session:
            change(session)
        answer = judge.put(address, SUBMITTED, **keyed(If_None_Match="*"))
        assert answer.status_code == 409, answer.text
        return str(said(answer)["detail"])

    told = [
        refused(lambda session: setattr(session.get_one(Judge, case.judge.id), "conflicts_declared_at", None)),
        refused(lambda session: setattr(session.query(ContestRound).order_by("position").first(), "state", "closed")),
        refused(lambda session: setattr(session.get_one(Contest, case.contest.id), "phase", "deliberation")),
    ]

    assert len(set(told)) == 3


def test_judge_who_stepped_back_no_longer_sees_the_entry(judge: Program, address: str, case: Case) -> None:
    here = f"/assignments/{case.assignment.id}/recuse"
    assert judge.post(here, {}).status_code == 422

    assert done(judge.post(here, {"kind": "teacher"}))["state"] == "recused"
    nothing = judge.get(f"/assignments/{uuid4()}/sheet").data
    assert judge.get(address).data == nothing
    assert judge.get(f"/entries/{case.entry.id}").data == nothing
    assert done(judge.get("/me/assignments"))["items"] == []


def test_sheet_of_another_judge_is_nothing(judge: Program, platform: Platform, case: Case) -> None:
    with platform.database.writing() as session:
        theirs = add_colleague(session, case).assignment.id
    nothing = judge.get(f"/assignments/{uuid4()}/sheet").data

    assert judge.get(f"/assignments/{theirs}/sheet").data == nothing
    assert judge.put(f"/assignments/{theirs}/sheet", SUBMITTED, **keyed(If_None_Match="*")).data == nothing


def test_old_answers_are_forgotten(judge: Program, address: str, platform: Platform, case: Case) -> None:
    with platform.database.writing() as session:
        session.add(
            IdempotentAnswer(
                account_id=case.account.id, key="old", request_sha256="0" * 64, status=201, headers={}, body="{}",
                created_at=datetime.now(UTC) - KEPT - KEPT / 100,
            )
        )  # fmt: skip

    assert judge.put(address, SUBMITTED, **keyed(If_None_Match="*")).status_code == 201
    with platform.database.reading() as session:
        assert session.query(IdempotentAnswer).filter_by(key="old").count() == 0
