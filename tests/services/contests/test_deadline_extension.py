"""Extending the deadline: for everybody, or for all who had a draft open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, Contest, Entry, Job, LogLeaf, SentMessage
from judging.domain.permissions import Actor, Role
from judging.errors import NotAllowed, Refused
from judging.plugins import Registry
from judging.services.contests.deadline_extension import extend_deadline
from judging.services.contests.deadlines import entry_deadline
from judging.services.entries.drafts import may_edit
from judging.services.entries.life import submit_entry
from tests.factories import NOW, make_account, make_contest, make_entry
from tests.services.entries.test_entries import complete, owner

DEADLINE = NOW + timedelta(hours=1)
LATER = DEADLINE + timedelta(days=2)


@pytest.fixture
def contest(session: Session, registry: Registry) -> Contest:
    return make_contest(session, registry, closes_at=DEADLINE)


def _extend(session: Session, contest: Contest, **values: object) -> list[str]:
    organiser = Actor(account_id=make_account(session).id, roles=frozenset({Role.ORGANISER}))
    told = {
        "until": LATER, "whole": False, "reason": "Mất điện.", "note": "Vì mất điện.", "actor": organiser, "now": NOW,
        **values,
    }  # fmt: skip
    _made, drafts = extend_deadline(session, contest=contest, **told)  # type: ignore[arg-type]  # each test its own
    return [entry.id for entry in drafts]


def test_only_open_drafts_get_longer(session: Session, registry: Registry, contest: Contest) -> None:
    draft, handed_in = complete(session, contest), make_entry(session, contest, state="submitted")

    concerned = _extend(session, contest)
    newer = complete(session, contest)

    assert concerned == [draft.id]
    assert contest.closes_at == DEADLINE
    assert [entry_deadline(session, one).at for one in (draft, newer, handed_in)] == [LATER, DEADLINE, DEADLINE]
    assert [job.payload["to"] for job in session.query(Job)] == [draft.owner.email]
    logged = session.query(SentMessage).one()
    assert (logged.kind, logged.account_id, "Vì mất điện." in logged.text) == (
        "deadline-extended",
        draft.owner_id,
        True,
    )
    assert not submit_entry(session, registry=registry, entry=draft, actor=owner(draft), now=LATER).late
    assert submit_entry(session, registry=registry, entry=newer, actor=owner(newer), now=LATER).late


def test_extended_draft_can_be_finished_after_the_closing(
    session: Session, registry: Registry, contest: Contest
) -> None:
    draft, other = complete(session, contest), None
    _extend(session, contest)
    other = complete(session, contest)
    contest.phase = "closed"

    assert [may_edit(one, owner(one)) for one in (draft, other)] == [True, False]
    late = LATER + timedelta(milliseconds=1)
    assert submit_entry(session, registry=registry, entry=draft, actor=owner(draft), now=late).late


def test_everybody_gets_longer(session: Session, registry: Registry, contest: Contest) -> None:
    _extend(session, contest, whole=True)
    newer = complete(session, contest)

    assert contest.closes_at == LATER
    assert not submit_entry(session, registry=registry, entry=newer, actor=owner(newer), now=LATER).late


def test_extension_is_in_the_score_log_and_in_the_record(session: Session, contest: Contest) -> None:
    complete(session, contest)

    _extend(session, contest)

    leaves = session.scalars(select(LogLeaf.entry).order_by(LogLeaf.idx)).all()
    assert b'"closes_at-open-drafts"' in (leaves[-1] or b"")
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "deadline-extended")).one()
    assert (event.details["count"], event.details["reason"]) == (1, "Mất điện.")


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"until": DEADLINE}, "until"),
        ({"until": DEADLINE - timedelta(minutes=1)}, "until"),
        ({"reason": " "}, "reason"),
        ({"note": ""}, "note"),
        ({"now": LATER + timedelta(days=1)}, "until"),
    ],
)
def test_extension_that_is_none_is_refused(
    session: Session, contest: Contest, values: dict[str, object], place: str
) -> None:
    complete(session, contest)

    with pytest.raises(Refused) as refused:
        _extend(session, contest, **values)
    assert [problem.where for problem in refused.value.problems] == [place]
    assert contest.closes_at == DEADLINE


def test_extension_for_nobody_is_refused(session: Session, contest: Contest) -> None:
    with pytest.raises(Refused):
        _extend(session, contest)
    assert session.query(Entry).count() == 0


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.AUDITOR, Role.CONTESTANT])
def test_extension_is_the_organisers(session: Session, contest: Contest, role: Role) -> None:
    complete(session, contest)
    with pytest.raises(NotAllowed):
        _extend(session, contest, actor=Actor(account_id=make_account(session).id, roles=frozenset({role})))
