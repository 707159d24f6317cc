"""The organiser moves the end of a round, for everybody or for one judge, and cuts nobody's time short."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import AuditEvent, SentMessage
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.services.rounds.end.keeping import RoundEnded
from judging.services.rounds.running import close_round, open_round, reopen_round
from judging.services.sheets.desk import list_desk
from judging.services.sheets.readings import find_reading
from tests import factories
from tests.factories import NOW
from tests.services.rounds.end.desk import END, LATER, TICK, Desk
from tests.services.sheets.cases import add_colleague

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.plugins import Registry


def test_end_moved_for_everybody_is_recorded_told_and_holds(desk: Desk) -> None:
    colleague, done = add_colleague(desk.session, desk.case), add_colleague(desk.session, desk.case)
    factories.make_sheet(desk.session, done.assignment, desk.case.judged)

    plan = desk.set_end(LATER, at=END + TICK)

    assert {one.id for one in plan.told} == {desk.case.judge.id, colleague.judge.id}
    assert desk.stage.ends_at == LATER
    assert desk.extensions() == [("round:preliminary", END.isoformat(), LATER.isoformat())]
    letters = desk.session.query(SentMessage).filter_by(kind="round-end").all()
    assert {one.account_id for one in letters} == {desk.case.account.id, colleague.account.id}
    assert all("Mất điện." in one.text and "11:00, 21/10/2021 (UTC+0700)" in one.text for one in letters)
    act = desk.session.query(AuditEvent).filter_by(action="round-end-set").one()
    assert (act.details["from"], act.details["to"]) == (END.isoformat(), LATER.isoformat())
    assert act.details["reason"] == "Mất điện."
    assert desk.submit(at=LATER).number == 1


def test_end_moved_for_one_judge_holds_for_no_other(desk: Desk) -> None:
    colleague = add_colleague(desk.session, desk.case)
    desk.save(colleague)

    plan = desk.set_end(LATER, at=END + TICK, judge=colleague.judge)

    assert [one.id for one in plan.told] == [colleague.judge.id]
    assert desk.stage.ends_at == END
    what = f"round:preliminary:{colleague.judge.alias}"
    assert desk.extensions() == [(what, END.isoformat(), LATER.isoformat())]
    with pytest.raises(RoundEnded):
        desk.submit(at=LATER)
    assert desk.submit(colleague, at=LATER).number == 1
    (work,) = list_desk(desk.session, registry=desk.registry, account=colleague.account)
    (others,) = list_desk(desk.session, registry=desk.registry, account=desk.case.account)
    assert (work.deadline, others.deadline) == (LATER, END)


def test_end_for_everybody_that_comes_before_a_judges_own_takes_nothing_from_them(desk: Desk) -> None:
    desk.set_end(LATER + timedelta(days=1), judge=desk.case.judge)
    desk.set_end(LATER)

    reading = find_reading(desk.session, registry=desk.registry, assignment=desk.case.assignment, actor=desk.case.actor)
    assert reading.deadline == LATER + timedelta(days=1)


def test_first_end_of_an_open_round_needs_a_reason_and_one_of_a_pending_round_tells_nobody(
    session: Session, registry: Registry
) -> None:
    desk = Desk(session, registry, ends_at=None)
    with pytest.raises(Refused):
        desk.set_end(END, reason="")

    desk.stage.state = "pending"
    plan = desk.set_end(END, reason="")

    assert plan.told == []
    assert desk.extensions() == [("round:preliminary", "-", END.isoformat())]
    assert session.query(SentMessage).filter_by(kind="round-end").all() == []


@pytest.mark.parametrize("until", [END, NOW, END - TICK])
def test_nobodys_time_is_cut_short_in_an_open_round(desk: Desk, until: datetime) -> None:
    with pytest.raises(Refused):
        desk.set_end(until)
    assert (desk.stage.ends_at, desk.extensions()) == (END, [])


@pytest.mark.parametrize("roles", [{Role.SECRETARY}, {Role.ORGANISER, Role.JUDGE}, {Role.AUDITOR}])
def test_only_an_organiser_who_does_not_judge_moves_the_end(desk: Desk, roles: set[Role]) -> None:
    actor = Actor(account_id=desk.organiser.account_id, roles=frozenset(roles))

    with pytest.raises(NotAllowed):
        desk.set_end(LATER, actor=actor)
    desk.come_late()
    with pytest.raises(NotAllowed):
        desk.take(actor=actor)


def test_round_whose_end_has_passed_is_not_opened(desk: Desk) -> None:
    desk.stage.state = "pending"
    desk.session.flush()

    with pytest.raises(Conflict):
        open_round(
            desk.session, registry=desk.registry, contest=desk.case.contest, round_key="preliminary", actor_id=None,
            now=END,
        )  # fmt: skip


def test_closed_round_is_opened_again_until_a_moment_that_is_to_come(desk: Desk) -> None:
    desk.submit(at=END)
    contest, key = desk.case.contest, "preliminary"
    close_round(
        desk.session, registry=desk.registry, contest=contest, round_key=key, actor=desk.organiser, now=LATER
    )  # fmt: skip

    def reopen(until: datetime | None) -> None:
        reopen_round(
            desk.session, contest=contest, round_key=key, actor=desk.organiser, reason="Kiểm tra lại.", now=LATER,
            until=until,
        )  # fmt: skip

    for wrong in (None, END, LATER):
        with pytest.raises(Refused):
            reopen(wrong)
    assert desk.stage.state == "closed"
    reopen(LATER + timedelta(hours=1))

    assert (desk.stage.state, desk.stage.ends_at) == ("open", LATER + timedelta(hours=1))
    assert desk.extensions() == [("round:preliminary", END.isoformat(), (LATER + timedelta(hours=1)).isoformat())]
