"""The end of a round is kept: drafts stay, and sheets that come after it are refused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import IntakeSettings
from judging.errors import Refused
from judging.services.rounds.end.keeping import RoundEnded
from judging.services.sheets.life import reopen_sheet, save_draft
from tests.factories import NOW
from tests.services.rounds.end.desk import END, LATER, TICK, Desk
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry


def test_sheet_is_taken_up_to_the_end_and_not_after_it(desk: Desk) -> None:
    with pytest.raises(RoundEnded) as ended:
        desk.submit(at=END + TICK)

    assert "11:00, 20/10/2021 (UTC+0700)" in str(ended.value)
    assert desk.case.assignment.state == "draft"
    assert desk.submit(at=END).number == 1


def test_moment_of_receiving_counts_and_not_that_of_handling(desk: Desk) -> None:
    """A queue that delays a sheet costs nobody their place, up to a minute and no longer."""
    with pytest.raises(RoundEnded):
        desk.submit(at=END + timedelta(seconds=61), received_at=END)

    assert desk.submit(at=END + timedelta(seconds=60), received_at=END).number == 1


def test_draft_is_kept_after_the_end(desk: Desk) -> None:
    before = desk.case.assignment.draft_version
    marks = {**WHOLE, "form": "3"}

    saved = save_draft(
        desk.session, registry=desk.registry, assignment=desk.case.assignment, actor=desk.case.actor, marks=marks,
        bands={}, comments=COMMENTS, comment=COMMENT, locale="en", now=LATER,
    )  # fmt: skip

    assert saved.version == before + 1
    assert desk.case.assignment.marks["form"] == "3"


def test_sheet_that_is_not_whole_is_told_so_first(session: Session, registry: Registry) -> None:
    desk = Desk(session, registry)

    with pytest.raises(Refused):
        desk.submit(at=LATER)


def test_written_grace_of_the_contest_holds_for_rounds(desk: Desk) -> None:
    desk.session.add(
        IntakeSettings(
            contest_id=desk.case.contest.id, grace_minutes=10, two_persons=False, return_days=7, checklist=[],
            reasons=[],
        )
    )  # fmt: skip
    last = END + timedelta(minutes=10)

    with pytest.raises(RoundEnded):
        desk.submit(at=last + TICK)
    assert desk.submit(at=last).number == 1


def test_round_without_an_end_is_ended_by_closing_it_alone(session: Session, registry: Registry) -> None:
    """The contest's own date for the end of judging is a plan."""
    desk = Desk(session, registry, ends_at=None)
    desk.case.contest.judging_ends_at = END
    desk.save()

    assert desk.submit(at=LATER).number == 1


def test_sheet_that_is_reopened_after_the_end_may_be_handed_in_again(desk: Desk) -> None:
    desk.submit(at=END)

    reopen_sheet(desk.session, assignment=desk.case.assignment, actor=desk.organiser, reason="Sai tiêu chí.", now=LATER)

    judge, entry = desk.case.judge.alias, desk.case.entry.alias
    assert desk.extensions() == [(f"round:preliminary:{judge}:{entry}", END.isoformat(), "-")]
    assert desk.submit(at=LATER).number == 2


def test_sheet_that_is_reopened_before_the_end_ends_with_the_round(desk: Desk) -> None:
    desk.submit(at=NOW)

    reopen_sheet(desk.session, assignment=desk.case.assignment, actor=desk.organiser, reason="Sai tiêu chí.", now=END)

    assert desk.extensions() == []
    with pytest.raises(RoundEnded):
        desk.submit(at=LATER)
