"""Which sheet a paper is: its code, the sheets to print, and the reading that a code names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.models import Assignment, Entry, Judge
from judging.domain.lifecycle import ContestPhase, SheetState
from judging.domain.paper_sheets import paper_check, paper_code, read_paper_code
from judging.domain.permissions import Relation, can_type_paper
from judging.domain.structure import frozen_digest
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.errors import Conflict as Hindered
from judging.services.contests.editions import rules_in_force
from judging.services.judges.conflicts.gate import is_barred
from judging.services.sheets.drafts import stored_draft
from judging.services.sheets.readings import Reading, Stage, find_stage, why_closed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules, Round
    from judging.plugins import Registry

UNFINISHED = (SheetState.ASSIGNED, SheetState.DRAFT, SheetState.REOPENED)
"""States in which a sheet is awaited, on paper or otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSheet:
    """A sheet to print: its reading and its code."""

    assignment: Assignment
    code: str


def list_paper_sheets(
    session: Session, *, contest: Contest, rules: ContestRules, judged: Round, judge_id: str | None = None
) -> list[PaperSheet]:
    """The sheets of a round that are still awaited, by judge and place in the judge's order; of one judge if named."""
    query = (
        select(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(
            Assignment.contest_id == contest.id,
            Assignment.round == judged.key,
            Assignment.state.in_([state.value for state in UNFINISHED]),
        )
        .options(joinedload(Assignment.entry), joinedload(Assignment.judge).joinedload(Judge.account))
        .order_by(Judge.alias, Assignment.position)
    )
    if judge_id is not None:
        query = query.where(Assignment.judge_id == judge_id)
    return [PaperSheet(assignment=one, code=code_of(contest, rules, judged, one)) for one in session.scalars(query)]


def code_of(contest: Contest, rules: ContestRules, judged: Round, assignment: Assignment) -> str:
    """The code that is printed on the paper of a reading."""
    number, judge = assignment.entry.number, assignment.judge.alias
    return paper_code(
        rules.prefix, number=number, judge=judge, check=_check(contest, judged, number=number, judge=judge)
    )


def find_paper(session: Session, *, registry: Registry, contest: Contest, actor: Actor, code: str) -> Reading:
    """The reading whose paper has this code, ready to be typed.

    Raises NotAllowed, Refused for what is no code or an old one, and Conflict when nothing is awaited there.
    """
    if not can_type_paper(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Sheets on paper are typed by the office, during judging, and by nobody who judges here."))
    rules = rules_in_force(registry, contest)
    place = read_paper_code(rules.prefix, code)
    if place is None:
        message = N_("This is no code of a sheet on paper. It stands under the square, such as ST-041-4K7P2Z-K7QM.")
        raise Refused([Problem(code="code", where="code", message=message)])
    judged = next(
        (one for one in rules.rounds if _check(contest, one, number=place.number, judge=place.judge) == place.check),
        None,
    )
    found = _assignment(session, contest, judged, number=place.number, judge=place.judge) if judged else None
    if judged is None or found is None:
        message = N_(
            "No sheet with this code is awaited here. It may be of another contest, or printed before the rubric"
            " changed: then print it anew and have the judge mark anew."
        )
        raise Refused([Problem(code="code", where="code", message=message)])
    return _reading(session, contest, rules, judged, found)


def check_awaited(reading: Reading) -> None:
    """Refuse a sheet that is not to be typed: it came in, the round is closed, or the judge writes on a device."""
    if reading.state not in UNFINISHED:
        raise Hindered(N_("This sheet is not awaited any more: it is recorded, or the judge is off the entry."))
    if reason := why_closed(reading):
        raise Hindered(reason)
    if reading.state is SheetState.DRAFT and not stored_draft(reading.judged, reading.assignment, locale="en").is_empty:
        raise Hindered(
            N_(
                "The judge has begun this sheet on a device too, and only one of the two can count. Ask the judge to"
                " submit it there, or to empty it."
            )
        )


def _check(contest: Contest, judged: Round, *, number: int, judge: str) -> str:
    return paper_check(
        contest_id=contest.id, round_key=judged.key, number=number, judge=judge, rubric=frozen_digest(judged.rubric)
    )


def _assignment(session: Session, contest: Contest, judged: Round, *, number: int, judge: str) -> Assignment | None:
    return session.scalar(
        select(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(
            Assignment.contest_id == contest.id,
            Assignment.round == judged.key,
            Entry.number == number,
            Judge.alias == judge,
            Judge.is_active,
        )
        .options(joinedload(Assignment.entry), joinedload(Assignment.judge).joinedload(Judge.account))
    )


def _reading(session: Session, contest: Contest, rules: ContestRules, judged: Round, assignment: Assignment) -> Reading:
    row = find_stage(session, assignment=assignment)
    stage = None if row is None else Stage(row.state, row.ends_at)
    reading = Reading(
        assignment=assignment, contest=contest, rules=rules, judged=judged, stage=stage, relation=Relation()
    )
    check_awaited(reading)
    if is_barred(session, judge_id=assignment.judge_id, entry_id=assignment.entry_id):
        raise Hindered(N_("A conflict of interest keeps this judge from this entry."))
    return reading
