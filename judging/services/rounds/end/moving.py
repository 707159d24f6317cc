"""Setting and moving the end of a round: for everybody or for one judge, with a reason, recorded and told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.db.models import RoundExtension
from judging.db.queries.round_end import awaited_judges, later_ends
from judging.domain.lifecycle import ContestPhase
from judging.domain.message_kinds import ROUND_END, find_kind
from judging.domain.round_end import EndChange, can_move_end, end_problems
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.contests.editions import rules_in_force
from judging.services.letters import send_letter
from judging.services.links import page_link
from judging.services.messages.texts import contest_title
from judging.services.messages.words import sentence_writer
from judging.services.rounds.end.keeping import end_text
from judging.services.rounds.entries import judged_round, round_row
from judging.services.score_log.acts import record_extensions
from judging.services.score_log.opening import ensure_log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, ContestRound, Judge
    from judging.domain.permissions import Actor
    from judging.plugins import Registry
    from judging.settings import Settings

PENDING, OPEN = "pending", "open"
UNSET = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPlan:
    """An end to look at before it is set: what is against it, and who would be told."""

    problems: tuple[Problem, ...]
    told: Sequence[Judge]


def plan_end(
    session: Session,
    *,
    contest: Contest,
    stage: ContestRound,
    judge: Judge | None,
    until: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
) -> EndPlan:
    """What setting the end would mean, for everybody or for one judge. Raises NotAllowed."""
    if not can_move_end(actor, phase=ContestPhase(contest.phase)):
        message = N_("The end of a round is moved by the organiser, until judging ends, and by nobody who judges here.")
        raise NotAllowed(message)
    change = EndChange(
        until=until, present=_present(session, stage, judge), for_one=judge is not None,
        is_open=stage.state == OPEN, is_over=stage.state not in (PENDING, OPEN), reason=reason,
    )  # fmt: skip
    told = awaited_judges(session, contest_id=contest.id, round_key=stage.key) if stage.state == OPEN else []
    if judge is not None:
        told = [one for one in told if one.id == judge.id]
    return EndPlan(problems=end_problems(change, now=now), told=told)


def set_end(
    session: Session,
    *,
    registry: Registry,
    settings: Settings,
    contest: Contest,
    round_key: str,
    until: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
    judge: Judge | None = None,
) -> EndPlan:
    """Set the end and tell the judges whose sheets are awaited in the open round; returns who was told.

    With `judge` only this one gets longer. Raises NotAllowed, Refused naming what is wrong, and NotFound.
    """
    judged_round(rules_in_force(registry, contest), round_key)
    ensure_log(session, contest, now=now)
    stage = round_row(session, contest=contest, round_key=round_key, lock=True)
    plan = plan_end(
        session, contest=contest, stage=stage, judge=judge, until=until, reason=reason, actor=actor, now=now
    )  # fmt: skip
    if plan.problems:
        raise Refused(plan.problems)
    made = move_end(
        session, contest=contest, stage=stage, judge=judge, until=until, reason=reason, actor=actor, now=now
    )
    kind = find_kind(ROUND_END)
    for one in plan.told:
        params = end_letter(registry, settings, contest=contest, judge=one, stage=stage, until=until, reason=reason)
        send_letter(
            session, to=one.account, subject=kind.subject, text=kind.text, params=params, now=now, about=contest,
            kind=ROUND_END, key=f"{made.id}:{one.id}",
        )  # fmt: skip
    return plan


def move_end(
    session: Session,
    *,
    contest: Contest,
    stage: ContestRound,
    judge: Judge | None,
    until: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
) -> RoundExtension:
    """Store and record the end. Whoever calls this has checked that it may be, and holds the round."""
    old = _present(session, stage, judge)
    made = RoundExtension(
        contest_id=contest.id, round=stage.key, judge_id=None if judge is None else judge.id, old_at=old, new_at=until,
        reason=reason.strip(), by_id=str(actor.account_id), at=now,
    )  # fmt: skip
    session.add(made)
    if judge is None:
        stage.ends_at = until
    session.flush()
    what = f"round:{stage.key}" if judge is None else f"round:{stage.key}:{judge.alias}"
    before = UNSET if old is None else old.isoformat()
    record_extensions(
        session, contest=contest, by_id=actor.account_id, now=now, moved={what: (before, until.isoformat())}
    )
    record_event(
        session, action="round-end-set", subject="round", subject_id=stage.key, actor_id=actor.account_id,
        contest_id=contest.id, now=now,
        details={
            "round": stage.key, "from": "" if old is None else old.isoformat(), "to": until.isoformat(),
            "judge": "" if judge is None else judge.alias, "reason": reason.strip(),
        },
    )  # fmt: skip
    return made


def end_letter(
    registry: Registry,
    settings: Settings,
    *,
    contest: Contest,
    judge: Judge,
    stage: ContestRound,
    until: datetime,
    reason: str,
) -> dict[str, str]:
    """What fills the letter about the end to one judge."""
    locale = judge.account.locale
    return {
        "name": judge.account.name, "contest": contest_title(contest, locale), "until": end_text(contest, until),
        "round": round_label(registry, contest, stage.key, locale), "reason": reason.strip(),
        "link": page_link(settings, f"/judge/{contest.slug}/"),
    }  # fmt: skip


def round_label(registry: Registry, contest: Contest, round_key: str, locale: str) -> str:
    """The name of a round as a reader of that language is told it."""
    judged = judged_round(rules_in_force(registry, contest), round_key)
    return sentence_writer(registry, contest.kind, locale)(Problem(code="label", message=judged.label))


def _present(session: Session, stage: ContestRound, judge: Judge | None) -> datetime | None:
    """The end as it stands: the round's, or the later one that the judge was given."""
    own = None if judge is None else later_ends(session, judge_ids=[judge.id]).get((judge.id, stage.key))
    if own is None or stage.ends_at is None:
        return stage.ends_at
    return max(stage.ends_at, own)
