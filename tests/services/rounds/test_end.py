"""The end of a round is kept: drafts stay, sheets are refused, and only the organiser's decision gives more time."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import (
    Account,
    AuditEvent,
    ContestRound,
    IntakeSettings,
    LateSheet,
    LogLeaf,
    RoundExtension,
    SentMessage,
)
from judging.db.queries.round_end import list_late_sheets
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.services.rounds.end.keeping import RoundEnded
from judging.services.rounds.end.late import note_late, take_late
from judging.services.rounds.end.moving import set_end
from judging.services.rounds.running import close_round, open_round, reopen_round
from judging.services.sheets.desk import list_desk
from judging.services.sheets.life import reopen_sheet, save_draft, submit_sheet
from judging.services.sheets.readings import find_reading
from tests import factories
from tests.factories import NOW
from tests.letters import SETTINGS
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, Case, add_colleague, make_case, office

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import SheetVersion
    from judging.plugins import Registry
    from judging.services.rounds.end.moving import EndPlan

END = NOW + timedelta(hours=1)
LATER = END + timedelta(days=1)
TICK = timedelta(milliseconds=1)


class Desk:
    """A judge's whole sheet in a round with an end, and an organiser."""

    def __init__(self, session: Session, registry: Registry, *, ends_at: datetime | None = END) -> None:
        self.session, self.registry = session, registry
        self.case = make_case(session, registry, zone="Asia/Ho_Chi_Minh")
        self.stage = session.query(ContestRound).filter_by(contest_id=self.case.contest.id, key="preliminary").one()
        self.stage.ends_at = ends_at
        self.organiser = office(session, self.case)
        session.flush()

    def save(self, case: Case | None = None, *, at: datetime = NOW) -> None:
        mine = case or self.case
        save_draft(
            self.session, registry=self.registry, assignment=mine.assignment, actor=mine.actor, marks=WHOLE, bands={},
            comments=COMMENTS, comment=COMMENT, locale="en", now=at,
        )  # fmt: skip

    def submit(self, case: Case | None = None, *, at: datetime, received_at: datetime | None = None) -> SheetVersion:
        mine = case or self.case
        return submit_sheet(
            self.session, registry=self.registry, assignment=mine.assignment, actor=mine.actor, now=at,
            received_at=received_at,
        )  # fmt: skip

    def set_end(self, until: datetime, *, at: datetime = NOW, **values: object) -> EndPlan:
        told = {"actor": self.organiser, "reason": "Mất điện.", **values}
        return set_end(
            self.session, registry=self.registry, settings=SETTINGS, contest=self.case.contest,
            round_key="preliminary", until=until, now=at, **told,  # type: ignore[arg-type]  # each test its own
        )  # fmt: skip

    def come_late(self, *, at: datetime = LATER) -> None:
        note_late(self.session, assignment=self.case.assignment, received_at=at, now=at)

    def take(self, *, at: datetime = LATER, **values: object) -> None:
        told = {"actor": self.organiser, "reason": "Nộp trên máy trước hạn.", **values}
        take_late(
            self.session, settings=SETTINGS, assignment=self.case.assignment, now=at,
            **told,  # type: ignore[arg-type]  # each test its own
        )  # fmt: skip

    def extensions(self) -> list[tuple[str, str, str]]:
        """What the score log says of moved dates."""
        found = self.session.query(LogLeaf).order_by(LogLeaf.idx)
        bodies = [body for leaf in found if (body := json.loads(leaf.entry or b"{}"))["type"] == "extend"]
        return [(one["what"], one["old"], one["new"]) for one in bodies]


@pytest.fixture
def desk(session: Session, registry: Registry) -> Desk:
    made = Desk(session, registry)
    made.save()
    return made


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


def test_late_sheet_is_listed_no_more_once_it_is_recorded(desk: Desk) -> None:
    desk.come_late()
    desk.take()
    desk.submit(at=LATER)

    assert list_late_sheets(desk.session, contest_id=desk.case.contest.id, round_key="preliminary") == []
    assert desk.session.query(LateSheet).one().taken_by_id == desk.organiser.account_id
