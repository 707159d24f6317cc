"""Roles in the office of one contest."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, Contest, ContestRole
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, NotFound, Refused
from judging.plugins import Registry
from judging.services.access.invitations import Invited
from judging.services.actors import actor_in_contest
from judging.services.contests.staff import give_role, take_role
from tests import factories
from tests.factories import NOW, make_account, make_contest
from tests.letters import SETTINGS

ORGANISER = Actor(account_id="o", roles=frozenset({Role.ORGANISER}))


@pytest.fixture
def contest(session: Session, registry: Registry) -> Contest:
    return make_contest(session, registry)


def give(session: Session, contest: Contest, role: Role, actor: Actor = ORGANISER) -> Invited:
    return give_role(
        session, settings=SETTINGS, contest=contest, actor=actor, email="ba@example.vn", name="Mẫu Ba", role=role,
        locale="vi", now=NOW,
    )  # fmt: skip


def test_given_role_holds_in_this_contest_only(session: Session, registry: Registry, contest: Contest) -> None:
    person = give(session, contest, Role.SECRETARY).account

    here = actor_in_contest(session, account=person, contest=contest)
    there = actor_in_contest(session, account=person, contest=make_contest(session, registry))

    assert (here.roles, there.roles) == ({Role.SECRETARY}, frozenset())
    assert "role-given" in session.scalars(select(AuditEvent.action)).all()


def test_same_role_twice_is_refused(session: Session, contest: Contest) -> None:
    give(session, contest, Role.AUDITOR)

    with pytest.raises(Refused):
        give(session, contest, Role.AUDITOR)
    give(session, contest, Role.COMMITTEE)

    assert sorted(session.scalars(select(ContestRole.role))) == ["auditor", "committee"]


@pytest.mark.parametrize("role", [Role.JUDGE, Role.ADMINISTRATOR, Role.CONTESTANT])
def test_role_that_is_no_office_is_refused(session: Session, contest: Contest, role: Role) -> None:
    with pytest.raises(Refused):
        give(session, contest, role)

    assert session.scalars(select(ContestRole)).all() == []


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.COMMITTEE, Role.AUDITOR, Role.JUDGE])
def test_nobody_but_the_organiser_gives_roles(session: Session, contest: Contest, role: Role) -> None:
    with pytest.raises(NotAllowed):
        give(session, contest, Role.ORGANISER, Actor(roles=frozenset({role})))


def test_last_organiser_stays(session: Session, contest: Contest) -> None:
    row = factories.give_role(session, contest, make_account(session), "organiser")

    with pytest.raises(Conflict):
        take_role(session, contest=contest, actor=ORGANISER, role_id=row.id, now=NOW)
    factories.give_office(session, contest.organisation, make_account(session), "organiser")
    take_role(session, contest=contest, actor=ORGANISER, role_id=row.id, now=NOW)

    assert session.scalars(select(ContestRole)).all() == []


def test_role_of_another_contest_is_not_found(session: Session, registry: Registry, contest: Contest) -> None:
    elsewhere = factories.give_role(session, make_contest(session, registry), make_account(session), "auditor")

    with pytest.raises(NotFound):
        take_role(session, contest=contest, actor=ORGANISER, role_id=elsewhere.id, now=NOW)
