from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, Entry, Job, Screening
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.screening.deciding import Verdict, screen_entry, verdicts_for
from tests.factories import NOW, make_entry
from tests.services.office import Office, hold_contest


def _screen(
    session: Session,
    registry: Registry,
    held: Office,
    entry: Entry,
    verdict: Verdict,
    reason: str = "",
    actor: Actor | None = None,
) -> Screening:
    made = screen_entry(
        session, registry=registry, contest=held.contest, entry=entry, verdict=verdict, reason=reason,
        actor=actor or held.organiser, now=NOW,
    )  # fmt: skip
    assert isinstance(made, Screening)
    return made


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    return hold_contest(session, registry, phase="screening", state="submitted")


@pytest.mark.parametrize(
    ("verdict", "state"),
    [(Verdict.ELIGIBLE, "eligible"), (Verdict.RETURNED, "returned"), (Verdict.REJECTED, "ineligible")],
)
def test_screening_decides_tells_and_records(
    session: Session, registry: Registry, held: Office, verdict: Verdict, state: str
) -> None:
    entry = held.entries[0]

    _screen(session, registry, held, entry, verdict, "Rule 4: the summary is longer than two pages.")

    session.flush()
    assert entry.state == state
    assert session.query(Screening).one().verdict == verdict
    assert session.query(AuditEvent).filter_by(subject_id=entry.id).one().action == f"entry-{verdict}"
    letter = session.query(Job).one().payload
    assert letter["to"] == entry.owner.email
    assert letter["params"]["reason"] == "Rule 4: the summary is longer than two pages."


@pytest.mark.parametrize("verdict", [Verdict.RETURNED, Verdict.REJECTED])
def test_screening_without_a_reason_is_refused(
    session: Session, registry: Registry, held: Office, verdict: Verdict
) -> None:
    with pytest.raises(Refused) as refused:
        _screen(session, registry, held, held.entries[0], verdict, "  ")

    assert [problem.where for problem in refused.value.problems] == ["reason"]
    assert held.entries[0].state == "submitted"


@pytest.mark.parametrize("role", [Role.JUDGE, Role.AUDITOR, Role.COMMITTEE, Role.CONTESTANT])
def test_screening_is_the_desks(session: Session, registry: Registry, held: Office, role: Role) -> None:
    other = Actor(account_id=held.desk.id, roles=frozenset({role}))

    with pytest.raises(NotAllowed):
        _screen(session, registry, held, held.entries[0], Verdict.ELIGIBLE, actor=other)


def test_own_entry_cannot_be_screened(session: Session, registry: Registry, held: Office) -> None:
    own = make_entry(session, held.contest, owner=held.desk, state="submitted")

    with pytest.raises(NotAllowed):
        _screen(session, registry, held, own, Verdict.ELIGIBLE)
    assert verdicts_for(held.contest, own, held.organiser) == ()


def test_screening_an_entry_that_is_decided_is_a_conflict(session: Session, registry: Registry, held: Office) -> None:
    _screen(session, registry, held, held.entries[0], Verdict.ELIGIBLE)

    with pytest.raises(Conflict):
        _screen(session, registry, held, held.entries[0], Verdict.ELIGIBLE)


def test_late_entry_is_admitted_by_the_organiser_with_a_reason(
    session: Session, registry: Registry, held: Office
) -> None:
    late = make_entry(session, held.contest, state="late")
    secretary = Actor(account_id=held.desk.id, roles=frozenset({Role.SECRETARY}))

    with pytest.raises(NotAllowed):
        _screen(session, registry, held, late, Verdict.ADMITTED, "The post was late.", actor=secretary)
    with pytest.raises(Refused):
        _screen(session, registry, held, late, Verdict.ADMITTED)
    _screen(session, registry, held, late, Verdict.ADMITTED, "The power was off in the whole district.")

    assert late.state == "submitted"
