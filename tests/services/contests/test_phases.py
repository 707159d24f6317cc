"""A contest's way through its phases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, Contest, ContestRound
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, ContestSuspended, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.contests.phases import move_phase, next_moves, pass_phases, what_is_missing
from tests.factories import NOW, make_account, make_contest, make_entry, make_judge, make_panel


@pytest.fixture
def actor(session: Session) -> Actor:
    return Actor(account_id=make_account(session).id, roles=frozenset({Role.ORGANISER}))


def take(
    session: Session, registry: Registry, contest: Contest, actor: Actor, to: ContestPhase, *, reason: str = ""
) -> None:
    move_phase(session, registry=registry, contest=contest, actor=actor, to=to, reason=reason, now=NOW)


def events(session: Session, contest: Contest) -> list[tuple[str, bool]]:
    query = select(AuditEvent).where(AuditEvent.contest_id == contest.id, AuditEvent.action == "phase-changed")
    rows = session.scalars(query.order_by(AuditEvent.id)).all()
    return [(row.details["to"], row.details["passed"]) for row in rows]


def test_opening_pins_the_rules_and_makes_the_rounds(session: Session, registry: Registry, actor: Actor) -> None:
    contest = make_contest(session, registry, phase="announced", closes_at=NOW + timedelta(days=30))

    take(session, registry, contest, actor, ContestPhase.OPEN)

    assert contest.phase == "open"
    assert contest.kind_digest == registry.rules_digest("youth-creativity")
    rounds = session.execute(
        select(ContestRound.key, ContestRound.state)
        .where(ContestRound.contest_id == contest.id)
        .order_by(ContestRound.position)
    ).all()
    assert [tuple(row) for row in rounds] == [("preliminary", "pending"), ("final", "pending")]


def test_opening_without_dates_says_what_is_missing(session: Session, registry: Registry, actor: Actor) -> None:
    contest = make_contest(session, registry, phase="announced", opens_at=None)

    with pytest.raises(Refused) as refused:
        take(session, registry, contest, actor, ContestPhase.OPEN)

    assert [(one.code, one.where) for one in refused.value.problems] == [("dates", "settings")]
    assert contest.rules is None


def test_opening_after_the_deadline_is_refused(session: Session, registry: Registry, actor: Actor) -> None:
    contest = make_contest(session, registry, phase="announced", closes_at=NOW)

    with pytest.raises(Refused) as refused:
        take(session, registry, contest, actor, ContestPhase.OPEN)

    assert [one.code for one in refused.value.problems] == ["deadline-past"]


def test_passed_step_is_recorded_on_its_own(session: Session, registry: Registry, actor: Actor) -> None:
    contest = make_contest(session, registry, phase="draft")

    pass_phases(
        session, registry=registry, contest=contest, actor=actor, to=ContestPhase.OPEN, reason="Không công bố.", now=NOW
    )

    assert contest.phase == "open"
    assert events(session, contest) == [("announced", True), ("open", False)]


def test_phase_that_may_not_be_passed_blocks_the_way(session: Session, registry: Registry, actor: Actor) -> None:
    contest = make_contest(session, registry, phase="draft")

    with pytest.raises(Conflict):
        pass_phases(
            session, registry=registry, contest=contest, actor=actor, to=ContestPhase.JUDGING, reason="", now=NOW
        )

    assert contest.phase == "draft"


def test_step_that_the_table_does_not_know_is_a_conflict(session: Session, registry: Registry, actor: Actor) -> None:
    contest = make_contest(session, registry, phase="open")

    with pytest.raises(Conflict):
        take(session, registry, contest, actor, ContestPhase.JUDGING)


def test_secretary_closes_but_does_not_open_judging(session: Session, registry: Registry) -> None:
    secretary = Actor(account_id=make_account(session).id, roles=frozenset({Role.SECRETARY}))
    contest = make_contest(session, registry, phase="open")
    make_entry(session, contest)

    take(session, registry, contest, secretary, ContestPhase.CLOSED)
    take(session, registry, contest, secretary, ContestPhase.SCREENING)
    with pytest.raises(NotAllowed):
        take(session, registry, contest, secretary, ContestPhase.JUDGING)

    assert contest.phase == "screening"


@pytest.mark.parametrize("state", ["submitted", "returned", "late"])
def test_judging_waits_for_every_entry_to_be_screened(
    session: Session, registry: Registry, actor: Actor, state: str
) -> None:
    contest = make_contest(session, registry, phase="screening")
    make_entry(session, contest)
    make_entry(session, contest, state=state)

    with pytest.raises(Refused) as refused:
        take(session, registry, contest, actor, ContestPhase.JUDGING)

    assert [(one.code, one.params["count"]) for one in refused.value.problems] == [("unscreened", 1)]


def test_judging_needs_an_eligible_entry(session: Session, registry: Registry, actor: Actor) -> None:
    contest = make_contest(session, registry, phase="screening")
    make_entry(session, contest, state="draft")

    with pytest.raises(Refused) as refused:
        take(session, registry, contest, actor, ContestPhase.JUDGING)

    assert [one.code for one in refused.value.problems] == ["no-entries"]


def test_judging_opens_the_first_round(session: Session, registry: Registry, actor: Actor) -> None:
    contest = make_contest(session, registry, phase="screening")
    make_entry(session, contest)

    take(session, registry, contest, actor, ContestPhase.JUDGING)

    states = dict(
        session.execute(
            select(ContestRound.key, ContestRound.state).where(ContestRound.contest_id == contest.id)
        ).all()
    )  # fmt: skip
    assert states == {"preliminary": "open", "final": "pending"}


def test_deliberation_waits_for_every_round(session: Session, registry: Registry, actor: Actor) -> None:
    contest = make_contest(session, registry, phase="judging")

    with pytest.raises(Refused) as refused:
        take(session, registry, contest, actor, ContestPhase.DELIBERATION)

    assert [one.params["round"] for one in refused.value.problems] == ["Preliminary round", "Final round"]


def test_results_are_not_public_without_a_publication(session: Session, registry: Registry, actor: Actor) -> None:
    contest = make_contest(session, registry, phase="decided")

    with pytest.raises(Refused) as refused:
        take(session, registry, contest, actor, ContestPhase.PUBLISHED)

    assert [one.where for one in refused.value.problems] == ["publication"]
    assert contest.phase == "decided"


def test_suspended_contest_goes_on_where_it_was_and_nowhere_else(
    session: Session, registry: Registry, actor: Actor
) -> None:
    contest = make_contest(session, registry, phase="judging")
    take(session, registry, contest, actor, ContestPhase.SUSPENDED, reason="Khiếu nại về giám khảo.")

    with pytest.raises(Refused):
        take(session, registry, contest, actor, ContestPhase.DELIBERATION, reason="Đi tiếp.")
    assert {move.target for move in next_moves(contest, actor=actor)} == {ContestPhase.JUDGING, ContestPhase.CANCELLED}
    take(session, registry, contest, actor, ContestPhase.JUDGING, reason="Đã giải quyết.")

    assert (contest.phase, contest.resume_phase) == ("judging", None)


def test_suspending_without_a_reason_is_refused(session: Session, registry: Registry, actor: Actor) -> None:
    contest = make_contest(session, registry, phase="judging")

    with pytest.raises(Refused) as refused:
        take(session, registry, contest, actor, ContestPhase.SUSPENDED, reason=" ")

    assert [one.where for one in refused.value.problems] == ["reason"]


def test_contest_whose_kind_changed_can_be_stopped_but_not_moved_on(
    session: Session, registry: Registry, actor: Actor
) -> None:
    contest = make_contest(session, registry, phase="open", kind_digest=None)
    contest.kind_digest = "0" * 64
    session.flush()

    with pytest.raises(ContestSuspended):
        take(session, registry, contest, actor, ContestPhase.CLOSED)
    take(session, registry, contest, actor, ContestPhase.SUSPENDED, reason="Chờ bản sửa.")

    assert contest.phase == "suspended"


def test_missing_panels_and_judges_are_named(session: Session, registry: Registry) -> None:
    contest = make_contest(session, registry, phase="draft", closes_at=None)
    panel = make_panel(session, contest, name="Tiểu ban 1", categories=["learning-aids", "software", "environment"])
    make_panel(session, contest, name="Tiểu ban 2", categories=["household-toys"])
    for _ in range(3):
        make_judge(session, contest, panel=panel)
    make_judge(session, contest, panel=panel, is_active=False)

    missing = what_is_missing(session, registry=registry, contest=contest)

    assert [(one.code, one.where) for one in missing] == [
        ("dates", "settings"), ("no-panel", "people"), ("few-judges", "people"),
    ]  # fmt: skip
    assert missing[2].params == {"panel": "Tiểu ban 2", "judges": 0, "least": 3}


def test_nothing_is_missing_once_judging_is_over(session: Session, registry: Registry) -> None:
    contest = make_contest(session, registry, phase="published")

    assert what_is_missing(session, registry=registry, contest=contest) == ()
