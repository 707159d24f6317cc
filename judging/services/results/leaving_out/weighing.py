"""What hangs on each judge of a round that is closed, or of all rounds that are: for organiser and auditor alone.

The sheets are read once, in a number of queries that does not grow with judges or entries; the rest is counted in
memory by the contest's own rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from judging.db.models import Account, Entry, EntryMember, Judge, PeopleLink
from judging.domain.leaving_out.ground import Ground
from judging.domain.leaving_out.judges import leave_each_out, leave_out
from judging.domain.leaving_out.values import Report
from judging.domain.ledger.faults import NotRecountable
from judging.domain.ledger.tally import Tally
from judging.domain.permissions import Relation, can_see_judge_effects
from judging.errors import N_, Conflict, ContestSuspended, NotAllowed, NotFound
from judging.services.contests.editions import contest_rules
from judging.services.entries.people.roles import ACCEPTED
from judging.services.results.prizes import count_prizes
from judging.services.results.standings import chair_votes, entries_in_play, load_ballots
from judging.services.rounds.entries import judged_round
from judging.services.rounds.running import ADVANCED, CLOSED, PENDING
from judging.services.rounds.states import list_rounds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.awards import AwardPlan
    from judging.domain.leaving_out.ground import Standings
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules
    from judging.plugins import Registry

_SETTLED = (CLOSED, ADVANCED)


def may_see_judge_effects(session: Session, *, contest: Contest, actor: Actor) -> bool:
    """Whether the actor is organiser or auditor and neither judges, nor has judged, nor has an entry in the contest."""
    return can_see_judge_effects(actor, _relation(session, contest, actor))


def weigh_judges(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    actor: Actor,
    round_key: str | None = None,
    judge: str | None = None,
) -> Report:
    """What hangs on each judge of the round, or of every round when none is named; on `judge` alone, in full, if given.

    Raises NotAllowed, NotFound for a round that the rules do not have and for a judge without a sheet there, Conflict
    while sheets may still come, and ContestSuspended for a way of combining sheets that is not installed.
    """
    ground, rounds = _ground(session, registry, contest, actor, round_key)
    try:
        if judge is None:
            return leave_each_out(ground, rounds)
        found = leave_out(ground, rounds, judge)
    except NotRecountable as error:
        raise ContestSuspended(
            N_("The way of combining sheets is not installed, so there are no standings: %(reason)s"), reason=error
        ) from error
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return Report(rounds=tuple(rounds), prizes=ground.prizes is not None, judges=(found,))


def judge_names(session: Session, contest: Contest) -> dict[str, str]:
    """The names of the contest's judges by alias, former ones too: their sheets count."""
    query = (
        select(Judge.alias, Account.name)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.contest_id == contest.id)
    )
    return dict(session.execute(query).all())


def _ground(
    session: Session, registry: Registry, contest: Contest, actor: Actor, round_key: str | None
) -> tuple[Ground, Sequence[str]]:
    if not may_see_judge_effects(session, contest=contest, actor=actor):
        raise NotAllowed(
            N_("What hangs on each judge is for organiser and auditor who neither judge nor enter in the contest.")
        )
    rules = contest_rules(registry, contest)
    states = {row.key: row.state for row in list_rounds(session, contest=contest)}
    closed = [judged.key for judged in rules.rounds if states.get(judged.key) in _SETTLED]
    rounds = _asked_for(rules, states, closed, round_key)
    tally = Tally(
        contest=contest.slug,
        ballots={key: load_ballots(session, contest=contest, round_key=key) for key in closed},
        entries=entries_in_play(session, contest),
        votes=chair_votes(session, contest),
    )

    def prizes(standings: Standings) -> AwardPlan:
        return count_prizes(registry, rules, {key: tuple(places) for key, places in standings.items()}).plan

    ground = Ground(
        rules=rules, tally=tally, aggregators=registry.aggregators, tie_breakers=registry.tie_breakers,
        # Nobody can say who wins while sheets may still come.
        prizes=prizes if len(closed) == len(rules.rounds) else None,
        by_rules=not registry.gives_awards(rules.key),
    )  # fmt: skip
    return ground, rounds


def _asked_for(
    rules: ContestRules, states: Mapping[str, str], closed: Sequence[str], round_key: str | None
) -> Sequence[str]:
    """The rounds to leave sheets out of. Raises NotFound, and Conflict while sheets of theirs may still come."""
    if round_key is not None:
        judged = judged_round(rules, round_key)
        if round_key not in closed:
            raise Conflict(
                N_("“%(round)s” is not closed: what hangs on each judge is told once no sheet can change."),
                round=judged.label,
            )
        return [round_key]
    if not closed or any(state not in (*_SETTLED, PENDING) for state in states.values()):
        raise Conflict(N_("A round is still open or none has been held: close it first, or choose one that is closed."))
    return closed


def _relation(session: Session, contest: Contest, actor: Actor) -> Relation:
    """How near the actor is to the contest: its judge at any time, or one of the people of an entry."""
    if actor.account_id is None:
        return Relation()
    mail = select(func.lower(Account.email)).where(Account.id == actor.account_id).scalar_subquery()
    judges = select(Judge.id).where(Judge.contest_id == contest.id, Judge.account_id == actor.account_id)
    named = select(EntryMember.entry_id).where(EntryMember.email != "", func.lower(EntryMember.email) == mail)
    linked = select(PeopleLink.entry_id).where(PeopleLink.account_id == actor.account_id, PeopleLink.answer == ACCEPTED)
    entries = select(Entry.id).where(
        Entry.contest_id == contest.id,
        or_(Entry.owner_id == actor.account_id, Entry.id.in_(named), Entry.id.in_(linked)),
    )
    judged, entered = session.execute(select(judges.exists(), entries.exists())).one()
    return Relation(assigned=judged, author=entered)
