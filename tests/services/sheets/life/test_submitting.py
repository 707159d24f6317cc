"""Submitting a sheet: whole or not at all, once, with an exact total and a code that anyone can recount."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import AuditEvent, SheetVersion
from judging.domain.structure import digest
from judging.errors import Conflict as NotNow
from judging.errors import Refused, StaleVersion
from judging.services.sheets.versions import sheet_code
from tests.services.sheets.cases import WHOLE, WHOLE_TOTAL, make_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from judging.plugins import Registry
    from judging.services.sheets.life import SavedDraft
    from tests.services.sheets.cases import Case


def test_submit_sheet_makes_a_version_with_an_exact_total_and_a_code_anyone_can_recount(
    session: Session, case: Case, save: Callable[..., SavedDraft], submit: Callable[..., SheetVersion]
) -> None:
    save(case)
    version = submit(case)
    session.flush()
    session.expire(version)

    assert (version.number, version.total, case.assignment.state) == (1, WHOLE_TOTAL, "submitted")
    assert version.marks == WHOLE
    assert version.rubric_digest == digest(case.judged.rubric)
    assert version.code == sheet_code(version)
    assert len(version.code) == 10


def test_submit_sheet_of_a_sheet_in_ninety_states_its_total_out_of_a_hundred(
    session: Session, registry: Registry, save: Callable[..., SavedDraft], submit: Callable[..., SheetVersion]
) -> None:
    case = make_case(session, registry, kind="startup", settings={})
    marks = {"innovation": "10", "growth": "10", "plan": "10", "resources": "10", "impact": "10"}

    save(case, marks=marks, comments={})

    assert submit(case).total == "55.555556"


def test_submit_sheet_that_is_not_complete_names_every_gap_in_the_rubrics_order(
    case: Case, save: Callable[..., SavedDraft], submit: Callable[..., SheetVersion]
) -> None:
    save(case, marks={"novelty": "0", "use.easy": "8.5", "form": "15.5"}, comments={}, comment="Good.")

    with pytest.raises(Refused) as refused:
        submit(case)

    assert [(problem.code, problem.where) for problem in refused.value.problems] == [
        ("comment-at-zero", "novelty"),
        ("mark-missing", "use.wide"),
        ("mark-above", "form"),
        ("comment-missing", "form"),
        ("overall-short", ""),
    ]
    assert case.assignment.state == "draft"


def test_submit_sheet_of_another_draft_than_the_one_reviewed_is_refused(
    case: Case, save: Callable[..., SavedDraft], submit: Callable[..., SheetVersion]
) -> None:
    reviewed = save(case).version
    save(case, marks={**WHOLE, "form": "1"})

    with pytest.raises(StaleVersion):
        submit(case, expected_version=reviewed)


def test_submit_sheet_twice_is_refused(
    session: Session, case: Case, save: Callable[..., SavedDraft], submit: Callable[..., SheetVersion]
) -> None:
    save(case)
    submit(case)

    with pytest.raises(NotNow):
        submit(case)
    assert len(session.scalars(select(SheetVersion)).all()) == 1


def test_submit_sheet_leaves_an_event_without_marks(
    session: Session, case: Case, save: Callable[..., SavedDraft], submit: Callable[..., SheetVersion]
) -> None:
    save(case)
    version = submit(case)

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "sheet-submitted")).one()
    assert event.details == {
        "round": "preliminary", "entry": case.entry.alias, "judge": case.judge.alias, "version": 1,
        "code": version.code,
    }  # fmt: skip
