"""The office of one contest: who is organiser, secretary, committee member or auditor."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.db.models import Contest, ContestRole, OrganisationRole
from judging.domain.permissions import Actor, Role, can_manage_people
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, NotFound, Refused
from judging.services.access.invitations import Invited, find_or_invite
from judging.services.audit import record_event
from judging.services.letters import send_secret_letter

if TYPE_CHECKING:
    from judging.settings import Settings

STAFF_ROLES = (Role.ORGANISER, Role.SECRETARY, Role.COMMITTEE, Role.AUDITOR)


def give_role(
    session: Session,
    *,
    settings: Settings,
    contest: Contest,
    actor: Actor,
    email: str,
    name: str,
    role: Role,
    locale: str,
    now: datetime,
) -> Invited:
    """Give a person a role in the contest, making the account when there is none. Raises NotAllowed and Refused."""
    _must_manage(actor)
    if role not in STAFF_ROLES:
        raise Refused([Problem(code="role", where="role", message=N_("That is no role of the office."))])
    invited = find_or_invite(session, settings=settings, email=email, name=name, locale=locale, now=now)
    held = select(ContestRole.id).where(
        ContestRole.contest_id == contest.id,
        ContestRole.account_id == invited.account.id,
        ContestRole.role == role.value,
    )
    if session.scalar(held) is not None:
        raise Refused([Problem(code="twice", where="email", message=N_("That person has that role already."))])
    row = ContestRole(contest_id=contest.id, account_id=invited.account.id, role=role.value, created_at=now)
    session.add(row)
    session.flush()
    _record(session, "role-given", contest=contest, row=row, actor=actor, now=now)
    send_secret_letter(
        session, settings=settings, address=invited.account.email, locale=invited.account.locale,
        subject=N_("You work in the office of “%(contest)s”"),
        text=N_(
            "Hello %(name)s,\n\nyou have been given a role in the office of “%(contest)s”. Begin here:\n\n%(link)s\n\n"
            "The link holds for fourteen days and once. If you have signed in before, sign in as ever.\n"
        ),
        params={"name": invited.account.name, "contest": contest.title}, secrets={"link": invited.link}, now=now,
    )  # fmt: skip
    return invited


def take_role(session: Session, *, contest: Contest, actor: Actor, role_id: str, now: datetime) -> None:
    """Take a role back. Raises NotAllowed, NotFound, and Conflict when nobody would be left to run the contest."""
    _must_manage(actor)
    row = session.scalar(select(ContestRole).where(ContestRole.id == role_id, ContestRole.contest_id == contest.id))
    if row is None:
        raise NotFound(N_("There is nothing here."))
    if row.role == Role.ORGANISER.value and _organisers(session, contest) == 1:
        raise Conflict(N_("A contest needs an organiser: name another one first."))
    session.delete(row)
    session.flush()
    _record(session, "role-taken", contest=contest, row=row, actor=actor, now=now)


def _organisers(session: Session, contest: Contest) -> int:
    of_contest = select(ContestRole.account_id).where(
        ContestRole.contest_id == contest.id, ContestRole.role == Role.ORGANISER.value
    )
    of_organisation = select(OrganisationRole.account_id).where(
        OrganisationRole.organisation_id == contest.organisation_id, OrganisationRole.role == Role.ORGANISER.value
    )
    everybody = of_contest.union_all(of_organisation).subquery()
    return session.scalar(select(func.count()).select_from(everybody)) or 0


def _must_manage(actor: Actor) -> None:
    if not can_manage_people(actor):
        raise NotAllowed(N_("Only the organiser names judges and staff."))


def _record(session: Session, action: str, *, contest: Contest, row: ContestRole, actor: Actor, now: datetime) -> None:
    record_event(
        session, action=action, subject="account", subject_id=row.account_id, contest_id=contest.id,
        actor_id=actor.account_id, now=now, details={"role": row.role},
    )  # fmt: skip
