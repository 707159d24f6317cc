"""Saving a draft: what is typed is kept, what is wrong is told, and only its judge writes on an open sheet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import Conflict, ContestRound
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict as NotNow
from judging.errors import NotAllowed, NotFound, Refused, StaleVersion
from tests.factories import NOW, make_account
from tests.services.sheets.cases import WHOLE, add_colleague

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from judging.db.models import SheetVersion
    from judging.services.sheets.life import SavedDraft
    from tests.services.sheets.cases import Case


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


def test_save_draft_by_a_judge_without_the_role_is_refused(
    session: Session, case: Case, save: Callable[..., SavedDraft]
) -> None:
    stranger = Actor(account_id=make_account(session).id, roles=frozenset({Role.JUDGE}))

    with pytest.raises(NotFound):
        save(case, actor=stranger)
    with pytest.raises(NotAllowed):
        save(case, actor=replace(case.actor, roles=frozenset({Role.ORGANISER})))
