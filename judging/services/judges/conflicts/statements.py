"""Words on schools and units: a judge's own, and the office's. They bar from every entry of it, later ones too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from judging.db.models import Conflict, ConflictStatement, UnitsAnswer
from judging.domain.affiliations import unit_key
from judging.domain.conflicts import BY_UNIT, ConflictKind
from judging.domain.permissions import Role
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.judges.conflicts.finding import BY_OFFICE, DECLARED, entries_in_play, renew_conflicts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Judge
    from judging.domain.permissions import Actor

MOST_UNITS = 20
LONGEST_UNIT = 200


class Tie(NamedTuple):
    """A school or unit by its name, and what ties the judge to it."""

    unit: str
    kind: ConflictKind


def has_answered(session: Session, *, judge: Judge) -> bool:
    """Whether the judge has said which schools and units they are tied to, or that they are tied to none."""
    return session.get(UnitsAnswer, judge.id) is not None


def standing_statements(session: Session, *, judge: Judge) -> Sequence[ConflictStatement]:
    """What was said of the judge and units and was not withdrawn, in the order of time."""
    query = select(ConflictStatement).where(
        ConflictStatement.judge_id == judge.id, ConflictStatement.withdrawn_at.is_(None)
    )
    return session.scalars(query.order_by(ConflictStatement.at, ConflictStatement.id)).all()


def declare_units(session: Session, *, judge: Judge, ties: Sequence[Tie], actor: Actor, now: datetime) -> int:
    """Keep a judge's own ties to schools and units, or that there are none; returns how many are new.

    Nothing tells which entries that concerns. Raises NotAllowed, and Refused with the row of what is wrong.
    """
    if actor.account_id is None or judge.account_id != actor.account_id:
        raise NotAllowed(N_("Judges declare their own conflicts."))
    _check_ties(ties)
    made = [one for tie in ties if (one := _say(session, judge, tie, DECLARED, "", actor=actor, now=now)) is not None]
    answer = session.get(UnitsAnswer, judge.id)
    if answer is None:
        session.add(UnitsAnswer(judge_id=judge.id, at=now))
    else:
        answer.at = now
    record_event(
        session, action="units-declared", subject="judge", subject_id=judge.id, now=now, actor_id=actor.account_id,
        contest_id=judge.contest_id, details={"judge": judge.alias, "units": len(made)},
    )  # fmt: skip
    _apply(session, judge, now=now)
    return len(made)


def set_unit_conflict(
    session: Session, *, judge: Judge, tie: Tie, reason: str, actor: Actor, now: datetime
) -> ConflictStatement:
    """Bar a judge from a whole school or unit, by the office and with a reason. Raises NotAllowed and Refused."""
    _check_office(actor)
    _check_ties([tie])
    if not reason.strip():
        raise Refused([Problem(code="reason-missing", message=N_("Write down the reason."), where="reason")])
    made = _say(session, judge, tie, BY_OFFICE, reason.strip(), actor=actor, now=now)
    if made is None:
        message = N_("This is known already: the judge is barred from that unit.")
        raise Refused([Problem(code="same", message=message, where="unit")])
    _record(session, "unit-conflict-set", made, judge, actor=actor, now=now, reason=reason.strip())
    _apply(session, judge, now=now)
    return made


def withdraw_statement(
    session: Session, *, statement: ConflictStatement, reason: str, actor: Actor, now: datetime
) -> None:
    """Take a word on a unit back, by the office and with a reason; what else bars from its entries stays.

    Raises NotAllowed and Refused.
    """
    _check_office(actor)
    if not reason.strip():
        raise Refused([Problem(code="reason-missing", message=N_("Write down the reason."), where="reason")])
    if statement.withdrawn_at is not None:
        raise Refused([Problem(code="gone", message=N_("This was withdrawn already."), where="reason")])
    statement.withdrawn_at, statement.withdrawn_by_id = now, actor.account_id
    statement.withdrawn_reason = reason.strip()
    session.flush()
    following = select(Conflict).where(Conflict.statement_id == statement.id, Conflict.withdrawn_at.is_(None))
    for row in session.scalars(following):
        row.withdrawn_at, row.withdrawn_by_id, row.withdrawn_reason = now, actor.account_id, reason.strip()
        # Nobody has said of anything else that it is no conflict: what the data show may stand again.
        row.evidence, row.statement_id = "", None
    judge = statement.judge
    _record(session, "unit-conflict-withdrawn", statement, judge, actor=actor, now=now, reason=reason.strip())
    _apply(session, judge, now=now)


def _check_ties(ties: Sequence[Tie]) -> None:
    problems = []
    if len(ties) > MOST_UNITS:
        problems.append(Problem(code="too-many", message=N_("Name at most 20 schools or units."), where="0"))
    for number, tie in enumerate(ties):
        if not unit_key(tie.unit) or len(tie.unit.strip()) > LONGEST_UNIT:
            message = N_("Write the name of the school or unit in at most 200 letters.")
            problems.append(Problem(code="unit", message=message, where=str(number)))
        if tie.kind not in BY_UNIT:
            message = N_("Choose what ties you to this school or unit.")
            problems.append(Problem(code="kind", message=message, where=str(number)))
    if problems:
        raise Refused(problems)


def _say(
    session: Session, judge: Judge, tie: Tie, source: str, reason: str, *, actor: Actor, now: datetime
) -> ConflictStatement | None:
    """The new statement; None when the same stands already."""
    session.flush()
    key = unit_key(tie.unit)
    same = select(ConflictStatement.id).where(
        ConflictStatement.judge_id == judge.id, ConflictStatement.unit_key == key,
        ConflictStatement.kind == tie.kind.value, ConflictStatement.withdrawn_at.is_(None),
    )  # fmt: skip
    if session.scalar(same.limit(1)) is not None:
        return None
    made = ConflictStatement(
        contest_id=judge.contest_id, judge_id=judge.id, judge=judge, unit=" ".join(tie.unit.split()), unit_key=key,
        kind=tie.kind.value, source=source, reason=reason, by_id=actor.account_id, at=now,
    )  # fmt: skip
    session.add(made)
    return made


def _apply(session: Session, judge: Judge, *, now: datetime) -> None:
    renew_conflicts(
        session, contest_id=judge.contest_id, judges=[judge], entries=entries_in_play(session, judge.contest_id),
        now=now,
    )  # fmt: skip


def _check_office(actor: Actor) -> None:
    if not actor.has(Role.SECRETARY, Role.ORGANISER) or actor.has(Role.JUDGE, Role.CHAIR):
        raise NotAllowed(N_("Only the office, and nobody who judges here, decides on conflicts of interest."))


def _record(
    session: Session,
    action: str,
    statement: ConflictStatement,
    judge: Judge,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
) -> None:
    session.flush()
    record_event(
        session, action=action, subject="conflict-statement", subject_id=statement.id, now=now,
        actor_id=actor.account_id, contest_id=statement.contest_id,
        details={
            "judge": judge.alias, "unit": statement.unit, "ties": statement.kind,
            "reason": reason,
        },
    )  # fmt: skip
