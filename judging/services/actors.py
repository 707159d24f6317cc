"""Who a signed-in person is in a contest."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, CompoundSelect, bindparam, case, literal, or_, select, union_all

from judging.db.models import Account, Contest, ContestRole, Entry, Judge, OrganisationRole, PanelSeat, PeopleLink
from judging.domain.permissions import Actor, Role
from judging.services.entries.people.roles import ACCEPTED

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
    asked = _rights(one_judge=judge_id is not None, any_entry=entry is None)
    named = {
        "account": account.id, "contest": contest.id, "organisation": contest.organisation_id, "judge": judge_id,
        "entry": entry.id if entry is not None else None,
    }  # fmt: skip
    roles.update(Role(role) for role in session.scalars(asked, named))
    if Role.CHAIR in roles:
        roles.add(Role.JUDGE)
    if entry is not None and entry.owner_id == account.id:
        roles.add(Role.CONTESTANT)
    return Actor(account_id=account.id, roles=frozenset(roles))


@cache
def _rights(*, one_judge: bool, any_entry: bool) -> CompoundSelect[str]:
    """One statement for all roles of an account in a contest; made once, since every page of a contest asks it."""
    account: BindParameter[str] = bindparam("account")
    contest: BindParameter[str] = bindparam("contest")
    chairs = select(PanelSeat.id).where(PanelSeat.judge_id == Judge.id, PanelSeat.is_chair).exists()
    judge = select(case((chairs, Role.CHAIR.value), else_=Role.JUDGE.value)).where(
        Judge.contest_id == contest, Judge.account_id == account, Judge.is_active
    )
    entries = select(Entry.id).where(Entry.contest_id == contest, Entry.owner_id == account).exists()
    parts = [
        select(ContestRole.role).where(ContestRole.contest_id == contest, ContestRole.account_id == account),
        select(OrganisationRole.role).where(
            OrganisationRole.organisation_id == bindparam("organisation"), OrganisationRole.account_id == account
        ),
        judge.where(Judge.id == bindparam("judge")) if one_judge else judge,
    ]
    if any_entry:
        parts.append(select(literal(Role.CONTESTANT.value)).where(entries))
    else:
        # Whoever said that they are an author, or a child's guardian, and tied that to their account.
        linked = select(PeopleLink.role).where(
            PeopleLink.entry_id == bindparam("entry"), PeopleLink.account_id == account,
            PeopleLink.answer == ACCEPTED, PeopleLink.role.in_((Role.COAUTHOR.value, Role.GUARDIAN.value)),
        )  # fmt: skip
        parts.append(linked)
    return union_all(*parts)


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
