"""The life of an entry as its people see it: begun, submitted, withdrawn."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.db.models import Account, Contest, Entry, Receipt
from judging.domain.aliases import ENTRY_PREFIX, new_alias
from judging.domain.deadline import believed_stamp
from judging.domain.lifecycle import ENTRY_MOVES, ContestPhase, EntryState, find_move, may_move
from judging.domain.message_kinds import RECEIPT, RECEIPT_LATE, find_kind
from judging.domain.permissions import Actor
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.contests.deadlines import entry_deadline, return_term
from judging.services.contests.editions import rules_in_force
from judging.services.entries.answers import Stored
from judging.services.entries.draft_versions import forget_draft
from judging.services.entries.eligibility import check_entry
from judging.services.entries.people.guard import lacks_a_childs_consent
from judging.services.entries.receipts import give_receipt
from judging.services.entries.record import record_entry_event
from judging.services.entries.similar.work import search_later
from judging.services.entries.status import WITHDRAWABLE
from judging.services.letters import send_letter

_MOST_DRAFTS = 20
_TAKES_LATE = frozenset({ContestPhase.OPEN, ContestPhase.CLOSED, ContestPhase.SCREENING})
_TAKES_RETURNED = _TAKES_LATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """What came of a submission: the receipt, whether it was late, and for a late one what was still missing."""

    receipt: Receipt
    late: bool
    gaps: tuple[Problem, ...] = ()


def takes_entries(contest: Contest, now: datetime) -> bool:
    """Whether an entry may be begun now: the contest is open and its closing moment has not passed."""
    return ContestPhase(contest.phase) is ContestPhase.OPEN and (contest.closes_at is None or now <= contest.closes_at)


def begin_entry(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    owner: Account,
    answers: Mapping[str, Stored],
    now: datetime,
) -> Entry:
    """Open a draft with the answers that the eligibility page asked for. Its number is the next of the contest.

    Raises Conflict when the contest takes no entries now or the person has too many drafts, and ContestSuspended.
    """
    rules = rules_in_force(registry, contest)
    locked = _lock_contest(session, contest)
    if not takes_entries(locked, now):
        raise Conflict(N_("This contest takes no new entries now."))
    drafts = select(func.count()).where(
        Entry.contest_id == contest.id, Entry.owner_id == owner.id, Entry.state == EntryState.DRAFT
    )
    if (session.scalar(drafts) or 0) >= _MOST_DRAFTS:
        raise Conflict(N_("You have many unfinished drafts in this contest. Finish or withdraw one first."))
    taken = set(session.scalars(select(Entry.alias).where(Entry.contest_id == contest.id)))
    highest = session.scalar(select(func.max(Entry.number)).where(Entry.contest_id == contest.id)) or 0
    known = {field.key for field in rules.fields}
    entry = Entry(
        contest_id=contest.id,
        owner_id=owner.id,
        number=highest + 1,
        alias=new_alias(ENTRY_PREFIX, taken, secrets.SystemRandom()),
        answers={key: value for key, value in answers.items() if key in known and value is not None},
        created_at=now,
        changed_at=now,
    )
    session.add(entry)
    session.flush()
    record_entry_event(session, entry=entry, action="entry-begun", actor_id=owner.id, now=now)
    return entry


def submit_entry(
    session: Session,
    *,
    registry: Registry,
    entry: Entry,
    actor: Actor,
    now: datetime,
    received_at: datetime | None = None,
) -> Submitted:
    """Hand the entry in. `received_at` is when the request was received, `now` if it is not known.

    It alone is held against the deadline: see domain.deadline. A draft received up to and including the last moment
    must be complete. One that comes later becomes a late entry with its receipt, complete or not, and waits for a
    named decision; without the consents that its children need it is not taken at all. An entry returned to complete
    may come until its date, or until screening ends. Raises Refused with every problem, Conflict when the entry cannot
    be submitted, NotAllowed.
    """
    _must_own(entry, actor)
    stamp = believed_stamp(received_at or now, now)
    contest = _lock_contest(session, entry.contest)
    session.refresh(entry, ["state", "version"], with_for_update=True)
    rules = rules_in_force(registry, contest)
    state, target = EntryState(entry.state), _target(session, entry, contest, stamp)
    move = find_move(ENTRY_MOVES, state, target)
    if move is None or not may_move(move, actor.roles):
        raise Conflict(N_("This entry has been handed in already, or can no longer be handed in."))
    late = target is EntryState.LATE
    told = check_entry(session, registry=registry, entry=entry, now=stamp)
    # What the office is to decide keeps nobody from handing in.
    problems = tuple(problem for problem in told if not problem.ask)
    if problems and (not late or lacks_a_childs_consent(problems)):
        raise Refused(problems)
    entry.state, entry.submitted_at, entry.changed_at = target.value, stamp, now
    session.flush()
    receipt = give_receipt(session, contest=contest, entry=entry, rules=rules, now=stamp)
    details = {"receipt": receipt.number, "sha256": receipt.sha256, "gaps": [problem.code for problem in problems]}
    if questions := [problem.code for problem in told if problem.ask]:
        details["questions"] = questions
    action = "entry-late" if late else "entry-submitted"
    record_entry_event(session, entry=entry, action=action, actor_id=actor.account_id, now=now, details=details)
    if not problems:
        forget_draft(session, entry=entry)
    _send_receipt(session, entry, receipt, late=late, now=now)
    search_later(session, entry=entry, now=now)
    return Submitted(receipt=receipt, late=late, gaps=problems if late else ())


def withdraw_entry(session: Session, *, entry: Entry, actor: Actor, now: datetime) -> None:
    """Take the entry out of the contest for good. Raises NotAllowed, and Conflict once judging has begun."""
    _must_own(entry, actor)
    session.refresh(entry, ["state", "version"], with_for_update=True)
    state = EntryState(entry.state)
    move = find_move(ENTRY_MOVES, state, EntryState.WITHDRAWN)
    if state not in WITHDRAWABLE or move is None or not may_move(move, actor.roles):
        raise Conflict(N_("This entry can no longer be withdrawn here. Write to the office of the contest."))
    entry.state, entry.changed_at = EntryState.WITHDRAWN.value, now
    session.flush()
    details = {"from": state.value}
    record_entry_event(
        session, entry=entry, action="entry-withdrawn", actor_id=actor.account_id, now=now, details=details
    )


def _target(session: Session, entry: Entry, contest: Contest, stamp: datetime) -> EntryState:
    phase, state = ContestPhase(contest.phase), EntryState(entry.state)
    if state is EntryState.RETURNED and phase in _TAKES_RETURNED:
        term = return_term(session, entry)
        if term is not None and stamp > term.until:
            raise Conflict(N_("The date for completing this entry has passed. Ask the office for a later one."))
        return EntryState.SUBMITTED
    if phase not in _TAKES_LATE:
        raise Conflict(N_("This contest takes no entries now."))
    # Closing the contest cuts off nothing that was received in time and waited for its turn.
    in_time = entry_deadline(session, entry, contest=contest).is_in_time(stamp)
    return EntryState.SUBMITTED if in_time else EntryState.LATE


def _lock_contest(session: Session, contest: Contest) -> Contest:
    """The contest as it is now, kept from changing: numbers and limits per author are counted one entry at a time."""
    return session.scalars(
        select(Contest).where(Contest.id == contest.id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _must_own(entry: Entry, actor: Actor) -> None:
    if actor.account_id is None or actor.account_id != entry.owner_id:
        raise NotAllowed(N_("Only the person who made this entry may do this."))


def _send_receipt(session: Session, entry: Entry, receipt: Receipt, *, late: bool, now: datetime) -> None:
    kind = find_kind(RECEIPT_LATE if late else RECEIPT)
    send_letter(
        session,
        to=entry.owner,
        subject=kind.subject,
        text=kind.text,
        about=entry,
        kind=kind.key,
        key=receipt.id,
        params={
            "title": entry.title,
            "number": receipt.number,
            "time": f"{receipt.at:%Y-%m-%d %H:%M:%S}",
            "code": receipt.sha256,
        },
        now=now,
    )
