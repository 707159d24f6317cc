"""What the office asks of the plan of a round, and which categories judges know best."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from judging.db.models import Judge, JudgePreference, RoundPlan
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_assign, can_manage_people
from judging.domain.plan_settings import PlanSettings
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules


def plan_settings(session: Session, *, contest: Contest, round_key: str) -> PlanSettings:
    """What is asked of the plan of a round; the usual where nothing was recorded."""
    row = _row(session, contest, round_key)
    if row is None:
        return PlanSettings()
    return PlanSettings(
        common=row.common, across=row.across, even=row.even, preferences=row.preferences, least=row.least
    )


def set_plan_settings(
    session: Session, *, contest: Contest, round_key: str, wanted: PlanSettings, actor: Actor, now: datetime
) -> None:
    """Record what is asked of the plan of a round; nothing is planned yet. Raises NotAllowed and Refused."""
    if not can_assign(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Judges are assigned by the office, from the closing of entries to the end of judging."))
    if problems := list(wanted.problems()):
        raise Refused(problems)
    row = _row(session, contest, round_key)
    if row is None:
        row = RoundPlan(contest_id=contest.id, round=round_key)
        session.add(row)
    row.common, row.across, row.least = wanted.common, wanted.across, wanted.least
    row.even, row.preferences = wanted.even, wanted.preferences
    session.flush()
    details = {key: getattr(wanted, key) for key in ("common", "across", "even", "preferences", "least")}
    record_event(
        session, action="plan-settings-changed", subject="round", subject_id=round_key, actor_id=actor.account_id,
        contest_id=contest.id, details=details, now=now,
    )  # fmt: skip


def judge_preferences(session: Session, *, contest: Contest) -> dict[str, frozenset[str]]:
    """The categories that judges of the contest know best, by the judge's alias."""
    query = (
        select(Judge.alias, JudgePreference.category)
        .join(Judge, Judge.id == JudgePreference.judge_id)
        .where(Judge.contest_id == contest.id)
    )
    found: dict[str, set[str]] = {}
    for alias, category in session.execute(query):
        found.setdefault(alias, set()).add(category)
    return {alias: frozenset(categories) for alias, categories in found.items()}


def preferred_categories(session: Session, *, judge: Judge) -> frozenset[str]:
    """The categories that one judge knows best."""
    return frozenset(
        session.scalars(select(JudgePreference.category).where(JudgePreference.judge_id == judge.id))
    )  # fmt: skip


def prefer_categories(
    session: Session,
    *,
    contest: Contest,
    rules: ContestRules,
    judge: Judge,
    categories: Collection[str],
    actor: Actor,
    now: datetime,
) -> None:
    """Record the categories that a judge knows best. Raises NotAllowed, and Refused for an unknown category."""
    if not can_manage_people(actor):
        raise NotAllowed(N_("Only the organiser names judges and staff."))
    wanted = frozenset(categories)
    if wanted - {one.key for one in rules.categories}:
        message = N_("A category was removed in the meantime. Reload the page.")
        raise Refused([Problem(code="gone", where="preferred", message=message)])
    if wanted == preferred_categories(session, judge=judge):
        return
    session.execute(delete(JudgePreference).where(JudgePreference.judge_id == judge.id))
    session.add_all(JudgePreference(judge_id=judge.id, category=key) for key in sorted(wanted))
    session.flush()
    record_event(
        session, action="judge-preferences-changed", subject="judge", subject_id=judge.id, actor_id=actor.account_id,
        contest_id=contest.id, details={"categories": sorted(wanted)}, now=now,
    )  # fmt: skip


def _row(session: Session, contest: Contest, round_key: str) -> RoundPlan | None:
    query = select(RoundPlan).where(RoundPlan.contest_id == contest.id, RoundPlan.round == round_key)
    return session.scalar(query)
