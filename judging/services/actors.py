"""Who a signed-in person is in a contest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from judging.db.models import Account, Contest, ContestRole, Entry, Judge, OrganisationRole, PanelSeat
from judging.domain.permissions import Actor, Role

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OFFICE = (Role.ORGANISER, Role.SECRETARY, Role.COMMITTEE, Role.AUDITOR)


def actor_in_contest(
    session: Session,
    *,
    account: Account,
    contest: Contest | None,
    entry: Entry | None = None,
    judge_id: str | None = None,
) -> Actor:
    """The person's rights in `contest`; narrowed to `entry` or to the assignment of `judge_id` when these are named.

    With an entry, only its own people are contestants. With a `judge_id`, only that judge is a judge: another judge of
    the same contest has no business with the sheet.
    """
    roles: set[Role] = {Role.ADMINISTRATOR} if account.is_administrator else set()
    if contest is None:
        return Actor(account_id=account.id, roles=frozenset(roles))
    roles.update(_office_roles(session, account=account, contest=contest))
    judge = session.scalar(
        select(Judge).where(Judge.contest_id == contest.id, Judge.account_id == account.id, Judge.is_active)
    )
    if judge is not None and judge_id in (None, judge.id):
        roles.add(Role.JUDGE)
        chairs = session.scalar(select(PanelSeat.id).where(PanelSeat.judge_id == judge.id, PanelSeat.is_chair).limit(1))
        if chairs is not None:
            roles.add(Role.CHAIR)
    if _is_contestant(session, account=account, contest=contest, entry=entry):
        roles.add(Role.CONTESTANT)
    return Actor(account_id=account.id, roles=frozenset(roles))


def _office_roles(session: Session, *, account: Account, contest: Contest) -> set[Role]:
    of_contest = select(ContestRole.role).where(
        ContestRole.contest_id == contest.id, ContestRole.account_id == account.id
    )
    of_organisation = select(OrganisationRole.role).where(
        OrganisationRole.organisation_id == contest.organisation_id, OrganisationRole.account_id == account.id
    )
    return {Role(role) for role in session.scalars(of_contest.union(of_organisation))}


def _is_contestant(session: Session, *, account: Account, contest: Contest, entry: Entry | None) -> bool:
    if entry is not None:
        return entry.owner_id == account.id
    mine = select(Entry.id).where(Entry.contest_id == contest.id, Entry.owner_id == account.id).limit(1)
    return session.scalar(mine) is not None


def organisations_run_by(session: Session, *, account: Account) -> frozenset[str]:
    """The organisations in which the person is an organiser and may open contests."""
    held = select(OrganisationRole.organisation_id).where(
        OrganisationRole.account_id == account.id, OrganisationRole.role == Role.ORGANISER
    )
    return frozenset(session.scalars(held))


def contests_of(session: Session, *, account: Account, roles: frozenset[Role]) -> list[Contest]:
    """The contests in which the person holds one of the office `roles`, the newest first."""
    names = [role.value for role in roles]
    by_contest = select(ContestRole.contest_id).where(ContestRole.account_id == account.id, ContestRole.role.in_(names))
    by_organisation = select(OrganisationRole.organisation_id).where(
        OrganisationRole.account_id == account.id, OrganisationRole.role.in_(names)
    )
    query = select(Contest).order_by(Contest.year.desc(), Contest.created_at.desc(), Contest.id)
    if not account.is_administrator:
        query = query.where(or_(Contest.id.in_(by_contest), Contest.organisation_id.in_(by_organisation)))
    return list(session.scalars(query))


def desks_of(session: Session, *, account: Account) -> frozenset[str]:
    """Which desks a person has: `judge` for whoever judges, `office` for whoever runs or oversees a contest."""
    judges = select(Judge.id).where(Judge.account_id == account.id, Judge.is_active).exists()
    office = or_(
        select(ContestRole.id).where(ContestRole.account_id == account.id).exists(),
        select(OrganisationRole.id).where(OrganisationRole.account_id == account.id).exists(),
    )
    row = session.execute(select(judges.label("judge"), office.label("office"))).one()
    found = {
        name for name, holds in (("judge", row.judge), ("office", row.office or account.is_administrator)) if holds
    }
    return frozenset(found)
