"""A judge's first sheets come back at the end, are kept or revised, and what others gave stays closed until then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sqlalchemy import select

from judging.db.models import AuditEvent, SecondLook, SheetVersion
from judging.domain.lifecycle import SheetState
from judging.domain.structure import digest, to_plain
from judging.errors import Conflict, NotFound, RulesError
from judging.services.contests.editions import contest_rules
from judging.services.contests.settings import differences
from judging.services.sheets.desk import list_desk, panel_totals
from judging.services.sheets.readings import Reading, find_reading, find_stage
from judging.services.sheets.warm_up import awaits_second_look, keep_first_sheet, looks_left, reopen_first_sheet
from tests import factories
from tests.services.sheets.cases import RUBRIC, Case, add_colleague, make_case

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Assignment
    from judging.plugins import Registry

ROUND = {"sentences": 2, "warm_up": 2}
LATER = factories.NOW + timedelta(days=1)


class Desk(NamedTuple):
    """A judge with three entries, in a round whose first two sheets are looked at again."""

    session: Session
    registry: Registry
    case: Case
    sheets: list[Assignment]

    def submit(self, sheet: Assignment, *, minute: int) -> None:
        """Store a submitted sheet of that minute."""
        at = factories.NOW + timedelta(minutes=minute)
        made = factories.make_sheet(self.session, sheet, self.case.judged, submitted_at=at)
        assert made.number == 1

    def reading(self, sheet: Assignment) -> Reading:
        return find_reading(self.session, registry=self.registry, assignment=sheet, actor=self.case.actor)

    def left(self) -> list[str]:
        return [one.assignment_id for one in looks_left(self.session, reading=self.reading(self.sheets[0]))]

    def keep(self, sheet: Assignment, now: datetime = LATER) -> None:
        keep_first_sheet(self.session, registry=self.registry, assignment=sheet, actor=self.case.actor, now=now)

    def reopen(self, sheet: Assignment) -> None:
        reopen_first_sheet(self.session, registry=self.registry, assignment=sheet, actor=self.case.actor, now=LATER)


@pytest.fixture
def desk(session: Session, registry: Registry) -> Desk:
    settings = {"rubric-preliminary": to_plain(RUBRIC), "round-preliminary": ROUND}
    case = make_case(session, registry, settings=settings)
    sheets = [case.assignment]
    for position in (2, 3):
        entry = factories.make_entry(session, case.contest)
        sheets.append(factories.make_assignment(session, entry, case.judge, round_key="preliminary", position=position))
    return Desk(session, registry, case, sheets)


def test_rules_without_a_warm_up_keep_the_digest_that_contests_have_pinned(desk: Desk) -> None:
    judged = desk.case.judged

    assert judged.warm_up == 2
    assert to_plain(judged)["warm_up"] == 2
    assert "warm_up" not in to_plain(replace(judged, warm_up=0))
    assert digest(judged) != digest(replace(judged, warm_up=0))
    with pytest.raises(RulesError):
        replace(judged, warm_up=-1)


def test_edition_can_take_away_a_warm_up_that_its_kind_has(desk: Desk) -> None:
    rules = contest_rules(desk.registry, desk.case.contest)
    none = replace(rules, rounds=tuple(replace(one, warm_up=0) for one in rules.rounds))

    assert differences(rules, none) == {"round-preliminary": {"warm_up": 0}}
    assert differences(none, rules) == {"round-preliminary": {"warm_up": 2}}


def test_first_two_by_time_come_back_when_everything_is_in(desk: Desk) -> None:
    first, second, third = desk.sheets
    desk.submit(third, minute=1)
    desk.submit(first, minute=2)
    assert desk.left() == []
    (work,) = list_desk(desk.session, registry=desk.registry, account=desk.case.account)
    assert work.again == ()

    desk.submit(second, minute=3)

    assert desk.left() == [third.id, first.id]
    (work,) = list_desk(desk.session, registry=desk.registry, account=desk.case.account)
    assert [one.assignment_id for one in work.again] == [third.id, first.id]


def test_sheet_that_is_kept_stays_submitted_and_comes_back_no_more(desk: Desk) -> None:
    for minute, sheet in enumerate(desk.sheets):
        desk.submit(sheet, minute=minute)

    desk.keep(desk.sheets[0])

    assert desk.left() == [desk.sheets[1].id]
    assert desk.sheets[0].state == SheetState.SUBMITTED
    with pytest.raises(Conflict):
        desk.keep(desk.sheets[0])
    actions = desk.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == desk.sheets[0].id)).all()
    assert actions.count("warm-up-kept") == 1


def test_sheet_that_is_opened_has_its_marks_and_keeps_its_version(desk: Desk) -> None:
    for minute, sheet in enumerate(desk.sheets):
        desk.submit(sheet, minute=minute)
    sheet = desk.sheets[1]
    kept = desk.session.scalars(select(SheetVersion).where(SheetVersion.assignment_id == sheet.id)).one()

    desk.reopen(sheet)

    assert (sheet.state, sheet.sheet_version, sheet.marks) == (SheetState.REOPENED, 1, kept.marks)
    assert desk.session.get_one(SecondLook, sheet.id).kept is False
    # Something is open again: the other one waits until it is in.
    assert desk.left() == []


def test_only_the_first_sheets_and_only_at_the_end_can_be_opened(desk: Desk) -> None:
    desk.submit(desk.sheets[0], minute=0)
    with pytest.raises(Conflict):
        desk.reopen(desk.sheets[0])
    desk.submit(desk.sheets[1], minute=1)
    desk.submit(desk.sheets[2], minute=2)

    with pytest.raises(Conflict):
        desk.reopen(desk.sheets[2])


def test_colleague_and_office_cannot_open_a_first_sheet(desk: Desk) -> None:
    for minute, sheet in enumerate(desk.sheets):
        desk.submit(sheet, minute=minute)
    colleague = add_colleague(desk.session, desk.case)

    for act in (keep_first_sheet, reopen_first_sheet):
        with pytest.raises(NotFound):
            act(
                desk.session, registry=desk.registry, assignment=desk.sheets[0], actor=colleague.actor,
                now=factories.NOW,
            )  # fmt: skip


def test_round_that_is_closed_offers_nothing(desk: Desk) -> None:
    for minute, sheet in enumerate(desk.sheets):
        desk.submit(sheet, minute=minute)
    stage = find_stage(desk.session, assignment=desk.sheets[0])
    assert stage is not None
    stage.state = "closed"

    assert desk.left() == []
    with pytest.raises(Conflict):
        desk.reopen(desk.sheets[0])


def test_totals_of_others_stay_closed_until_the_second_look(desk: Desk) -> None:
    colleague = add_colleague(desk.session, desk.case)
    for minute, sheet in enumerate(desk.sheets):
        desk.submit(sheet, minute=minute)
    desk.submit(colleague.assignment, minute=9)
    first = desk.sheets[0]
    assert awaits_second_look(desk.session, reading=desk.reading(first))
    assert panel_totals(desk.session, reading=desk.reading(first), actor=desk.case.actor) == []

    desk.keep(first)

    (shown,) = panel_totals(desk.session, reading=desk.reading(first), actor=desk.case.actor)
    assert shown.judge == colleague.judge.alias


def test_first_sheet_is_not_opened_after_the_end_of_the_round_but_kept(desk: Desk) -> None:
    """A revision would not be taken, and the entry would wait for it."""
    for minute, sheet in enumerate(desk.sheets):
        desk.submit(sheet, minute=minute)
    stage = find_stage(desk.session, assignment=desk.sheets[0])
    assert stage is not None
    stage.ends_at = LATER - timedelta(seconds=1)
    desk.session.flush()

    with pytest.raises(Conflict):
        desk.reopen(desk.sheets[0])
    desk.keep(desk.sheets[0])

    assert desk.sheets[0].state == SheetState.SUBMITTED
