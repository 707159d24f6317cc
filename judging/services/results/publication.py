"""Publishing the results: one act keeps the ranking, gives entries their outcome and makes everything public."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from judging.db.jobs import enqueue_job
from judging.db.models import Entry, Prize, Publication
from judging.domain.lifecycle import ContestPhase, EntryState
from judging.domain.permissions import Role, can_publish
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.contests.editions import rules_in_force
from judging.services.contests.phases import pass_phases
from judging.services.results.prizes import list_prizes, living_publication, prize_problems
from judging.services.rounds.entries import locked_entry_ids
from judging.services.rounds.running import ADVANCED, CLOSED, name_entries
from judging.services.rounds.states import list_rounds
from judging.services.score_log.opening import ensure_log
from judging.services.score_log.publishing import BUNDLE_JOB
from judging.services.score_log.rounds import record_closing, record_reopening

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules
    from judging.domain.values import Standing
    from judging.plugins import Registry

_UNREAD = (EntryState.ELIGIBLE, EntryState.ADVANCED)
_UNSCREENED = (EntryState.SUBMITTED, EntryState.RETURNED, EntryState.LATE)
_JUDGED = (EntryState.IN_ROUND, EntryState.ADVANCED, EntryState.ELIMINATED, EntryState.AWARDED, EntryState.NOT_AWARDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A publication, and the standings of the last round, which plugins are told after the commit."""

    publication: Publication
    standings: tuple[Standing, ...]


def find_obstacles(session: Session, *, registry: Registry, contest: Contest) -> tuple[Problem, ...]:
    """Everything that keeps the results from being published; empty when they can be.

    `where` names the page on which it is put right. Every eligible entry needs its readings, locked, in each round that
    it reached. Raises ContestSuspended.
    """
    rules = rules_in_force(registry, contest)
    obstacles = [*_open_rounds(session, contest, rules), *_unread_entries(session, contest, rules)]
    if obstacles:
        return tuple(obstacles)
    return tuple(
        Problem(code=one.code, message=one.message, params=one.params, where="prizes")
        for one in prize_problems(session, registry=registry, contest=contest)
    )


def publish_results(
    session: Session, *, registry: Registry, contest: Contest, decision: str, actor: Actor, now: datetime
) -> Published:
    """Publish by the decision of that number; the steps in between are passed and recorded one by one.

    Raises NotAllowed, Conflict when the results are public already, and Refused with every obstacle.
    """
    _check_may_publish(session, contest, actor)
    ensure_log(session, contest, now=now)
    problems = list(find_obstacles(session, registry=registry, contest=contest))
    if not decision.strip():
        problems.insert(0, Problem(code="missing", where="decision", message=N_("Write the number of the decision.")))
    if problems:
        raise Refused(problems)
    prizes = list_prizes(session, contest=contest)
    counted = record_closing(
        session, registry=registry, contest=contest, prizes=prizes, approved_by=actor.account_id, now=now
    )
    publication = Publication(
        contest_id=contest.id, ranking=json.loads(counted.ranking), sha256=counted.sha256,
        by_id=str(actor.account_id), at=now,
    )  # fmt: skip
    session.add(publication)
    enqueue_job(session, name=BUNDLE_JOB, payload={"contest": contest.id}, now=now)
    contest.decision = decision.strip()
    session.flush()
    if contest.phase != ContestPhase.PUBLISHED:
        pass_phases(
            session, registry=registry, contest=contest, actor=actor, to=ContestPhase.PUBLISHED,
            reason=decision.strip(), now=now,
        )  # fmt: skip
    contest.published_at = now
    _settle_entries(session, contest)
    record_event(
        session, action="results-published", subject="publication", subject_id=publication.id,
        actor_id=actor.account_id, contest_id=contest.id,
        details={"sha256": publication.sha256, "decision": contest.decision, "prizes": len(prizes)}, now=now,
    )  # fmt: skip
    last = rules_in_force(registry, contest).rounds[-1].key
    return Published(publication=publication, standings=counted.standings[last])


def withdraw_publication(
    session: Session, *, contest: Contest, reason: str, actor: Actor, now: datetime
) -> Publication:
    """Take the results off the public pages, with a reason that stays on record. They can be published anew.

    Raises NotAllowed, Conflict when nothing is public, and Refused without a reason.
    """
    if not actor.has(Role.ORGANISER):
        raise NotAllowed(N_("Only the organiser publishes results and withdraws them."))
    publication = living_publication(session, contest=contest)
    if publication is None or contest.phase != ContestPhase.PUBLISHED:
        raise Conflict(N_("There are no published results to withdraw."))
    if not reason.strip():
        raise Refused([Problem(code="missing", where="reason", message=N_("Write the reason."))])
    ensure_log(session, contest, now=now)
    record_reopening(session, contest=contest, reason=reason, round_key=None, now=now)
    publication.withdrawn_at = now
    publication.withdrawn_reason = reason.strip()
    contest.published_at = None
    record_event(
        session, action="publication-withdrawn", subject="publication", subject_id=publication.id,
        actor_id=actor.account_id, contest_id=contest.id, details={"reason": reason.strip()}, now=now,
    )  # fmt: skip
    return publication


def may_publish(session: Session, *, contest: Contest, actor: Actor) -> bool:
    """Whether the actor may publish now: once judging has begun, or again while a publication is withdrawn."""
    if can_publish(actor, phase=ContestPhase(contest.phase)):
        return True
    withdrawn = contest.phase == ContestPhase.PUBLISHED and living_publication(session, contest=contest) is None
    return withdrawn and actor.has(Role.ORGANISER)


def list_publications(session: Session, *, contest: Contest) -> Sequence[Publication]:
    """All publications of the contest, withdrawn ones included, the newest first."""
    query = (
        select(Publication)
        .where(Publication.contest_id == contest.id)
        .order_by(Publication.at.desc(), Publication.id.desc())
    )
    return session.scalars(query).all()


def _check_may_publish(session: Session, contest: Contest, actor: Actor) -> None:
    if contest.phase == ContestPhase.PUBLISHED and living_publication(session, contest=contest) is not None:
        raise Conflict(N_("The results are public already."))
    if not actor.has(Role.ORGANISER):
        raise NotAllowed(N_("Only the organiser publishes results."))
    if not may_publish(session, contest=contest, actor=actor):
        raise Conflict(N_("Results are published once judging has begun, and this contest has not come to that."))


def _open_rounds(session: Session, contest: Contest, rules: ContestRules) -> Iterator[Problem]:
    labels = {judged.key: judged.label for judged in rules.rounds}
    rows = list_rounds(session, contest=contest)
    for row in rows:
        if row.state not in (CLOSED, ADVANCED):
            yield Problem(
                code="round-open", where="progress", message=N_("The round “%(round)s” is not closed."),
                params={"round": labels.get(row.key, row.key)},
            )  # fmt: skip
    if not rows:
        yield Problem(code="no-rounds", where="progress", message=N_("No round has been held."))


def _unread_entries(session: Session, contest: Contest, rules: ContestRules) -> Iterator[Problem]:
    unread = _entries(session, contest, Entry.state.in_(_UNREAD))
    if unread:
        yield _named(rules, unread, "progress", N_("%(count)s eligible entries have not been judged: %(entries)s."))
    for judged in rules.rounds:
        waiting = _entries(
            session,
            contest,
            (Entry.state.in_(_JUDGED))
            & (Entry.round == judged.key)
            & Entry.id.not_in(locked_entry_ids(contest, judged.key)),
        )
        if waiting:
            yield _named(rules, waiting, "progress", N_("%(count)s entries still wait for sheets: %(entries)s."))
    unscreened = _entries(session, contest, Entry.state.in_(_UNSCREENED))
    if unscreened:
        yield _named(rules, unscreened, "screening", N_("%(count)s entries were never screened: %(entries)s."))


def _entries(session: Session, contest: Contest, condition: Any) -> Sequence[Entry]:
    return session.scalars(select(Entry).where(Entry.contest_id == contest.id, condition).order_by(Entry.number)).all()


def _named(rules: ContestRules, entries: Sequence[Entry], where: str, message: str) -> Problem:
    return Problem(
        code="unread", where=where, message=message,
        params={"count": len(entries), "entries": name_entries(rules, entries)},
    )  # fmt: skip


def _settle_entries(session: Session, contest: Contest) -> None:
    winners = select(Prize.entry_id).where(Prize.contest_id == contest.id)
    for state, condition in (
        (EntryState.AWARDED, Entry.id.in_(winners)),
        (EntryState.NOT_AWARDED, Entry.id.not_in(winners)),
    ):
        session.execute(
            update(Entry)
            .where(Entry.contest_id == contest.id, Entry.state.in_(_JUDGED), Entry.state != state, condition)
            .values(state=state.value, version=Entry.version + 1)
            .execution_options(synchronize_session="fetch")
        )
