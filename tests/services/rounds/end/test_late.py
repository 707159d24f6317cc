"""A late sheet is noted, and taken by the organiser's named decision alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import Account, AuditEvent, LateSheet, RoundExtension, SentMessage
from judging.db.queries.round_end import list_late_sheets
from judging.errors import Conflict, NotAllowed, Refused
from judging.services.rounds.end.keeping import RoundEnded
from judging.services.sheets.life import save_draft, submit_sheet
from tests import factories
from tests.services.rounds.end.desk import END, LATER
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE

if TYPE_CHECKING:
    from tests.services.rounds.end.desk import Desk


def test_organiser_who_judges_another_entry_takes_no_late_sheet(desk: Desk) -> None:
    """At one sheet only its own judge has a judge's role."""
    account = desk.session.get_one(Account, desk.organiser.account_id)
    factories.make_judge(desk.session, desk.case.contest, account=account)
    desk.come_late()

    with pytest.raises(NotAllowed):
        desk.take()


def test_late_sheet_is_noted_once_with_its_tries_and_nothing_of_its_text(desk: Desk) -> None:
    desk.come_late(at=LATER)
    desk.come_late(at=LATER + timedelta(minutes=5))

    (late,) = list_late_sheets(desk.session, contest_id=desk.case.contest.id, round_key="preliminary")
    assert (late.received_at, late.last_at, late.tries) == (LATER, LATER + timedelta(minutes=5), 2)
    (act,) = desk.session.query(AuditEvent).filter_by(action="sheet-late").all()
    assert act.details == {
        "round": "preliminary", "entry": desk.case.entry.alias, "judge": desk.case.judge.alias,
    }  # fmt: skip


def test_late_sheet_is_taken_by_a_named_decision_and_handed_in_by_its_judge(desk: Desk) -> None:
    other = factories.make_assignment(
        desk.session, factories.make_entry(desk.session, desk.case.contest), desk.case.judge, round_key="preliminary"
    )
    desk.come_late()

    desk.take()

    judge, entry = desk.case.judge.alias, desk.case.entry.alias
    assert desk.extensions() == [(f"round:preliminary:{judge}:{entry}", END.isoformat(), "-")]
    (letter,) = desk.session.query(SentMessage).filter_by(kind="late-sheet-taken").all()
    assert (letter.account_id, "Nộp trên máy trước hạn." in letter.text) == (desk.case.account.id, True)
    act = desk.session.query(AuditEvent).filter_by(action="late-sheet-taken").one()
    assert (act.actor_id, act.details["reason"]) == (desk.organiser.account_id, "Nộp trên máy trước hạn.")
    assert desk.submit(at=LATER + timedelta(days=3)).number == 1
    # The decision is about this sheet: the judge's others end as they did.
    save_draft(
        desk.session, registry=desk.registry, assignment=other, actor=desk.case.actor, marks=WHOLE, bands={},
        comments=COMMENTS, comment=COMMENT, locale="en", now=LATER,
    )  # fmt: skip
    with pytest.raises(RoundEnded):
        submit_sheet(desk.session, registry=desk.registry, assignment=other, actor=desk.case.actor, now=LATER)


def test_late_sheet_is_not_taken_twice_nor_without_a_reason_nor_where_none_came(desk: Desk) -> None:
    with pytest.raises(Conflict):
        desk.take()
    desk.come_late()
    with pytest.raises(Refused):
        desk.take(reason=" ")
    desk.take()
    with pytest.raises(Conflict):
        desk.take()
    assert desk.session.query(RoundExtension).count() == 1


def test_late_sheet_is_not_taken_in_a_closed_round(desk: Desk) -> None:
    desk.come_late()
    desk.stage.state = "closed"
    desk.session.flush()

    with pytest.raises(Conflict):
        desk.take()


def test_late_sheet_is_listed_no_more_once_it_is_recorded(desk: Desk) -> None:
    desk.come_late()
    desk.take()
    desk.submit(at=LATER)

    assert list_late_sheets(desk.session, contest_id=desk.case.contest.id, round_key="preliminary") == []
    assert desk.session.query(LateSheet).one().taken_by_id == desk.organiser.account_id
