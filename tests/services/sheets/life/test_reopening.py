"""Reopening a submitted sheet and writing one off: by whom, with a reason, and what stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import ContestRound, Job, SheetVersion
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict as NotNow
from judging.errors import NotAllowed, Refused
from judging.services.sheets.life import reopen_sheet, write_off_sheet
from tests.factories import NOW
from tests.services.sheets.cases import WHOLE, WHOLE_TOTAL, office

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from judging.services.sheets.life import SavedDraft
    from tests.services.sheets.cases import Case


def test_reopen_sheet_keeps_the_version_and_makes_it_the_draft(
    session: Session, case: Case, save: Callable[..., SavedDraft], submit: Callable[..., SheetVersion]
) -> None:
    save(case)
    submit(case)

    reopen_sheet(session, assignment=case.assignment, actor=office(session, case), reason="Gap of 24 points", now=NOW)
    assert (case.assignment.state, case.assignment.marks) == ("reopened", WHOLE)
    save(case, marks={**WHOLE, "form": "10"})
    second = submit(case, now=NOW + timedelta(hours=1))
    session.flush()

    versions = session.scalars(select(SheetVersion).order_by(SheetVersion.number)).all()
    assert [(version.number, version.total) for version in versions] == [(1, WHOLE_TOTAL), (2, "73.500000")]
    assert case.assignment.sheet_version == second.number == 2
    letter = session.scalars(select(Job)).one()
    assert letter.payload["to"] == case.account.email


def test_reopen_sheet_without_a_reason_is_refused(
    session: Session, case: Case, save: Callable[..., SavedDraft], submit: Callable[..., SheetVersion]
) -> None:
    save(case)
    submit(case)

    with pytest.raises(Refused):
        reopen_sheet(session, assignment=case.assignment, actor=office(session, case), reason=" ", now=NOW)


def test_reopen_sheet_by_its_own_judge_is_refused(
    session: Session, case: Case, save: Callable[..., SavedDraft], submit: Callable[..., SheetVersion]
) -> None:
    save(case)
    submit(case)

    with pytest.raises(NotAllowed):
        reopen_sheet(session, assignment=case.assignment, actor=case.actor, reason="I erred", now=NOW)


def test_reopen_sheet_by_its_own_judge_is_refused_in_the_office_too(
    session: Session, case: Case, save: Callable[..., SavedDraft], submit: Callable[..., SheetVersion]
) -> None:
    """Once the entry is locked its judges read the others' totals: who then opened the own sheet would follow them."""
    save(case)
    submit(case)
    both = Actor(account_id=case.judge.account_id, roles=frozenset({Role.JUDGE, Role.ORGANISER}))

    with pytest.raises(NotAllowed, match="own sheet"):
        reopen_sheet(session, assignment=case.assignment, actor=both, reason="I erred", now=NOW)
    assert case.assignment.state == "submitted"


def test_reopen_sheet_of_a_closed_round_is_refused(
    session: Session, case: Case, save: Callable[..., SavedDraft], submit: Callable[..., SheetVersion]
) -> None:
    save(case)
    submit(case)
    session.scalars(select(ContestRound).where(ContestRound.key == "preliminary")).one().state = "closed"
    session.flush()

    with pytest.raises(NotNow):
        reopen_sheet(session, assignment=case.assignment, actor=office(session, case), reason="Gap", now=NOW)


def test_write_off_sheet_is_the_organisers_and_needs_a_reason(session: Session, case: Case) -> None:
    with pytest.raises(NotAllowed):
        write_off_sheet(
            session, assignment=case.assignment, actor=office(session, case, Role.SECRETARY), reason="ill", now=NOW
        )
    write_off_sheet(session, assignment=case.assignment, actor=office(session, case), reason="ill", now=NOW)

    assert (case.assignment.state, case.assignment.reason) == ("written-off", "ill")


def test_write_off_sheet_that_is_submitted_is_refused(
    session: Session, case: Case, save: Callable[..., SavedDraft], submit: Callable[..., SheetVersion]
) -> None:
    save(case)
    submit(case)

    with pytest.raises(NotNow):
        write_off_sheet(session, assignment=case.assignment, actor=office(session, case), reason="ill", now=NOW)
