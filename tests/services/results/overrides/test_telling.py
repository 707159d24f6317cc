"""Whom a proposal and its decision are told, and what the record of acts says of them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, Job
from judging.domain.permissions import Actor, Role
from judging.plugins import Registry
from tests.factories import give_office, give_role, make_account, make_judge
from tests.services.office import Office
from tests.services.results.overrides.cases import WHY, approve, marks_of, person, propose


def test_second_persons_are_told_in_their_language_and_nobody_else(
    session: Session, registry: Registry, held: Office
) -> None:
    committee, chief, auditor, judge = (make_account(session) for _ in range(4))
    give_role(session, held.contest, committee, "committee")
    give_office(session, held.contest.organisation, chief, "organiser")
    give_office(session, held.contest.organisation, auditor, "auditor")
    give_role(session, held.contest, judge, "organiser")
    make_judge(session, held.contest, account=judge)
    committee.locale = "en"
    session.flush()

    override = propose(session, registry, held)

    letters = [one.payload for one in session.scalars(select(Job).where(Job.name == "send-letter"))]
    assert {(one["to"], one["locale"]) for one in letters} == {(committee.email, "en"), (chief.email, chief.locale)}
    assert all(one["params"]["reason"] == WHY for one in letters)
    approve(session, registry, override, Actor(account_id=chief.id, roles=frozenset({Role.ORGANISER})))
    told = [one.payload["to"] for one in session.scalars(select(Job).where(Job.name == "send-letter"))]
    assert told.count(held.desk.email) == 1


def test_administrators_are_told_of_no_proposal(session: Session, registry: Registry, held: Office) -> None:
    make_account(session, is_administrator=True)

    propose(session, registry, held)

    assert session.scalars(select(Job).where(Job.name == "send-letter")).all() == []


def test_acts_are_on_record_without_marks(session: Session, registry: Registry, held: Office) -> None:
    second = person(session, held)
    approve(session, registry, propose(session, registry, held, exclude=False, marks=marks_of(held, "0.5")), second)

    events = session.scalars(
        select(AuditEvent).where(AuditEvent.action.startswith("override-")).order_by(AuditEvent.id)
    )
    told = [(one.action, one.actor_id, one.details) for one in events]
    assert [(action, by) for action, by, _ in told] == [
        ("override-proposed", held.desk.id), ("override-approved", second.account_id),
    ]  # fmt: skip
    assert told[0][2]["reason"] == WHY
    assert all("marks" not in details for _, _, details in told)
