"""Setting the number of repeats, and giving them to judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.db.models import AuditEvent, BlindRepeat, RepeatPlan
from judging.domain.permissions import Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.services.judges.leases.setting import set_lease_minutes
from judging.services.judges.repeats.giving import give_repeats, repeats_by_judge
from judging.services.rounds.running import open_round
from judging.services.sheets.readings import find_stage
from tests.factories import NOW, make_assignment, make_judge
from tests.services.judges.repeat_cases import ROUND, Shown, count, make_desk, save, set_number
from tests.services.sheets.cases import office

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry


def test_repeat_is_of_an_early_entry_and_stands_late(shown: Shown) -> None:
    assert shown.first.position <= 2
    assert shown.repeat.after >= 6
    assert (shown.repeat.state, shown.repeat.draft_version) == ("assigned", 0)


def test_ids_of_repeats_tell_the_time_of_other_readings(shown: Shown) -> None:
    assert shown.repeat.id[:13] in {one.id[:13] for one in shown.readings}
    assert shown.repeat.id not in {one.id for one in shown.readings}


def test_setting_is_recorded_without_naming_an_entry(session: Session, shown: Shown) -> None:
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "repeats-set")).one()
    plan = session.get_one(RepeatPlan, (shown.case.contest.id, ROUND))

    assert event.details == {"repeats": 1}
    assert (plan.per_judge, len(plan.seed)) == (1, 32)


def test_judge_with_few_entries_gets_none(session: Session, registry: Registry) -> None:
    case, _readings = make_desk(session, registry, entries=7)

    assert set_number(session, registry, case, 3) == 0
    (one,) = repeats_by_judge(session, contest=case.contest, round_key=ROUND)
    assert (one.room, one.short) == (0, False)


def test_round_in_which_judges_see_the_authors_has_none(session: Session, registry: Registry) -> None:
    case, _readings = make_desk(session, registry)

    with pytest.raises(Conflict):
        set_number(session, registry, case, 1, round_key="final")
    assert set_number(session, registry, case, 0, round_key="final") == 0


def test_round_leads_to_booths_or_shows_entries_twice_and_never_both(session: Session, registry: Registry) -> None:
    """The page that leads to a booth says which entry stands there; under repeats nobody is to know."""
    case, _ = make_desk(session, registry)
    booths: dict[str, Any] = {"contest": case.contest, "round_key": ROUND, "actor": office(session, case), "now": NOW}
    set_lease_minutes(session, minutes=15, **booths)
    with pytest.raises(Refused) as refused:
        set_number(session, registry, case, 1)
    assert [problem.code for problem in refused.value.problems] == ["booths"]

    set_lease_minutes(session, minutes=0, **booths)
    assert set_number(session, registry, case, 1) == 1
    with pytest.raises(Refused) as refused:
        set_lease_minutes(session, minutes=15, **booths)
    assert [problem.code for problem in refused.value.problems] == ["repeats"]
    set_number(session, registry, case, 0)
    set_lease_minutes(session, minutes=15, **booths)


def test_only_an_organiser_who_does_not_judge_sets_them(session: Session, registry: Registry) -> None:
    case, _readings = make_desk(session, registry)

    for actor in (case.actor, office(session, case, Role.SECRETARY), office(session, case, Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            set_number(session, registry, case, 1, actor=actor)
    with pytest.raises(Refused):
        set_number(session, registry, case, 4)
    assert count(session) == 0


def test_number_can_be_taken_back_until_a_judge_has_begun(session: Session, registry: Registry, shown: Shown) -> None:
    assert set_number(session, registry, shown.case, 0) == 0
    assert count(session) == 0
    assert set_number(session, registry, shown.case, 1) == 1
    again = session.scalars(select(BlindRepeat)).one()
    save(session, registry, Shown(case=shown.case, readings=shown.readings, repeat=again))

    with pytest.raises(Conflict):
        set_number(session, registry, shown.case, 0)
    assert count(session) == 1


def test_closed_round_takes_no_new_number(session: Session, registry: Registry, shown: Shown) -> None:
    stage = find_stage(session, assignment=shown.first)
    assert stage is not None
    stage.state = "closed"

    with pytest.raises(Conflict):
        set_number(session, registry, shown.case, 2)


def test_opening_the_round_gives_to_those_who_came_since(session: Session, registry: Registry, shown: Shown) -> None:
    stage = find_stage(session, assignment=shown.first)
    assert stage is not None
    stage.state = "pending"
    late = make_judge(session, shown.case.contest)
    for place, one in enumerate(shown.readings, start=1):
        make_assignment(session, one.entry, late, round_key=ROUND, position=place)

    open_round(
        session, registry=registry, contest=shown.case.contest, round_key=ROUND, actor_id=None, now=NOW
    )  # fmt: skip

    rows = session.scalars(select(BlindRepeat)).all()
    assert {one.first.judge_id for one in rows} == {shown.case.judge.id, late.id}
    assert give_repeats(session, contest=shown.case.contest, round_key=ROUND, now=NOW) == 0
