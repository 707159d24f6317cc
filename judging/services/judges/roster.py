"""The judges of a contest: who they are, how much they can read, and in which panels they sit."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from judging.db.models import Assignment, Contest, Judge, Panel, PanelSeat
from judging.domain.aliases import JUDGE_PREFIX, new_alias
from judging.domain.lifecycle import SETTLED_SHEETS
from judging.domain.permissions import Actor, can_manage_people
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, NotFound, Refused
from judging.services.access.invitations import Invited, find_or_invite, invite
from judging.services.audit import record_event
from judging.services.letters import send_secret_letter

if TYPE_CHECKING:
    from judging.settings import Settings

MOST_ENTRIES = 1000
_LONGEST_UNIT = 200


def find_judge(session: Session, *, contest: Contest, judge_id: str) -> Judge:
    """The judge of this contest, with account and seats. Raises NotFound."""
    judge = session.scalar(
        select(Judge)
        .where(Judge.id == judge_id, Judge.contest_id == contest.id)
        .options(joinedload(Judge.account), selectinload(Judge.seats))
    )
    if judge is None:
        raise NotFound(N_("There is nothing here."))
    return judge


def add_judge(
    session: Session,
    *,
    settings: Settings,
    contest: Contest,
    actor: Actor,
    email: str,
    name: str,
    unit: str,
    capacity: int,
    panels: Collection[str],
    chairs: Collection[str],
    locale: str,
    now: datetime,
) -> tuple[Judge, Invited]:
    """Name a judge by address, making the account when there is none, and tell them by letter.

    `panels` and `chairs` are ids of panels; a chair sits in the panel. Raises NotAllowed and Refused by field.
    """
    _must_manage(actor)
    panels = {*panels, *chairs}
    _check(session, contest=contest, unit=unit, capacity=capacity, panels=panels)
    invited = find_or_invite(session, settings=settings, email=email, name=name, locale=locale, now=now)
    known = select(Judge.id).where(Judge.contest_id == contest.id, Judge.account_id == invited.account.id)
    if session.scalar(known) is not None:
        message = N_("That person is a judge of this contest already.")
        raise Refused([Problem(code="twice", where="email", message=message)])
    taken = frozenset(session.scalars(select(Judge.alias).where(Judge.contest_id == contest.id)))
    judge = Judge(
        contest_id=contest.id, account=invited.account, unit=" ".join(unit.split()), capacity=capacity,
        alias=new_alias(JUDGE_PREFIX, taken, secrets.SystemRandom()), created_at=now,
    )  # fmt: skip
    session.add(judge)
    session.flush()
    _seat(session, judge=judge, panels=panels, chairs=chairs)
    _record(session, "judge-added", contest=contest, judge=judge, actor=actor, now=now)
    _send_invitation(session, settings=settings, contest=contest, invited=invited, now=now)
    return judge, invited


def invite_again(
    session: Session, *, settings: Settings, contest: Contest, judge: Judge, actor: Actor, now: datetime
) -> Invited:
    """Send a judge a new link; the one before it ends. Raises NotAllowed."""
    _must_manage(actor)
    link = invite(session, settings=settings, account=judge.account, now=now)
    invited = Invited(account=judge.account, link=link, is_new=False)
    _send_invitation(session, settings=settings, contest=contest, invited=invited, now=now)
    _record(session, "judge-invited", contest=contest, judge=judge, actor=actor, now=now)
    return invited


def _send_invitation(
    session: Session, *, settings: Settings, contest: Contest, invited: Invited, now: datetime
) -> None:
    send_secret_letter(
        session, settings=settings, address=invited.account.email, locale=invited.account.locale,
        subject=N_("You are a judge of “%(contest)s”"),
        text=N_(
            "Hello %(name)s,\n\nthe office of “%(contest)s” has named you a judge. Begin here:\n\n%(link)s\n\nThe link "
            "holds for fourteen days and once. If you have signed in before, sign in as ever. Under “Judging” you "
            "first say which entries you may not score, and then find your entries.\n"
        ),
        params={"name": invited.account.name, "contest": contest.title}, secrets={"link": invited.link}, now=now,
        about=contest, kind="judge-invited", account_id=invited.account.id,
    )  # fmt: skip


def change_judge(
    session: Session,
    *,
    contest: Contest,
    judge: Judge,
    actor: Actor,
    unit: str,
    capacity: int,
    panels: Collection[str],
    chairs: Collection[str],
    now: datetime,
) -> None:
    """Change a judge's unit, capacity and seats. The name is the judge's own. Raises NotAllowed and Refused."""
    _must_manage(actor)
    panels = {*panels, *chairs}
    _check(session, contest=contest, unit=unit, capacity=capacity, panels=panels)
    judge.unit, judge.capacity = " ".join(unit.split()), capacity
    _seat(session, judge=judge, panels=panels, chairs=chairs)
    _record(session, "judge-changed", contest=contest, judge=judge, actor=actor, now=now)


def set_judge_active(
    session: Session, *, contest: Contest, judge: Judge, actor: Actor, active: bool, now: datetime
) -> None:
    """Let a judge go, or take one back. Raises Conflict while sheets are awaited of a judge who is to go."""
    _must_manage(actor)
    settled = [state.value for state in SETTLED_SHEETS]
    awaited = select(func.count()).where(Assignment.judge_id == judge.id, Assignment.state.not_in(settled))
    if not active and (count := session.scalar(awaited)):
        raise Conflict(
            N_("%(name)s still has %(count)s sheets to submit: give them to other judges first."),
            name=judge.account.name, count=count,
        )  # fmt: skip
    judge.is_active = active
    _record(session, "judge-returned" if active else "judge-left", contest=contest, judge=judge, actor=actor, now=now)


def _must_manage(actor: Actor) -> None:
    if not can_manage_people(actor):
        raise NotAllowed(N_("Only the organiser names judges and staff."))


def _check(session: Session, *, contest: Contest, unit: str, capacity: int, panels: Collection[str]) -> None:
    problems = []
    if not 1 <= capacity <= MOST_ENTRIES:
        message = N_("The number of entries a judge can read must lie between 1 and %(most)s.")
        problems.append(Problem(code="capacity", where="capacity", message=message, params={"most": MOST_ENTRIES}))
    if len(unit) > _LONGEST_UNIT:
        message = N_("At most %(most)s characters.")
        problems.append(Problem(code="long", where="unit", message=message, params={"most": _LONGEST_UNIT}))
    known = frozenset(session.scalars(select(Panel.id).where(Panel.contest_id == contest.id)))
    if not set(panels) <= known:
        problems.append(Problem(code="panel", where="panels", message=N_("That panel is not there any more.")))
    if problems:
        raise Refused(problems)


def _seat(session: Session, *, judge: Judge, panels: Collection[str], chairs: Collection[str]) -> None:
    """Give the judge these seats and no others. A panel has one chair: the last one named."""
    present = {seat.panel_id: seat for seat in judge.seats}
    for panel_id, seat in present.items():
        if panel_id not in panels:
            judge.seats.remove(seat)
    for panel_id in sorted(panels):
        seat_row = present.get(panel_id)
        if seat_row is None:
            seat_row = PanelSeat(panel_id=panel_id)
            judge.seats.append(seat_row)
        seat_row.is_chair = panel_id in chairs
    session.flush()
    others = select(PanelSeat).where(PanelSeat.panel_id.in_(chairs), PanelSeat.judge_id != judge.id, PanelSeat.is_chair)
    for other in session.scalars(others):
        other.is_chair = False
    session.flush()


def _record(session: Session, action: str, *, contest: Contest, judge: Judge, actor: Actor, now: datetime) -> None:
    record_event(
        session, action=action, subject="judge", subject_id=judge.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now,
        details={
            "alias": judge.alias,
            "capacity": judge.capacity,
            "panels": sorted(seat.panel_id for seat in judge.seats),
            "chairs": sorted(seat.panel_id for seat in judge.seats if seat.is_chair),
        },
    )  # fmt: skip
