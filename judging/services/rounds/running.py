"""Opening, closing and ending a round, and the chair's vote that parts what nothing else parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from judging.db.models import ChairVote, Entry
from judging.domain.gates import Advance, advancing
from judging.domain.lifecycle import ContestPhase, EntryState
from judging.domain.permissions import Role, can_grant_awards
from judging.domain.round_end import FURTHEST
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.contests.editions import rules_in_force
from judging.services.judges.repeats.giving import give_repeats
from judging.services.results.standings import round_standings
from judging.services.rounds.end.moving import move_end
from judging.services.rounds.entries import enter_round, entry_code, judged_round, round_row, unlocked_entries
from judging.services.rounds.states import list_rounds
from judging.services.score_log.acts import record_vote
from judging.services.score_log.opening import ensure_log
from judging.services.score_log.rounds import record_reopening, record_round

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, ContestRound
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules
    from judging.domain.values import Standing
    from judging.plugins import Registry

PENDING, OPEN, CLOSED, ADVANCED = "pending", "open", "closed", "advanced"
_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundOutcome:
    """What ended a round: how many entries went on and how many did not."""

    advanced: int
    eliminated: int


def open_round(
    session: Session, *, registry: Registry, contest: Contest, round_key: str, actor_id: str | None, now: datetime
) -> ContestRound:
    """Let the judges of the round begin. Entries that have judges enter it; the others wait for theirs.

    Raises Conflict when the round is not pending, an earlier one has not ended, or its own end has passed.
    """
    rules = rules_in_force(registry, contest)
    judged = judged_round(rules, round_key)
    row = round_row(session, contest=contest, round_key=round_key, lock=True)
    if row.state != PENDING:
        raise Conflict(N_("“%(round)s” was opened already."), round=judged.label)
    for earlier in list_rounds(session, contest=contest):
        if earlier.position < row.position and earlier.state != ADVANCED:
            raise Conflict(N_("The round before “%(round)s” has not ended."), round=judged.label)
    if row.ends_at is not None and row.ends_at <= now:
        raise Conflict(N_("The end of “%(round)s” has passed: set a later one first."), round=judged.label)
    row.state = OPEN
    row.opened_at = now
    entered = enter_round(session, contest=contest, rules=rules, round_key=round_key)
    give_repeats(session, contest=contest, round_key=round_key, now=now)
    record_event(
        session, action="round-opened", subject="round", subject_id=round_key, actor_id=actor_id,
        contest_id=contest.id, details={"entries": entered}, now=now,
    )  # fmt: skip
    return row


def start_round(
    session: Session, *, registry: Registry, contest: Contest, round_key: str, actor: Actor, now: datetime
) -> ContestRound:
    """Open the next round, by the organiser. Raises NotAllowed and Conflict."""
    _check_organiser(actor, contest)
    return open_round(
        session, registry=registry, contest=contest, round_key=round_key, actor_id=actor.account_id, now=now
    )


def close_round(
    session: Session, *, registry: Registry, contest: Contest, round_key: str, actor: Actor, now: datetime
) -> ContestRound:
    """End the reading. Raises Conflict naming the entries that are not locked yet."""
    _check_organiser(actor, contest)
    rules = rules_in_force(registry, contest)
    judged = judged_round(rules, round_key)
    ensure_log(session, contest, now=now)
    row = round_row(session, contest=contest, round_key=round_key, lock=True)
    if row.state != OPEN:
        raise Conflict(N_("“%(round)s” is not open."), round=judged.label)
    waiting = unlocked_entries(session, contest=contest, rules=rules, round_key=round_key)
    if waiting:
        raise Conflict(
            N_("“%(round)s” cannot be closed: %(count)s entries still wait for sheets: %(entries)s."),
            round=judged.label, count=len(waiting), entries=name_entries(rules, waiting),
        )  # fmt: skip
    row.state = CLOSED
    row.closed_at = now
    session.flush()
    record_round(session, registry=registry, contest=contest, round_key=round_key, event=CLOSED, now=now)
    _record(session, "round-closed", contest, round_key, actor_id=actor.account_id, now=now)
    return row


def reopen_round(
    session: Session,
    *,
    contest: Contest,
    round_key: str,
    actor: Actor,
    reason: str,
    now: datetime,
    until: datetime | None = None,
) -> ContestRound:
    """Let judges write again in a closed round, for a re-check. Needs a reason; a round that ended stays ended.

    Where the round's own end has passed, `until` says until when sheets are taken now.
    """
    _check_organiser(actor, contest)
    if not reason.strip():
        raise Refused([Problem(code="missing", where="reason", message=N_("Write the reason."))])
    ensure_log(session, contest, now=now)
    row = round_row(session, contest=contest, round_key=round_key, lock=True)
    if row.state != CLOSED:
        raise Conflict(N_("Only a closed round can be opened again."))
    _check_until(row, until, now=now)
    row.state = OPEN
    row.closed_at = None
    record_reopening(session, contest=contest, reason=reason, round_key=round_key, now=now)
    if until is not None:
        move_end(session, contest=contest, stage=row, judge=None, until=until, reason=reason, actor=actor, now=now)
    _record(session, "round-reopened", contest, round_key, actor_id=actor.account_id, now=now, reason=reason.strip())
    return row


def plan_advance(session: Session, *, registry: Registry, contest: Contest, round_key: str) -> Advance:
    """Who would go on from the round by its gates and quota, as the sheets stand now."""
    rules = rules_in_force(registry, contest)
    standings = round_standings(session, registry=registry, contest=contest, round_key=round_key)
    return advancing(rules, judged_round(rules, round_key), standings)


def advance_round(
    session: Session, *, registry: Registry, contest: Contest, round_key: str, actor: Actor, now: datetime
) -> RoundOutcome:
    """End a closed round: entries that pass its gates and quota go on, the others do not.

    Raises Conflict for a round that is not closed, and for the last one: after it come the prizes.
    """
    _check_organiser(actor, contest)
    rules = rules_in_force(registry, contest)
    judged = judged_round(rules, round_key)
    ensure_log(session, contest, now=now)
    row = round_row(session, contest=contest, round_key=round_key, lock=True)
    if judged.key == rules.rounds[-1].key:
        raise Conflict(N_("“%(round)s” is the last round: after it come the prizes."), round=judged.label)
    if row.state != CLOSED:
        raise Conflict(N_("“%(round)s” must be closed first."), round=judged.label)
    outcome = plan_advance(session, registry=registry, contest=contest, round_key=round_key)
    onward = [standing.entry for standing in outcome.advanced]
    advanced = _settle(session, contest, round_key, onward, EntryState.ADVANCED)
    # Whoever is still in the round now was stopped, or has no score at all.
    eliminated = _settle(session, contest, round_key, None, EntryState.ELIMINATED)
    row.state, row.advanced = ADVANCED, onward
    session.flush()
    record_round(session, registry=registry, contest=contest, round_key=round_key, event=ADVANCED, now=now)
    _record(
        session, "round-advanced", contest, round_key, actor_id=actor.account_id, now=now,
        advanced=advanced, eliminated=eliminated,
    )  # fmt: skip
    return RoundOutcome(advanced=advanced, eliminated=eliminated)


def record_chair_vote(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    round_key: str,
    order: Sequence[str],
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the panel chair's vote on entries that nothing parts: `order` holds their aliases, the first stands first.

    Raises Refused without a reason, and Conflict when the entries do not share one rank or the rules know no such vote.
    """
    if not can_grant_awards(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Only the organiser records a vote, until the prizes are approved."))
    rules = rules_in_force(registry, contest)
    if "chair-vote" not in rules.tie_breaks:
        raise Conflict(N_("The rules of this contest know no vote of the panel chair."))
    if not reason.strip():
        raise Refused([Problem(code="missing", where="reason", message=N_("Write who voted and why."))])
    ensure_log(session, contest, now=now)
    standings = round_standings(session, registry=registry, contest=contest, round_key=round_key)
    _check_tie(standings, order)
    found = session.execute(select(Entry.alias, Entry.id).where(Entry.contest_id == contest.id, Entry.alias.in_(order)))
    ids = dict(found.all())
    session.execute(delete(ChairVote).where(ChairVote.round == round_key, ChairVote.entry_id.in_(ids.values())))
    for place, alias in enumerate(order):
        session.add(
            ChairVote(
                contest_id=contest.id, round=round_key, entry_id=ids[alias], number=len(order) - place,
                reason=reason.strip(), by_id=str(actor.account_id), at=now,
            )
        )  # fmt: skip
    record_vote(session, contest=contest, round_key=round_key, order=order, minutes=reason, now=now)
    _record(
        session, "chair-voted", contest, round_key, actor_id=actor.account_id, now=now,
        order=list(order), reason=reason.strip(),
    )  # fmt: skip


def name_entries(rules: ContestRules, entries: Sequence[Entry]) -> str:
    """The codes of the first few entries, with an ellipsis for the rest."""
    codes = [entry_code(rules, entry.number) for entry in entries[:_NAMED]]
    return ", ".join(codes) + (" …" if len(entries) > _NAMED else "")


def _check_tie(standings: Sequence[Standing], order: Sequence[str]) -> None:
    share = {standing.entry: standing.rank for standing in standings if standing.shared}
    ranks = {share.get(alias) for alias in order}
    sharing = {alias for alias, rank in share.items() if rank in ranks}
    if len(ranks) != 1 or None in ranks or set(order) != sharing or len(order) != len(sharing):
        raise Conflict(N_("A vote orders all the entries that share one rank, and each of them once."))


def _check_organiser(actor: Actor, contest: Contest) -> None:
    if not actor.has(Role.ORGANISER):
        raise NotAllowed(N_("Only the organiser opens, closes and ends rounds."))
    if contest.phase != ContestPhase.JUDGING:
        raise Conflict(N_("Rounds are opened and closed while the contest is in judging."))


def _check_until(row: ContestRound, until: datetime | None, *, now: datetime) -> None:
    """Refuse to open a round again that would take no sheet, or less time than was promised."""
    last = max(row.ends_at or now, now)
    if until is None and row.ends_at is not None and row.ends_at <= now:
        message = N_("The end of the round has passed: say until when sheets are taken again.")
        raise Refused([Problem(code="missing", where="until", message=message)])
    if until is not None and not last < until <= now + FURTHEST:
        message = N_("The new end must be to come, after the present one, and not years ahead.")
        raise Refused([Problem(code="date-past", where="until", message=message)])


def _settle(session: Session, contest: Contest, round_key: str, aliases: list[str] | None, state: EntryState) -> int:
    change = update(Entry).where(
        Entry.contest_id == contest.id, Entry.round == round_key, Entry.state == EntryState.IN_ROUND
    )
    if aliases is not None:
        change = change.where(Entry.alias.in_(aliases))
    moved = session.execute(
        change.values(state=state.value, version=Entry.version + 1)
        .returning(Entry.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(moved.all())


def _record(
    session: Session,
    action: str,
    contest: Contest,
    round_key: str,
    *,
    actor_id: str | None,
    now: datetime,
    **details: object,
) -> None:
    record_event(
        session, action=action, subject="round", subject_id=round_key, actor_id=actor_id,
        contest_id=contest.id, details=details, now=now,
    )  # fmt: skip
