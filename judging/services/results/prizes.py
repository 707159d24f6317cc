"""Prizes: the plan by the rules, its settling, and those that a council gives by name and with a reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.models import Entry, Prize, Publication
from judging.domain.awards import AwardPlan, EmptyPlaces, check_grants, grant_awards
from judging.domain.boards import boards_of
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Role, can_grant_awards
from judging.domain.values import Grant, Problem
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.contests.editions import rules_in_force
from judging.services.results.standings import all_standings
from judging.services.rounds.running import ADVANCED, CLOSED
from judging.services.rounds.states import list_rounds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules
    from judging.domain.values import Standing
    from judging.plugins import Registry

Rounds = dict[str, tuple["Standing", ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrizePlan:
    """The prizes that the rules give by the standings of all rounds; `by_plugin` when the kind's own code gave them."""

    plan: AwardPlan
    standings: Mapping[str, tuple[Standing, ...]]
    by_plugin: bool = False


def plan_prizes(session: Session, *, registry: Registry, contest: Contest) -> PrizePlan:
    """The ranked prizes as the sheets stand now. Raises ContestSuspended, and PluginError when the kind's fails."""
    rules = rules_in_force(registry, contest)
    return count_prizes(registry, rules, all_standings(session, registry=registry, contest=contest))


def count_prizes(registry: Registry, rules: ContestRules, rounds: Mapping[str, tuple[Standing, ...]]) -> PrizePlan:
    """The ranked prizes that the rules give, were these the standings of all rounds. Raises PluginError."""
    last = rounds[rules.rounds[-1].key]
    grants = registry.grant_awards(rules, last)
    if grants is None:
        plan = grant_awards(rules, last, by_round=_by_entry(rounds))
        return PrizePlan(plan=plan, standings=rounds)
    problems = check_grants(rules, last, grants, by_round=_by_entry(rounds))
    plan = AwardPlan(grants=tuple(grants), empty=_empty_places(rules, grants), unresolved=problems)
    return PrizePlan(plan=plan, standings=rounds, by_plugin=True)


def living_publication(session: Session, *, contest: Contest) -> Publication | None:
    """The publication that the public sees, or None."""
    query = (
        select(Publication)
        .where(Publication.contest_id == contest.id, Publication.withdrawn_at.is_(None))
        .order_by(Publication.at.desc(), Publication.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def may_settle(session: Session, *, contest: Contest, actor: Actor) -> bool:
    """Whether the actor may change prizes now: when judging ends, and again while a publication is withdrawn."""
    if can_grant_awards(actor, phase=ContestPhase(contest.phase)):
        return True
    withdrawn = contest.phase == ContestPhase.PUBLISHED and living_publication(session, contest=contest) is None
    return withdrawn and actor.has(Role.ORGANISER)


def list_prizes(session: Session, *, contest: Contest) -> Sequence[Prize]:
    """All prizes given in the contest, with their entries."""
    query = select(Prize).where(Prize.contest_id == contest.id).options(joinedload(Prize.entry)).order_by(Prize.id)
    return session.scalars(query).all()


def settle_prizes(session: Session, *, registry: Registry, contest: Contest, actor: Actor, now: datetime) -> int:
    """Give the ranked prizes by the plan in place of those given before, and return how many; side prizes stay.

    Raises Conflict while a round is not closed, and Refused while a tie is open.
    """
    rules = _check_may_settle(session, registry, contest, actor)
    planned = plan_prizes(session, registry=registry, contest=contest)
    if planned.plan.unresolved:
        raise Refused(planned.plan.unresolved)
    side = {award.key for award in rules.awards if award.special}
    kept = [prize for prize in list_prizes(session, contest=contest) if prize.level in side]
    for prize in list_prizes(session, contest=contest):
        if prize.level not in side:
            session.delete(prize)
    session.flush()
    _check(rules, planned, [*planned.plan.grants, *map(_grant_of, kept)])
    ids = _entry_ids(session, contest, [grant.entry for grant in planned.plan.grants])
    for grant in planned.plan.grants:
        session.add(_prize(contest, ids[grant.entry], grant, actor, now))
    _record(
        session, contest, "prizes-settled", contest.id, actor_id=actor.account_id, now=now,
        prizes=len(planned.plan.grants),
    )  # fmt: skip
    return len(planned.plan.grants)


def grant_prize(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    entry: Entry,
    level: str,
    board: str = "",
    reason: str,
    actor: Actor,
    now: datetime,
) -> Prize:
    """Give one prize by a named decision: a side prize, or a level to which the council moves an entry.

    Raises Refused without a reason or with what the rules forbid.
    """
    rules = _check_may_settle(session, registry, contest, actor)
    if not reason.strip():
        raise Refused([Problem(code="missing", where="reason", message=N_("Write the reason and the vote."))])
    if entry.contest_id != contest.id:
        raise Refused([Problem(code="missing", where="entry", message=N_("Choose an entry of this contest."))])
    planned = plan_prizes(session, registry=registry, contest=contest)
    grant = Grant(entry=entry.alias, level=level, board=board, reason=reason.strip())
    _check(rules, planned, [*map(_grant_of, list_prizes(session, contest=contest)), grant])
    prize = _prize(contest, entry.id, grant, actor, now)
    session.add(prize)
    session.flush()
    _record(
        session, contest, "prize-granted", entry.id, actor_id=actor.account_id, now=now,
        level=level, board=board, reason=reason.strip(),
    )  # fmt: skip
    return prize


def take_prize_back(
    session: Session, *, registry: Registry, contest: Contest, prize: Prize, reason: str, actor: Actor, now: datetime
) -> None:
    """Take a prize back before the results are published, with a reason."""
    _check_may_settle(session, registry, contest, actor)
    if not reason.strip():
        raise Refused([Problem(code="missing", where="reason", message=N_("Write the reason and the vote."))])
    _record(
        session, contest, "prize-taken-back", prize.entry_id, actor_id=actor.account_id, now=now,
        level=prize.level, reason=reason.strip(),
    )  # fmt: skip
    session.delete(prize)
    session.flush()


def prize_problems(session: Session, *, registry: Registry, contest: Contest) -> tuple[Problem, ...]:
    """What keeps the prizes given so far from being published: open ties, a missing settlement, broken rules.

    Levels that stay empty are no problem.
    """
    rules = rules_in_force(registry, contest)
    planned = plan_prizes(session, registry=registry, contest=contest)
    given = list_prizes(session, contest=contest)
    ranked = [award for award in rules.awards if not award.special]
    if planned.plan.unresolved:
        return planned.plan.unresolved
    if planned.plan.grants and ranked and not any(prize.level in {award.key for award in ranked} for prize in given):
        return (Problem(code="unsettled", message=N_("The prizes have not been settled.")),)
    last = planned.standings[rules.rounds[-1].key]
    return check_grants(rules, last, [*map(_grant_of, given)], by_round=_by_entry(planned.standings))


def empty_places(rules: ContestRules, prizes: Sequence[Prize]) -> tuple[EmptyPlaces, ...]:
    """The places of ranked levels that were not given."""
    return _empty_places(rules, [Grant(entry=one.entry_id, level=one.level, board=one.board) for one in prizes])


def _empty_places(rules: ContestRules, grants: Sequence[Grant]) -> tuple[EmptyPlaces, ...]:
    given = Counter((grant.level, grant.board) for grant in grants)
    return tuple(
        EmptyPlaces(award.key, board, award.planned - given[award.key, board])
        for award in rules.awards
        if not award.special
        for board in boards_of(rules, award.board)
        if award.planned > given[award.key, board]
    )


def _check_may_settle(session: Session, registry: Registry, contest: Contest, actor: Actor) -> ContestRules:
    if not may_settle(session, contest=contest, actor=actor):
        raise NotAllowed(N_("Prizes are settled by the organiser when judging ends, until they are approved."))
    rules = rules_in_force(registry, contest)
    states = [row.state for row in list_rounds(session, contest=contest)]
    if not states or any(state not in (CLOSED, ADVANCED) for state in states):
        raise Conflict(N_("Every round must be closed before prizes are given."))
    return rules


def _check(rules: ContestRules, planned: PrizePlan, grants: Sequence[Grant]) -> None:
    last = planned.standings[rules.rounds[-1].key]
    problems = check_grants(rules, last, grants, by_round=_by_entry(planned.standings))
    if problems:
        raise Refused(problems)


def _by_entry(rounds: Mapping[str, Sequence[Standing]]) -> dict[str, dict[str, Standing]]:
    return {key: {standing.entry: standing for standing in standings} for key, standings in rounds.items()}


def _grant_of(prize: Prize) -> Grant:
    return Grant(entry=prize.entry.alias, level=prize.level, board=prize.board, reason=prize.reason)


def _entry_ids(session: Session, contest: Contest, aliases: Sequence[str]) -> dict[str, str]:
    query = select(Entry.alias, Entry.id).where(Entry.contest_id == contest.id, Entry.alias.in_(aliases))
    return dict(session.execute(query).all())


def _prize(contest: Contest, entry_id: str, grant: Grant, actor: Actor, now: datetime) -> Prize:
    return Prize(
        contest_id=contest.id, entry_id=entry_id, level=grant.level, board=grant.board, reason=grant.reason,
        by_id=str(actor.account_id), at=now,
    )  # fmt: skip


def _record(
    session: Session,
    contest: Contest,
    action: str,
    subject_id: str,
    *,
    actor_id: str | None,
    now: datetime,
    **details: object,
) -> None:
    record_event(
        session, action=action, subject="prize", subject_id=subject_id, actor_id=actor_id,
        contest_id=contest.id, details=details, now=now,
    )  # fmt: skip
