"""A conflict is lifted by two persons, with a reason, for one pair, and for nothing that comes up later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.db.models import Assignment, AuditEvent, Conflict, LogLeaf
from judging.domain.conflicts import ConflictKind
from judging.domain.ledger.leaves import read_leaf
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict as NotNow
from judging.errors import NotAllowed, Refused
from judging.services.judges.conflicts.forcing import decide_force, propose_force, withdraw_force
from judging.services.judges.conflicts.gate import is_barred
from judging.services.judges.conflicts.office import search_conflicts, withdraw_conflict
from judging.services.judges.conflicts.recusals import declare_conflict
from judging.services.sheets.readings import find_reading
from tests.factories import NOW, give_role, make_account
from tests.services.judges.conflicts.cases import WHY, barred, itself
from tests.services.office import PRELIMINARY

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry
    from tests.services.office import Office


@pytest.fixture
def second(session: Session, held: Office) -> Actor:
    account = make_account(session)
    give_role(session, held.contest, account, "committee")
    return Actor(account_id=account.id, roles=frozenset({Role.COMMITTEE}))


def propose(session: Session, registry: Registry, held: Office, **values: Any) -> Any:
    return propose_force(
        session, registry=registry, round_key=PRELIMINARY,
        **{
            "entry": held.entries[0], "judge": held.judges[0], "reason": WHY, "actor": held.organiser, "now": NOW,
            **values,
        },
    )  # fmt: skip


def test_force_needs_a_reason_a_conflict_and_a_second_person(
    session: Session, registry: Registry, held: Office, second: Actor
) -> None:
    with pytest.raises(NotNow):
        propose(session, registry, held)
    held.judges[0].unit = held.entries[0].unit
    session.flush()
    with pytest.raises(Refused):
        propose(session, registry, held, reason=" ")
    for actor in (second, Actor(account_id=held.desk.id, roles=frozenset({Role.SECRETARY})), itself(held.judges[1])):
        with pytest.raises(NotAllowed):
            propose(session, registry, held, actor=actor)
    forced = propose(session, registry, held)
    with pytest.raises(NotNow):
        propose(session, registry, held)
    with pytest.raises(NotAllowed):
        decide_force(session, registry=registry, forced=forced, actor=held.organiser, approve=True, now=NOW)
    pair = (held.judges[0].id, held.entries[0].id)
    assert session.scalars(select(Assignment)).all() == []
    assert is_barred(session, judge_id=pair[0], entry_id=pair[1])

    decide_force(session, registry=registry, forced=forced, actor=second, approve=True, now=NOW)

    made = session.scalars(select(Assignment)).one()
    assert (made.judge_id, made.entry_id) == pair
    assert not is_barred(session, judge_id=pair[0], entry_id=pair[1])
    assert find_reading(session, registry=registry, assignment=made, actor=itself(held.judges[0])).relation.scores
    # No plan makes the pair by itself.
    assert (0, 0) in barred(session, held)
    leaf = [read_leaf(raw) for raw in session.scalars(select(LogLeaf.entry).order_by(LogLeaf.idx)) if raw][-1]
    assert (leaf["type"], leaf["judge"], leaf["entry"]) == ("assign", held.judges[0].alias, held.entries[0].alias)
    assert leaf["by"] != leaf["approved_by"]
    assert WHY not in str(leaf)
    acts = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("force-%"))).all()
    assert sorted(acts) == ["force-approved", "force-proposed"]
    with pytest.raises(NotNow):
        decide_force(session, registry=registry, forced=forced, actor=second, approve=False, now=NOW)


def test_force_lifts_nothing_that_comes_up_later(
    session: Session, registry: Registry, held: Office, second: Actor
) -> None:
    judge, entry = held.judges[0], held.entries[0]
    judge.unit = entry.unit
    forced = propose(session, registry, held)
    entry.answers = {"mentor": judge.account.name}
    session.flush()
    with pytest.raises(NotNow), session.begin_nested():
        decide_force(session, registry=registry, forced=forced, actor=second, approve=True, now=NOW)
    search_conflicts(session, contest=held.contest, actor=held.organiser, now=NOW)
    entry.answers = {}
    session.flush()
    withdraw_conflict(
        session, contest=held.contest, reason="Was never the mentor", actor=held.organiser, now=NOW,
        conflict=session.scalars(select(Conflict).where(Conflict.kind == "mentor")).one(),
    )  # fmt: skip
    decide_force(session, registry=registry, forced=forced, actor=second, approve=True, now=NOW)
    assert not is_barred(session, judge_id=judge.id, entry_id=entry.id)

    declare_conflict(
        session, judge=judge, entry=entry, kind=ConflictKind.TEACHER, reason="", actor=itself(judge), now=NOW
    )

    assert is_barred(session, judge_id=judge.id, entry_id=entry.id)


def test_own_work_cannot_be_forced_by_anybody(session: Session, registry: Registry, held: Office) -> None:
    judge = held.judges[0]
    held.entries[1].owner_id = judge.account_id
    held.entries[2].members[0].email = judge.account.email.upper()
    session.flush()

    for entry in (held.entries[1], held.entries[2]):
        with pytest.raises(NotNow, match="own entry"):
            propose(session, registry, held, entry=entry)


def test_proposal_is_rejected_or_taken_back(session: Session, registry: Registry, held: Office, second: Actor) -> None:
    held.judges[0].unit = held.entries[0].unit
    first = propose(session, registry, held)
    decide_force(session, registry=registry, forced=first, actor=second, approve=False, now=NOW)
    another = propose(session, registry, held)
    with pytest.raises(NotAllowed):
        withdraw_force(session, forced=another, actor=second, now=NOW)
    withdraw_force(session, forced=another, actor=held.organiser, now=NOW)

    assert (first.state, another.state) == ("rejected", "withdrawn")
    assert session.scalars(select(Assignment)).all() == []


def test_second_person_is_none_who_judges_here(session: Session, registry: Registry, held: Office) -> None:
    held.judges[0].unit = held.entries[0].unit
    forced = propose(session, registry, held)
    give_role(session, held.contest, held.judges[1].account, "organiser")
    both = Actor(account_id=held.judges[1].account_id, roles=frozenset({Role.ORGANISER, Role.JUDGE}))

    with pytest.raises(NotAllowed):
        decide_force(session, registry=registry, forced=forced, actor=both, approve=True, now=NOW)
