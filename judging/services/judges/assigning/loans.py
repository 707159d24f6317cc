"""Readings of live rounds lent to a stand-in until a moment; what is unfinished then goes back by itself.

At every moment just one of the two judges has the reading. It goes back in one transaction of a background job that is
due at that moment; a sheet submitted before that transaction stays the stand-in's. Workers may come hours late: what
was decided meanwhile is never undone. The reading then stays where it is, which the record says.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.jobs import enqueue_job
from judging.db.models import Assignment, Contest, Entry, Judge, ReadingLoan
from judging.domain.lifecycle import ContestPhase, SheetState
from judging.domain.rules import RoundMode
from judging.domain.values import Problem
from judging.errors import N_, Refused
from judging.errors import Conflict as Hindered
from judging.services.audit import record_event
from judging.services.contests.editions import rules_in_force
from judging.services.judges.assigning.assignments import add_assignment
from judging.services.judges.assigning.removal import remove_assignment
from judging.services.judges.conflicts.gate import is_barred
from judging.services.rounds.entries import OUT_OF_PLAY, judged_round, round_row
from judging.services.score_log.acts import record_plan
from judging.services.score_log.opening import ensure_log
from judging.services.sheets.readings import OPEN_ROUND, PENDING_ROUND

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.domain.permissions import Actor
    from judging.plugins import Registry

LOAN_JOB = "return-lent-reading"
OPEN, DONE, RETURNED, ENDED = "open", "done", "returned", "ended"
LONGEST = timedelta(hours=24)
_LENT = N_("Lent to another judge for a while.")
_BACK = N_("The time for which it was lent is up.")
_UNTOUCHED = (SheetState.ASSIGNED, SheetState.DRAFT)
# A contest that is suspended goes on afterwards.
_PHASES = frozenset({ContestPhase.CLOSED, ContestPhase.SCREENING, ContestPhase.JUDGING, ContestPhase.SUSPENDED})


def lend_reading(
    session: Session,
    *,
    registry: Registry,
    assignment: Assignment,
    stand_in: Judge,
    until: datetime,
    actor: Actor,
    now: datetime,
) -> ReadingLoan:
    """Hand a reading of a live round to a stand-in until a moment, a day ahead at most.

    Raises NotAllowed, Refused for a moment that makes no sense, and Conflict for a round on dossiers, a sheet that was
    submitted once, a reading that is lent already, and whatever keeps the stand-in from the entry.
    """
    contest = assignment.entry.contest
    rules = rules_in_force(registry, contest)
    if judged_round(rules, assignment.round).mode is RoundMode.DOSSIER:
        raise Hindered(N_("Readings are lent in rounds that are heard live. Give this one to another judge instead."))
    if not now < until <= now + LONGEST:
        message = N_("Choose a moment within the next 24 hours.")
        raise Refused([Problem(code="until", where="until", message=message)])
    if assignment.sheet_version or assignment.state not in _UNTOUCHED:
        raise Hindered(N_("Only a reading without a submitted sheet can be lent."))
    on_loan = select(ReadingLoan.id).where(ReadingLoan.state == OPEN, ReadingLoan.reading_id == assignment.id)
    if session.scalar(on_loan) is not None:
        raise Hindered(N_("This reading is lent already: a stand-in cannot lend it on."))
    ensure_log(session, contest, now=now)
    remove_assignment(session, contest=contest, assignment=assignment, reason=_LENT, actor=actor, now=now)
    session.flush()
    reading = add_assignment(
        session, registry=registry, contest=contest, round_key=assignment.round, entry=assignment.entry,
        judge=stand_in, actor=actor, now=now,
    )  # fmt: skip
    loan = ReadingLoan(
        contest_id=contest.id, lent_id=assignment.id, reading_id=reading.id, by_id=actor.account_id, at=now, until=until
    )  # fmt: skip
    session.add(loan)
    session.flush()
    enqueue_job(session, name=LOAN_JOB, payload={"loan": loan.id}, now=now, run_after=until)
    _record(session, "reading-lent", loan, assignment, actor_id=actor.account_id, now=now, until=until.isoformat())
    return loan


def return_reading(session: Session, *, loan_id: str, now: datetime) -> bool:
    """Give a lent reading back if its time is up, it is unfinished and nothing else was decided; whether it went."""
    loan = session.scalar(
        select(ReadingLoan)
        .where(ReadingLoan.id == loan_id, ReadingLoan.state == OPEN, ReadingLoan.until <= now)
        .with_for_update()
    )
    if loan is None:
        return False
    contest = session.get_one(Contest, loan.contest_id, populate_existing=True)
    round_key = session.scalars(select(Assignment.round).where(Assignment.id == loan.lent_id)).one()
    # Held before the readings, as whoever plans, repairs or closes the round does.
    stage = round_row(session, contest=contest, round_key=round_key, lock=True)
    reading, lent = (
        session.get_one(Assignment, key, with_for_update={"of": Assignment}, populate_existing=True)
        for key in (loan.reading_id, loan.lent_id)
    )
    loan.ended_at = now
    if reading.state not in _UNTOUCHED:
        loan.state = DONE if reading.state == SheetState.SUBMITTED else ENDED
        return False
    if not (_can_take_back(session, lent) and _is_going_on(contest, stage.state, lent.entry)):
        loan.state = ENDED
        _record(session, "reading-stayed", loan, lent, actor_id=None, now=now)
        return False
    _give_back(session, contest, loan, reading, lent, now=now)
    return True


def _can_take_back(session: Session, lent: Assignment) -> bool:
    """Whether the judge who lent it may still have it: nothing else was decided, no release, no tie to the entry."""
    barred = is_barred(session, judge_id=lent.judge_id, entry_id=lent.entry_id)
    return lent.state == SheetState.REASSIGNED and lent.judge.is_active and not barred


def _is_going_on(contest: Contest, stage: str, entry: Entry) -> bool:
    """Whether the entry is still to be judged in the round: a closed round or one entry less is not touched again."""
    return (
        ContestPhase(contest.phase) in _PHASES
        and stage in (PENDING_ROUND, OPEN_ROUND)
        and entry.state not in OUT_OF_PLAY
    )


def _give_back(
    session: Session, contest: Contest, loan: ReadingLoan, reading: Assignment, lent: Assignment, *, now: datetime
) -> None:
    ensure_log(session, contest, now=now)
    reading.state, reading.reason, reading.changed_at = SheetState.REASSIGNED.value, _BACK, now
    # The judge who lent it goes on where they stopped.
    lent.state = (SheetState.DRAFT if lent.draft_version else SheetState.ASSIGNED).value
    lent.reason, lent.changed_at, loan.state = "", now, RETURNED
    record_plan(session, contest=contest, round_key=lent.round, now=now)
    _record(session, "reading-returned", loan, lent, actor_id=None, now=now)


def return_lent_reading(database: Database, *, loan_id: str, now: datetime) -> None:
    """The work of the background job."""
    with database.writing() as session:
        return_reading(session, loan_id=loan_id, now=now)


def find_lendable(
    session: Session, *, contest: Contest, round_key: str, number: int, judge: Judge | None
) -> Assignment | None:
    """The reading that a judge has of the entry with that number; None where there is none."""
    if judge is None:
        return None
    query = (
        select(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(
            Assignment.contest_id == contest.id, Assignment.round == round_key, Assignment.judge_id == judge.id,
            Entry.number == number,
        )
    )  # fmt: skip
    return session.scalar(query)


def open_loans(session: Session, *, contest: Contest, round_key: str) -> list[ReadingLoan]:
    """The readings of a round that are lent now, the first to come back first."""
    query = (
        select(ReadingLoan)
        .join(Assignment, Assignment.id == ReadingLoan.lent_id)
        .where(ReadingLoan.contest_id == contest.id, ReadingLoan.state == OPEN, Assignment.round == round_key)
        .options(
            *(
                joinedload(one).options(joinedload(Assignment.entry), joinedload(Assignment.judge, Judge.account))
                for one in (ReadingLoan.lent, ReadingLoan.reading)
            )
        )
        .order_by(ReadingLoan.until, ReadingLoan.id)
    )
    return list(session.scalars(query))


def _record(
    session: Session,
    action: str,
    loan: ReadingLoan,
    lent: Assignment,
    *,
    actor_id: str | None,
    now: datetime,
    **details: str,
) -> None:
    record_event(
        session, action=action, subject="assignment", subject_id=lent.id, actor_id=actor_id,
        contest_id=loan.contest_id, details={"round": lent.round, "loan": loan.id, **details}, now=now,
    )  # fmt: skip
