"""Declaring conflicts of interest by program: every reading that is listed is answered for, and silence is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from judging.db.models import Judge
from tests import factories
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, Case, make_case
from tests.web.api.programs import Program, done, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from judging.services.platform import Platform

    Acting = Callable[..., Program]

SUBMITTED = {"marks": WHOLE, "comments": COMMENTS, "comment": COMMENT, "state": "submitted"}
_KEYED = {"Idempotency_Key": '"the-only-one"', "If_None_Match": "*"}


@pytest.fixture
def case(platform: Platform) -> Case:
    """A judge who has yet to declare for their one reading."""
    with platform.database.writing() as session:
        made = make_case(session, platform.registry)
        made.judge.conflicts_declared_at = None
        # What is read here stays readable after the session.
        assert made.account.email
        return made


@pytest.fixture
def judge(acting: Acting, case: Case) -> Program:
    return acting(case.account, "judge")


@pytest.fixture
def address(case: Case) -> str:
    return f"/assignments/{case.assignment.id}/sheet"


def refused(answer: TestResponse) -> Any:
    """The problem document of a refusal by rule."""
    assert answer.status_code == 422, said(answer)
    return said(answer)


def test_declaration_takes_the_judge_off_entries_with_a_conflict(judge: Program, address: str, case: Case) -> None:
    here = _address(case)

    assert [one["assignment"] for one in done(judge.get(here))["items"]] == [case.assignment.id]
    assert done(judge.post(here, {"answers": {case.assignment.id: "child"}})) == {"recused": 1}
    assert judge.get(address).status_code == 404


def test_declaration_of_no_conflict_opens_the_sheet(judge: Program, address: str, case: Case) -> None:
    here = _address(case)
    assert judge.put(address, SUBMITTED, **_KEYED).status_code == 409

    assert done(judge.post(here, {"answers": {case.assignment.id: "none"}})) == {"recused": 0}
    assert judge.put(address, SUBMITTED, **_KEYED).status_code == 201


@pytest.mark.parametrize("silence", [None, {}, {"answers": {}}, {"answers": None}])
def test_declaration_without_an_answer_is_refused_and_says_what_to_send(
    judge: Program, platform: Platform, case: Case, silence: dict[str, object] | None
) -> None:
    here = _address(case)

    problem = refused(judge.post(here, silence))

    assert [one["code"] for one in problem["errors"]] == ["answers-missing"]
    assert "“none”" in problem["errors"][0]["detail"]
    assert not _has_declared(platform, case)


def test_declaration_that_leaves_out_a_listed_reading_is_refused_as_a_whole(
    judge: Program, platform: Platform, case: Case
) -> None:
    here = _address(case)
    with platform.database.writing() as session:
        late = _add_reading(session, case)

    problem = refused(judge.post(here, {"answers": {case.assignment.id: "child"}}))

    assert [(one["code"], one["pointer"]) for one in problem["errors"]] == [("missing", f"#/answers/{late}")]
    assert not _has_declared(platform, case)
    assert len(done(judge.get(here))["items"]) == 2


def test_declaration_for_what_is_not_listed_is_refused(judge: Program, platform: Platform, case: Case) -> None:
    here = _address(case)
    strange = str(uuid4())

    problem = refused(judge.post(here, {"answers": {case.assignment.id: "none", strange: "child"}}))

    assert [(one["code"], one["pointer"]) for one in problem["errors"]] == [("unknown", f"#/answers/{strange}")]
    assert not _has_declared(platform, case)


def test_declaration_of_an_unknown_kind_says_which_there_are(judge: Program, platform: Platform, case: Case) -> None:
    problem = refused(judge.post(_address(case), {"answers": {case.assignment.id: "nothing"}}))

    (fault,) = problem["errors"]
    assert (fault["code"], fault["pointer"]) == ("enum", f"#/answers/{case.assignment.id}")
    assert "none, spouse, child" in fault["detail"]
    assert not _has_declared(platform, case)


def _address(case: Case) -> str:
    return f"/contests/{case.contest.slug}/conflicts"


def _has_declared(platform: Platform, case: Case) -> bool:
    with platform.database.reading() as session:
        return session.get_one(Judge, case.judge.id).conflicts_declared_at is not None


def _add_reading(session: Session, case: Case) -> str:
    entry = factories.make_entry(session, session.merge(case.contest))
    return factories.make_assignment(session, entry, session.merge(case.judge), round_key="preliminary", position=2).id
