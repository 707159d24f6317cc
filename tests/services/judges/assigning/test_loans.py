"""Readings of live rounds lent for a while: one judge has them at every moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from judging.db.models import Assignment, AuditEvent, Job, LogLeaf, ReadingLoan
from judging.db.models import Conflict as Tie
from judging.errors import Conflict, Refused
from judging.plugins import Registry
from judging.services.judges.assigning.loans import LOAN_JOB, lend_reading, open_loans, return_reading
from tests.factories import NOW, make_assignment
from tests.services.office import FINAL, PRELIMINARY, Office, hold_contest, set_round

HOUR = timedelta(hours=1)


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    """A live final with one entry and two judges, of whom the first is to read it."""
    made = hold_contest(session, registry, entries=1, judges=2, round_key=FINAL)
    set_round(session, made, PRELIMINARY, "advanced")
    set_round(session, made, FINAL, "open")
    return made


@pytest.fixture
def lent(session: Session, held: Office) -> Assignment:
    return make_assignment(session, held.entries[0], held.judges[0], round_key=FINAL, state="draft", draft_version=2)


def _lend(
    session: Session, registry: Registry, held: Office, lent: Assignment, *, until: timedelta = HOUR
) -> ReadingLoan:
    return lend_reading(
        session, registry=registry, assignment=lent, stand_in=held.judges[1], until=NOW + until,
        actor=held.organiser, now=NOW,
    )  # fmt: skip


def test_stand_in_has_the_reading_until_it_goes_back(
    session: Session, registry: Registry, held: Office, lent: Assignment
) -> None:
    loan = _lend(session, registry, held, lent)
    assert (lent.state, loan.reading.state, loan.reading.judge_id) == ("reassigned", "assigned", held.judges[1].id)
    assert open_loans(session, contest=held.contest, round_key=FINAL) == [loan]
    assert [job.run_after for job in session.query(Job).filter_by(name=LOAN_JOB)] == [NOW + HOUR]

    assert not return_reading(session, loan_id=loan.id, now=NOW + HOUR - timedelta(seconds=1))
    assert return_reading(session, loan_id=loan.id, now=NOW + HOUR)
    assert not return_reading(session, loan_id=loan.id, now=NOW + HOUR)

    assert (lent.state, lent.reason, loan.reading.state, loan.state) == ("draft", "", "reassigned", "returned")
    actions = [one.action for one in session.query(AuditEvent).filter(AuditEvent.action.like("reading-%"))]
    assert sorted(actions) == ["reading-lent", "reading-returned"]


def test_submitted_reading_stays_with_the_stand_in(
    session: Session, registry: Registry, held: Office, lent: Assignment
) -> None:
    loan = _lend(session, registry, held, lent)
    loan.reading.state = "submitted"
    session.flush()

    assert not return_reading(session, loan_id=loan.id, now=NOW + HOUR)
    assert (lent.state, loan.reading.state, loan.state) == ("reassigned", "submitted", "done")


def test_reading_does_not_go_back_to_a_judge_who_has_left(
    session: Session, registry: Registry, held: Office, lent: Assignment
) -> None:
    loan = _lend(session, registry, held, lent)
    held.judges[0].is_active = False
    session.flush()

    assert not return_reading(session, loan_id=loan.id, now=NOW + HOUR)
    assert (loan.reading.state, loan.state) == ("assigned", "ended")


@pytest.mark.parametrize("until", [timedelta(0), -HOUR, 25 * HOUR])
def test_moment_must_be_within_a_day(
    session: Session, registry: Registry, held: Office, lent: Assignment, until: timedelta
) -> None:
    with pytest.raises(Refused):
        _lend(session, registry, held, lent, until=until)


def test_lent_reading_is_not_lent_on_and_dossiers_are_not_lent(
    session: Session, registry: Registry, held: Office, lent: Assignment
) -> None:
    dossier = make_assignment(session, held.entries[0], held.judges[0], round_key=PRELIMINARY)
    loan = _lend(session, registry, held, lent)

    for reading in (loan.reading, dossier):
        with pytest.raises(Conflict):
            _lend(session, registry, held, reading)


def _conflict(session: Session, held: Office, _lent: Assignment) -> None:
    session.add(
        Tie(
            contest_id=held.contest.id, judge_id=held.judges[0].id, entry_id=held.entries[0].id, kind="teacher",
            source="set", reason="Dạy tác giả.", at=NOW,
        )
    )  # fmt: skip


def _closed(session: Session, held: Office, _lent: Assignment) -> None:
    set_round(session, held, FINAL, "closed")


def _withdrawn(_session: Session, held: Office, _lent: Assignment) -> None:
    held.entries[0].state = "withdrawn"


def _cancelled(_session: Session, held: Office, _lent: Assignment) -> None:
    held.contest.phase = "cancelled"


def _recused(_session: Session, _held: Office, lent: Assignment) -> None:
    lent.state = "recused"


@pytest.mark.parametrize("decide", [_conflict, _closed, _withdrawn, _cancelled, _recused])
def test_late_worker_undoes_nothing_that_was_decided_meanwhile(
    session: Session,
    registry: Registry,
    held: Office,
    lent: Assignment,
    decide: Callable[[Session, Office, Assignment], None],
) -> None:
    """The reading stays with the stand-in, no leaf is added, and the record says so."""
    loan = _lend(session, registry, held, lent)
    decide(session, held, lent)
    session.flush()
    before = (lent.state, session.query(LogLeaf).count())

    assert not return_reading(session, loan_id=loan.id, now=NOW + 30 * HOUR)
    assert not return_reading(session, loan_id=loan.id, now=NOW + 31 * HOUR)

    assert (lent.state, session.query(LogLeaf).count()) == before
    assert (loan.reading.state, loan.state, loan.ended_at) == ("assigned", "ended", NOW + 30 * HOUR)
    assert session.query(AuditEvent).filter_by(action="reading-stayed").one().subject_id == lent.id


def test_late_worker_gives_back_what_nobody_decided_on(
    session: Session, registry: Registry, held: Office, lent: Assignment
) -> None:
    """A contest that is suspended goes on afterwards: the judge has the reading again then."""
    loan = _lend(session, registry, held, lent)
    held.contest.phase, held.contest.resume_phase = "suspended", "judging"
    session.flush()

    assert return_reading(session, loan_id=loan.id, now=NOW + 30 * HOUR)
    assert (lent.state, loan.reading.state, loan.state) == ("draft", "reassigned", "returned")
