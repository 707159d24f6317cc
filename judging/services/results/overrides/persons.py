"""Who may be the second person of a decision over a sheet, and who is too near to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, union

from judging.db.models import Account, ContestRole, EntryMember, Judge, OrganisationRole
from judging.domain.permissions import Relation, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from judging.db.models import Contest, Entry
    from judging.domain.permissions import Actor

_SECOND = (Role.ORGANISER.value, Role.COMMITTEE.value)


def relation_of(session: Session, *, actor: Actor, entry: Entry) -> Relation:
    """How near the actor is to the entry: `assigned` is judging, or having judged, anything in its contest.

    An author is whoever handed the entry in or is named among its people by the address of their account.
    """
    if actor.account_id is None:
        return Relation()
    judges = select(Judge.id).where(Judge.contest_id == entry.contest_id, Judge.account_id == actor.account_id)
    authors = select(Account.id).where(Account.id == actor.account_id, _is_author(entry))
    row = session.execute(select(judges.exists(), authors.exists())).one()
    return Relation(assigned=row[0], author=row[1])


def second_persons(session: Session, *, contest: Contest, entry: Entry, proposed_by: str) -> Sequence[Account]:
    """Who may decide over a proposal: organisers and committee, who read the marks of sheets anyway."""
    offices = union(
        select(ContestRole.account_id).where(ContestRole.contest_id == contest.id, ContestRole.role.in_(_SECOND)),
        select(OrganisationRole.account_id).where(
            OrganisationRole.organisation_id == contest.organisation_id, OrganisationRole.role.in_(_SECOND)
        ),
    )
    judges = select(Judge.account_id).where(Judge.contest_id == contest.id)
    free = (
        select(Account)
        .where(
            Account.id != proposed_by, Account.disabled_at.is_(None), Account.id.not_in(judges), ~_is_author(entry),
        )
        .order_by(Account.id)
    )  # fmt: skip
    return session.scalars(free.where(Account.id.in_(select(offices.subquery().c.account_id)))).all()


def _is_author(entry: Entry) -> ColumnElement[bool]:
    named = select(func.lower(EntryMember.email)).where(EntryMember.entry_id == entry.id, EntryMember.email != "")
    return or_(Account.id == entry.owner_id, func.lower(Account.email).in_(named))
