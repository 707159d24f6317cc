"""One decision on many dossiers: its preview, the letters, two persons, and whom it leaves out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import AuditEvent, EntryMember, IntakeSettings, ReturnTerm, SentMessage
from judging.domain.permissions import Actor, Role
from judging.errors import Refused
from judging.services.screening.deciding import Verdict
from judging.services.screening.many import BulkDecision, BulkPlan, plan_bulk, screen_bulk
from tests.factories import NOW, give_role, make_account
from tests.services.office import Office, hold_contest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry

UNTIL = NOW + timedelta(days=7)
RETURN = BulkDecision(verdict=Verdict.RETURNED, reason="Thiếu dấu.", until=UNTIL)
REJECT = BulkDecision(verdict=Verdict.REJECTED, reason="Điều 4.")


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    return hold_contest(session, registry, phase="screening", state="submitted")


def _work(
    session: Session, registry: Registry, held: Office, decision: BulkDecision, *, actor: Actor | None = None,
    plan: bool = False,
) -> BulkPlan:  # fmt: skip
    return (plan_bulk if plan else screen_bulk)(
        session, registry=registry, contest=held.contest, entry_ids=[one.id for one in held.entries],
        decision=decision, actor=actor or held.organiser, now=NOW,
    )  # fmt: skip


def test_many_are_returned_with_one_reason_and_date_and_a_letter_each(
    session: Session, registry: Registry, held: Office
) -> None:
    plan = _work(session, registry, held, RETURN, plan=True)
    assert {entry.state for entry in held.entries} == {"submitted"}

    done = _work(session, registry, held, RETURN)

    assert [entry.state for entry in held.entries] == ["returned"] * 3
    assert set(session.scalars(select(ReturnTerm.until))) == {UNTIL}
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "entry-returned")).all()) == 3
    sent = {one.entry_id: (one.subject, one.text) for one in session.scalars(select(SentMessage))}
    assert sent == {entry_id: tuple(letter) for entry_id, letter in plan.letters.items()}
    assert len(sent) == len(done.taken) == 3


def test_rejection_of_many_waits_for_the_second_person(session: Session, registry: Registry, held: Office) -> None:
    session.add(IntakeSettings(contest_id=held.contest.id, two_persons=True, checklist=[], reasons=[]))
    second = make_account(session)
    give_role(session, held.contest, second, "secretary")
    session.flush()

    plan = _work(session, registry, held, REJECT, plan=True)
    first = _work(session, registry, held, REJECT)
    again = _work(session, registry, held, REJECT)

    assert plan.waiting == first.waiting == {entry.id for entry in held.entries}
    assert plan.letters == {}
    assert (again.taken, len(again.skipped)) == ((), 3)
    assert session.scalars(select(SentMessage)).all() == []
    confirming = Actor(account_id=second.id, roles=frozenset({Role.SECRETARY}))
    assert _work(session, registry, held, REJECT, actor=confirming).waiting == frozenset()
    assert [entry.state for entry in held.entries] == ["ineligible"] * 3


def test_overdue_ones_may_be_rejected_together_and_decided_ones_are_named(
    session: Session, registry: Registry, held: Office
) -> None:
    held.entries[0].state, held.entries[1].state = "returned", "eligible"
    session.flush()

    done = _work(session, registry, held, REJECT)

    assert [entry.state for entry in held.entries] == ["ineligible", "eligible", "ineligible"]
    assert [one.entry for one in done.skipped] == [held.entries[1]]


def test_preview_leaves_out_dossiers_whose_author_the_screener_is(
    session: Session, registry: Registry, held: Office
) -> None:
    entry = held.entries[0]
    session.add(EntryMember(entry_id=entry.id, position=9, name="Mẫu", name_key="mẫu", email=held.desk.email.upper()))
    session.flush()
    session.expire(entry)

    plan = _work(session, registry, held, REJECT, plan=True)

    assert [one.entry for one in plan.skipped] == [entry]


@pytest.mark.parametrize(
    "decision",
    [
        BulkDecision(verdict=Verdict.REJECTED, reason=" "),
        BulkDecision(verdict=Verdict.RETURNED),
        BulkDecision(verdict=Verdict.RETURNED, reason="Thiếu dấu.", until=NOW),
    ],
)
def test_decision_without_reason_or_with_a_past_date_is_refused_at_the_preview(
    session: Session, registry: Registry, held: Office, decision: BulkDecision
) -> None:
    with pytest.raises(Refused):
        _work(session, registry, held, decision, plan=True)
