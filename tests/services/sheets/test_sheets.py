"""Saving, submitting, reopening and writing off score sheets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.db.models import AuditEvent, Conflict, ContestRound, Job, SheetVersion
from judging.domain.permissions import Actor, Role
from judging.domain.structure import digest
from judging.errors import Conflict as NotNow
from judging.errors import NotAllowed, NotFound, Refused, StaleVersion
from judging.services.sheets.life import reopen_sheet, save_draft, submit_sheet, write_off_sheet
from judging.services.sheets.versions import sheet_code
from tests.factories import NOW, make_account
from tests.services.sheets.cases import (
    COMMENT,
    COMMENTS,
    WHOLE,
    WHOLE_TOTAL,
    add_colleague,
    make_case,
    office,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from judging.plugins import Registry
    from judging.services.sheets.life import SavedDraft
    from tests.services.sheets.cases import Case


@pytest.fixture
def case(session: Session, registry: Registry) -> Case:
    return make_case(session, registry)


@pytest.fixture
def save(session: Session, registry: Registry) -> Callable[..., SavedDraft]:
    def saving(case: Case, **changes: Any) -> SavedDraft:
        values: dict[str, Any] = {
            "assignment": case.assignment, "actor": case.actor, "marks": WHOLE, "bands": {}, "comments": COMMENTS,
            "comment": COMMENT, "locale": "en", "now": NOW, **changes,
        }  # fmt: skip
        return save_draft(session, registry=registry, **values)

    return saving


@pytest.fixture
def submit(session: Session, registry: Registry) -> Callable[..., SheetVersion]:
    def submitting(case: Case, **changes: Any) -> SheetVersion:
        values: dict[str, Any] = {"assignment": case.assignment, "actor": case.actor, "now": NOW, **changes}
        return submit_sheet(session, registry=registry, **values)

    return submitting


def test_save_draft_keeps_marks_as_canonical_decimals(case: Case, save: Callable[..., SavedDraft]) -> None:
    saved = save(case, marks={**WHOLE, "use.easy": "8,50", "form": "12.0"}, locale="vi")

    assert saved.problems == ()
    assert case.assignment.marks == {"novelty": "24", "use.easy": "8.5", "use.wide": "11", "form": "12"}
    assert (case.assignment.state, saved.left, saved.version) == ("draft", 0, 1)


def test_save_draft_with_a_text_that_is_no_mark_keeps_the_text_and_names_the_criterion(
    case: Case, save: Callable[..., SavedDraft]
) -> None:
    saved = save(case, marks={**WHOLE, "use.wide": "eleven"})

    assert [(problem.code, problem.where) for problem in saved.problems] == [("mark-number", "use.wide")]
    assert case.assignment.marks["use.wide:typed"] == "eleven"
    assert saved.left == 1


def test_save_draft_with_a_mark_outside_its_chosen_band_says_so_until_it_is_mended(
    case: Case, save: Callable[..., SavedDraft], submit: Callable[..., SheetVersion]
) -> None:
    saved = save(case, bands={"novelty": "new"})

    assert [problem.code for problem in saved.problems] == ["mark-outside-band"]
    with pytest.raises(Refused):
        submit(case)
    save(case, bands={"novelty": "fair"})
    assert submit(case).number == 1


def test_save_draft_from_a_page_older_than_the_draft_changes_nothing(
    case: Case, save: Callable[..., SavedDraft]
) -> None:
    save(case, expected_version=0)

    with pytest.raises(StaleVersion):
        save(case, marks={"novelty": "1"}, expected_version=0)
    assert case.assignment.marks["novelty"] == "24"


def test_save_draft_of_an_empty_form_does_not_begin_the_sheet(case: Case, save: Callable[..., SavedDraft]) -> None:
    save(case, marks=dict.fromkeys(WHOLE, ""), comments={}, comment="  ")

    assert (case.assignment.state, case.assignment.draft_version) == ("assigned", 0)


@pytest.mark.parametrize(
    ("phase", "round_state"), [("judging", "closed"), ("judging", "pending"), ("deliberation", "open")]
)
def test_save_draft_outside_an_open_round_of_a_contest_in_judging_is_refused(
    session: Session, case: Case, save: Callable[..., SavedDraft], phase: str, round_state: str
) -> None:
    case.contest.phase = phase
    stage = session.scalars(select(ContestRound).where(ContestRound.key == "preliminary")).one()
    stage.state = round_state
    session.flush()

    with pytest.raises(NotNow):
        save(case)
    assert case.assignment.marks == {}


def test_save_draft_by_another_judge_of_the_entry_finds_nothing(
    session: Session, case: Case, save: Callable[..., SavedDraft]
) -> None:
    colleague = add_colleague(session, case)

    with pytest.raises(NotFound):
        save(case, actor=colleague.actor)


def test_save_draft_by_the_entrys_owner_is_refused(
    session: Session, case: Case, save: Callable[..., SavedDraft]
) -> None:
    case.entry.owner_id = case.judge.account_id
    session.flush()

    with pytest.raises(NotAllowed):
        save(case)


def test_save_draft_before_conflicts_are_declared_is_refused(
    session: Session, case: Case, save: Callable[..., SavedDraft]
) -> None:
    case.judge.conflicts_declared_at = None
    session.flush()

    with pytest.raises(NotNow):
        save(case)


def test_save_draft_where_a_conflict_stands_finds_nothing(
    session: Session, case: Case, save: Callable[..., SavedDraft]
) -> None:
    session.add(
        Conflict(
            contest_id=case.contest.id, judge_id=case.judge.id, entry_id=case.entry.id, kind="same-unit",
            source="derived", at=NOW,
        )
    )  # fmt: skip
    session.flush()

    with pytest.raises(NotFound):
        save(case)


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


def test_save_draft_by_a_judge_without_the_role_is_refused(
    session: Session, case: Case, save: Callable[..., SavedDraft]
) -> None:
    stranger = Actor(account_id=make_account(session).id, roles=frozenset({Role.JUDGE}))

    with pytest.raises(NotFound):
        save(case, actor=stranger)
    with pytest.raises(NotAllowed):
        save(case, actor=replace(case.actor, roles=frozenset({Role.ORGANISER})))
