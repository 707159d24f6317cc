"""The end of a round by program: refused with what to do, moved, late sheets taken, silent judges reminded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from judging.db.models import Assignment, ContestRound, IdempotentAnswer, LateSheet, SentMessage, SheetVersion
from tests.factories import give_role, make_account, make_judge
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, Case, make_case
from tests.web.api.programs import Program, done, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.db.models import Account
    from judging.services.platform import Platform

    Acting = Callable[..., Program]

SUBMITTED = {"marks": WHOLE, "comments": COMMENTS, "comment": COMMENT, "state": "submitted"}
DAY = timedelta(days=1)


@pytest.fixture
def case(platform: Platform) -> Case:
    """A judge's sheet in a round whose end passed an hour ago, and that was opened days ago."""
    with platform.database.writing() as session:
        made = make_case(session, platform.registry)
        row = session.query(ContestRound).filter_by(contest_id=made.contest.id, key="preliminary").one()
        row.ends_at, row.opened_at = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) - 3 * DAY
        assert made.account.email
        return made


@pytest.fixture
def desk(platform: Platform, case: Case) -> Account:
    with platform.database.writing() as session:
        account = make_account(session)
        give_role(session, case.contest, account, "organiser")
        return account


@pytest.fixture
def here(case: Case) -> str:
    return f"/contests/{case.contest.slug}/rounds/preliminary"


def _send(judge: Program, case: Case, key: str | None = None) -> Any:
    address = f"/assignments/{case.assignment.id}/sheet"
    return judge.put(address, SUBMITTED, Idempotency_Key=f'"{key or uuid4()}"', If_None_Match="*")


def _later() -> str:
    return (datetime.now(UTC) + DAY).isoformat()


def test_program_is_told_that_the_round_ended_and_may_save_a_draft(
    acting: Acting, platform: Platform, case: Case
) -> None:
    judge = acting(case.account, "judge")

    refused = _send(judge, case)
    draft = judge.put(f"/assignments/{case.assignment.id}/sheet", {**SUBMITTED, "state": "draft"}, If_None_Match="*")

    told = said(refused)
    assert (refused.status_code, told["type"].partition("#")[2]) == (409, "problem-round-ended")
    assert "Send it as a draft to keep it" in told["detail"]
    assert draft.status_code == 200
    with platform.database.reading() as session:
        assert session.query(SheetVersion).count() == session.query(IdempotentAnswer).count() == 0
        assert session.query(LateSheet).one().assignment_id == case.assignment.id


def test_end_is_moved_for_one_judge_and_the_same_request_goes_through(
    acting: Acting, case: Case, desk: Account, here: str
) -> None:
    judge, office, key = acting(case.account, "judge"), acting(desk), str(uuid4())
    assert _send(judge, case, key).status_code == 409
    (state,) = [one for one in done(office.get(here.partition("/rounds")[0] + "/rounds"))["items"] if one["ends_at"]]

    wrong = office.post(f"{here}/end", {"until": state["ends_at"], "judge": case.judge.alias, "reason": "Mất điện."})
    made = done(office.post(f"{here}/end", {"until": _later(), "judge": case.judge.alias, "reason": "Mất điện."}), 201)

    assert (wrong.status_code, {one["code"] for one in said(wrong)["errors"]}) == (422, {"date-past", "shorter"})
    assert (made["judge"], made["told"]) == (case.judge.alias, [case.judge.alias])
    assert _send(judge, case, key).status_code == 201
    (work,) = done(judge.get("/me/assignments"))["items"]
    assert work["deadline"] == made["until"].replace("+00:00", "Z")


def test_late_sheet_is_listed_and_taken(acting: Acting, case: Case, desk: Account, here: str) -> None:
    judge, office = acting(case.account, "judge"), acting(desk)
    address = f"/assignments/{case.assignment.id}/late"
    assert office.post(address, {"reason": "Mất mạng."}).status_code == 409
    _send(judge, case)

    (late,) = done(office.get(f"{here}/late-sheets"))["items"]
    taken = done(office.post(address, {"reason": "Mất mạng."}))

    assert (late["judge"], late["entry"], late["tries"], late["taken"]) == (
        case.judge.alias, case.entry.alias, 1, False,
    )  # fmt: skip
    assert taken == {"assignment": case.assignment.id, "taken": True}
    assert _send(judge, case).status_code == 201
    assert done(office.get(f"{here}/late-sheets"))["items"] == []


def test_silent_judge_is_reminded_once_a_day(
    acting: Acting, platform: Platform, case: Case, desk: Account, here: str
) -> None:
    office = acting(desk)

    (silent,) = done(office.get(f"{here}/reminders"))["items"]
    unknown = office.post(f"{here}/reminders", {"judges": ["j-none"]})
    first = done(office.post(f"{here}/reminders", {"judges": [case.judge.alias]}), 201)
    second = done(office.post(f"{here}/reminders", {"judges": [case.judge.alias]}), 201)

    assert (silent["judge"], silent["left"], silent["told"]) == (case.judge.alias, 1, False)
    assert case.account.name in silent["text"]
    assert unknown.status_code == 422
    assert (first["sent"], second["sent"]) == ([case.judge.alias], [])
    assert [one["told"] for one in done(office.get(f"{here}/reminders"))["items"]] == [True]
    with platform.database.reading() as session:
        letter = session.query(SentMessage).filter_by(kind="silent-judge").one()
        assert (letter.subject, letter.text) == (silent["subject"], silent["text"])


def test_organiser_who_judges_does_none_of_it(
    acting: Acting, platform: Platform, case: Case, desk: Account, here: str
) -> None:
    with platform.database.writing() as session:
        make_judge(session, case.contest, account=desk)
    office, body = acting(desk), {"reason": "Lý do."}

    answers = [
        office.post(f"{here}/end", {"until": _later(), **body}),
        office.get(f"{here}/late-sheets"),
        office.post(f"/assignments/{case.assignment.id}/late", body),
        office.get(f"{here}/reminders"),
        office.post(f"{here}/reminders", {"judges": [case.judge.alias]}),
        office.post(f"{here}/assignments", {}),
        office.post(f"{here}/assignments", {"repair": True}),
        office.post(f"{here}/assignments", {"leaving": case.judge.alias, **body}),
        office.get(f"{here}/plan-settings"),
    ]

    assert {one.status_code for one in answers} <= {403, 404}
    with platform.database.reading() as session:
        assert session.query(SentMessage).count() == 0
        assert session.query(Assignment).one().state == "assigned"


def test_what_is_asked_of_the_plan_is_read_and_set(acting: Acting, desk: Account, here: str) -> None:
    office = acting(desk)
    read = office.get(f"{here}/plan-settings")
    usual = {"common": 0, "across": 0, "even": True, "preferences": True, "least": 0}

    unseen = office.put(f"{here}/plan-settings", {"common": 2})
    wrong = office.put(f"{here}/plan-settings", {"common": 51}, If_Match=read.headers["ETag"])
    changed = office.put(f"{here}/plan-settings", {"common": 2, "even": False}, If_Match=read.headers["ETag"])

    assert done(read) == usual
    assert (unseen.status_code, wrong.status_code) == (428, 422)
    assert done(changed) == done(office.get(f"{here}/plan-settings")) == {**usual, "common": 2, "even": False}
    assert office.put(f"{here}/plan-settings", {}, If_Match=read.headers["ETag"]).status_code == 412
