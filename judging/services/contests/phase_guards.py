"""The conditions of a contest's steps, each told as the list of what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, Contest, Entry, Judge, Panel, PanelSeat, Prize, Publication
from judging.domain.lifecycle import ContestPhase, EntryState, Guard
from judging.domain.values import Problem
from judging.errors import N_, ContestSuspended, JudgingError
from judging.plugins import Registry
from judging.services.contests.dates import check_dates, dates_of
from judging.services.contests.editions import contest_rules
from judging.services.contests.settings import check_strategies
from judging.services.rounds.states import list_rounds

PRIZES_SETTLED = "prizes-settled"
_ROUND_DONE = frozenset({"closed", "advanced"})
_UNSCREENED = (EntryState.SUBMITTED, EntryState.RETURNED, EntryState.LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a guard looks at. `target` is the phase that is asked for."""

    session: Session
    registry: Registry
    contest: Contest
    target: ContestPhase
    now: datetime


Check = Callable[[Situation], Iterator[Problem]]


def find_missing(guard: Guard, situation: Situation) -> tuple[Problem, ...]:
    """Everything that keeps `guard` from being met; empty when it is.

    `where` of each problem names the page of the office on which it is put right.
    """
    check = _CHECKS.get(guard)
    return () if check is None else tuple(check(situation))


def find_setup_gaps(session: Session, *, registry: Registry, contest: Contest) -> Iterator[Problem]:
    """What still has to be set up before the contest can be judged: rules, dates, panels and judges."""
    yield from _rules_gaps(registry, contest)
    yield from _date_gaps(contest)
    yield from _panel_gaps(session, registry, contest)


def _rules_complete(situation: Situation) -> Iterator[Problem]:
    return _rules_gaps(situation.registry, situation.contest)


def _rules_gaps(registry: Registry, contest: Contest) -> Iterator[Problem]:
    try:
        rules = contest_rules(registry, contest)
    except ContestSuspended as error:
        yield Problem(code="suspended", where="settings", message=error.message, params=error.params)
        return
    except JudgingError as error:
        yield Problem(code="rules", where="settings", message=error.message, params=error.params)
        return
    for problem in check_strategies(registry, rules):
        yield Problem(code=problem.code, where="settings", message=problem.message, params=problem.params)


def _date_gaps(contest: Contest) -> Iterator[Problem]:
    if contest.opens_at is None or contest.closes_at is None:
        message = N_("The opening and closing dates must be set.")
        yield Problem(code="dates", where="settings", message=message)
    for problem in check_dates(dates_of(contest)):
        yield Problem(code=problem.code, where="settings", message=problem.message, params=problem.params)


def _dates_set(situation: Situation) -> Iterator[Problem]:
    yield from _date_gaps(situation.contest)
    closes_at = situation.contest.closes_at
    if closes_at is not None and closes_at <= situation.now:
        yield Problem(
            code="deadline-past",
            where="settings",
            message=N_("The deadline for entries lies in the past: set one that is still to come."),
        )


def _panel_gaps(session: Session, registry: Registry, contest: Contest) -> Iterator[Problem]:
    try:
        rules = contest_rules(registry, contest)
    except JudgingError:
        return
    panels = session.execute(
        select(Panel.id, Panel.name, Panel.categories, func.count(Judge.id))
        .outerjoin(PanelSeat, PanelSeat.panel_id == Panel.id)
        .outerjoin(Judge, (Judge.id == PanelSeat.judge_id) & Judge.is_active)
        .where(Panel.contest_id == contest.id)
        .group_by(Panel.id, Panel.name, Panel.categories, Panel.position)
        .order_by(Panel.position)
    ).all()
    covered = {key for panel in panels for key in panel.categories}
    for category in rules.categories:
        if category.key not in covered:
            message = N_("No panel scores the category “%(category)s”.")
            yield Problem(code="no-panel", where="people", message=message, params={"category": category.label})
    least = max(judged.judges_per_entry for judged in rules.rounds)
    for _, name, categories, judges in panels:
        if categories and judges < least:
            yield Problem(
                code="few-judges",
                where="people",
                message=N_("“%(panel)s” has %(judges)s judges; each entry needs %(least)s."),
                params={"panel": name, "judges": judges, "least": least},
            )


def _all_screened(situation: Situation) -> Iterator[Problem]:
    counts: Mapping[str, int] = dict(
        situation.session.execute(
            select(Entry.state, func.count()).where(Entry.contest_id == situation.contest.id).group_by(Entry.state)
        ).all()
    )  # fmt: skip
    waiting = sum(counts.get(state.value, 0) for state in _UNSCREENED)
    if waiting:
        message = N_("Every entry must be screened. Still waiting: %(count)s.")
        yield Problem(code="unscreened", where="screening", message=message, params={"count": waiting})
    elif not counts.get(EntryState.ELIGIBLE.value):
        yield Problem(code="no-entries", where="screening", message=N_("There is no eligible entry to judge."))


def _rounds_closed(situation: Situation) -> Iterator[Problem]:
    rows = list_rounds(situation.session, contest=situation.contest)
    labels = {judged.key: judged.label for judged in contest_rules(situation.registry, situation.contest).rounds}
    if not rows:
        yield Problem(code="no-rounds", where="progress", message=N_("No round has been held."))
    for row in rows:
        if row.state not in _ROUND_DONE:
            message = N_("The round “%(round)s” is not closed.")
            params = {"round": labels.get(row.key, row.key)}
            yield Problem(code="round-open", where="progress", message=message, params=params)


def _prizes_settled(situation: Situation) -> Iterator[Problem]:
    """Prizes count as settled by a prize, or by a recorded act: that none is given is a decision too."""
    contest = situation.contest
    given = situation.session.scalar(select(Prize.id).where(Prize.contest_id == contest.id).limit(1))
    settled = situation.session.scalar(
        select(AuditEvent.id).where(AuditEvent.contest_id == contest.id, AuditEvent.action == PRIZES_SETTLED).limit(1)
    )
    if given is None and settled is None:
        yield Problem(code="prizes", where="prizes", message=N_("The prizes must be settled, with no tie left open."))


def _where_it_was(situation: Situation) -> Iterator[Problem]:
    if situation.contest.resume_phase != situation.target.value:
        yield Problem(code="resume", message=N_("A suspended contest goes on where it was."))


def find_publication_gap(session: Session, *, contest: Contest) -> tuple[Problem, ...]:
    """What keeps the phase of results from being reached: they must lie ready in a publication of their own."""
    living = select(Publication.id).where(Publication.contest_id == contest.id, Publication.withdrawn_at.is_(None))
    if session.scalar(living.limit(1)) is not None:
        return ()
    message = N_("The results are published on the page “Publication”, with the number of the decision.")
    return (Problem(code="publication", where="publication", message=message),)


_CHECKS: Mapping[Guard, Check] = {
    Guard.RULES_COMPLETE: _rules_complete,
    Guard.DATES_SET: _dates_set,
    Guard.ALL_SCREENED: _all_screened,
    Guard.ROUNDS_CLOSED: _rounds_closed,
    Guard.PRIZES_SETTLED: _prizes_settled,
    Guard.WHERE_IT_WAS: _where_it_was,
}
