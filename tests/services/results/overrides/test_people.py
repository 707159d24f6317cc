"""Who proposes and who decides: two people, and nobody who is near the entry."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from judging.db.models import Account, EntryMember
from judging.domain.permissions import Role
from judging.errors import Conflict, NotAllowed
from judging.plugins import Registry
from judging.services.results.overrides.deciding import decide_override, withdraw_override
from tests.factories import NOW, make_judge
from tests.services.office import Office
from tests.services.results.overrides.cases import approve, override_leaves, person, propose


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.COMMITTEE])
def test_second_person_is_of_organisers_or_committee(
    session: Session, registry: Registry, held: Office, role: Role
) -> None:
    override = propose(session, registry, held)

    assert approve(session, registry, override, person(session, held, role)).state == "approved"


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.AUDITOR, Role.ADMINISTRATOR, Role.CONTESTANT, Role.JUDGE])
def test_others_decide_nothing(session: Session, registry: Registry, held: Office, role: Role) -> None:
    override = propose(session, registry, held)
    other = replace(person(session, held), roles=frozenset({role}))

    with pytest.raises(NotAllowed):
        approve(session, registry, override, other)
    assert override_leaves(session) == []


def test_proposer_is_no_second_person_whatever_else_they_are(
    session: Session, registry: Registry, held: Office
) -> None:
    override = propose(session, registry, held)
    both = replace(held.organiser, roles=frozenset({Role.ORGANISER, Role.COMMITTEE, Role.ADMINISTRATOR}))

    for approves in (True, False):
        with pytest.raises(NotAllowed):
            decide_override(session, registry=registry, override=override, actor=both, approve=approves, now=NOW)


def test_whoever_judges_or_made_the_entry_neither_proposes_nor_decides(
    session: Session, registry: Registry, held: Office
) -> None:
    override = propose(session, registry, held)
    judge, owner, named = (person(session, held) for _ in range(3))
    make_judge(session, held.contest, account=session.get_one(Account, judge.account_id), is_active=False)
    session.execute(
        update(EntryMember)
        .where(EntryMember.entry_id == held.entries[0].id)
        .values(email=session.get_one(Account, named.account_id).email.upper())
    )
    held.entries[0].owner_id = str(owner.account_id)
    session.flush()

    for actor in (judge, owner, named):
        with pytest.raises(NotAllowed):
            approve(session, registry, override, actor)
    withdraw_override(session, override=override, actor=held.organiser, now=NOW)
    for actor in (judge, owner, named):
        with pytest.raises(NotAllowed):
            propose(session, registry, held, actor=replace(actor, roles=frozenset({Role.ORGANISER})))


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.COMMITTEE, Role.AUDITOR, Role.ADMINISTRATOR, Role.JUDGE])
def test_organiser_proposes_and_nobody_else(session: Session, registry: Registry, held: Office, role: Role) -> None:
    with pytest.raises(NotAllowed):
        propose(session, registry, held, actor=person(session, held, role))


def test_proposal_is_withdrawn_by_its_proposer_alone(session: Session, registry: Registry, held: Office) -> None:
    override = propose(session, registry, held)

    with pytest.raises(NotAllowed):
        withdraw_override(session, override=override, actor=person(session, held, Role.ORGANISER), now=NOW)
    withdraw_override(session, override=override, actor=held.organiser, now=NOW)

    with pytest.raises(Conflict):
        approve(session, registry, override, person(session, held))
